#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <czmq.h>

#include "agents/libmaat/maat_inside.h"
#include "schema/must.h"

_Static_assert((int)MAAT_KEY_SIZE == (int)CURVE_KEY && (int)MAAT_KEY_TEXT == (int)CURVE_TEXT,
               "one size of keys");

/* Also where a key is the first thing that needs ZeroMQ: its signal handlers are not for
   a library to set. */
struct maat_key *
inside_new_key(void)
{
    struct maat_key *key = must(calloc(1, sizeof *key));

    zsys_handler_set(NULL);
    return key;
}

static unsigned
parts_of(int must_say)
{
    return (must_say & MAAT_KEY_PUBLIC ? HAS_PUBLIC : 0)
           | (must_say & MAAT_KEY_BROKER ? HAS_SERVER | HAS_ADDRESS : 0)
           | (must_say & MAAT_KEY_PAIR ? HAS_PUBLIC | HAS_SECRET | HAS_SERVER : 0)
           | (must_say & MAAT_KEY_ALL ? HAS_ALL : 0)
           | (must_say & MAAT_KEY_OWN ? HAS_PUBLIC | HAS_SECRET : 0);
}

struct maat_key *
maat_key_load(const char *path, int must_say, struct maat_fault *why)
{
    struct maat_key *key = inside_new_key();
    struct fault fault;

    if (!identity_load(&key->identity, path, parts_of(must_say), &fault)) {
        inside_tell(why, &fault);
        maat_key_free(&key);
    }
    return key;
}

static void
take_board(struct identity *key, const struct identity *board)
{
    key->has |= board->has & (HAS_SERVER | HAS_SIGNING | HAS_ADDRESS);
    memcpy(key->server, board->server, CURVE_KEY);
    memcpy(key->signing, board->signing, CURVE_KEY);
    memcpy(key->address, board->address, sizeof key->address);
    key->address_count = board->address_count;
}

struct maat_key *
maat_key_new(const char *client, const struct maat_key *board, struct maat_fault *why)
{
    struct maat_key *key = inside_new_key();

    if (curve_generate(key->identity.public, key->identity.secret)) {
        inside_say(why, "", "no key could be made: libzmq has no CURVE");
        maat_key_free(&key);
        return NULL;
    }
    key->identity.has = HAS_PUBLIC | HAS_SECRET;
    if (client && *client) {
        key->identity.has |= HAS_CLIENT;
        (void)snprintf(key->identity.client, sizeof key->identity.client, "%s", client);
    }
    if (board)
        take_board(&key->identity, &board->identity);
    return key;
}

bool
maat_key_save(const struct maat_key *key, const char *path, struct maat_fault *why)
{
    struct fault fault;

    if (identity_save(&key->identity, path, &fault))
        return true;
    inside_tell(why, &fault);
    return false;
}

bool
maat_key_replace(const struct maat_key *key, const char *path, struct maat_fault *why)
{
    struct fault fault;

    if (identity_replace(&key->identity, path, &fault))
        return true;
    inside_tell(why, &fault);
    return false;
}

void
maat_key_free(struct maat_key **key)
{
    if (*key) {
        identity_wipe(&(*key)->identity);
        free(*key);
    }
    *key = NULL;
}

const char *
maat_key_client(const struct maat_key *key)
{
    return key->identity.client;
}

const uint8_t *
maat_key_public(const struct maat_key *key)
{
    return key->identity.public;
}

const char *
maat_key_address(const struct maat_key *key, size_t i)
{
    return i < key->identity.address_count ? key->identity.address[i] : NULL;
}

void
maat_key_print(const uint8_t key[MAAT_KEY_SIZE], char text[MAAT_KEY_TEXT + 1])
{
    curve_print(key, text);
}

bool
maat_key_parse(const char *text, uint8_t key[MAAT_KEY_SIZE])
{
    return curve_parse(text, key);
}
