#include "agents/cli/key.h"

#include <stdio.h>
#include <string.h>

#include "agents/cli/talk.h"
#include "schema/wire/identity.h"

KEY_OPTIONS(RECORD_TABLE)

static int
complain(const char *path, const struct fault *fault)
{
    return talk_complain(fault->code == FAULT_NOT_FOUND ? EXIT_REFUSED : EXIT_USAGE, "%s: %s%s%s",
                         path, fault->field, *fault->field ? ": " : "", fault->reason);
}

/* Where the broker is, if that is known already. */
static int
take_broker(struct identity *key, struct text from)
{
    struct identity other;
    struct fault fault;
    char path[4096];

    (void)snprintf(path, sizeof path, "%.*s", (int)from.len, from.at);
    if (!identity_load(&other, path, HAS_SERVER | HAS_ADDRESS, &fault))
        return complain(path, &fault);
    key->has |= HAS_SERVER | HAS_ADDRESS;
    memcpy(key->server, other.server, CURVE_KEY);
    memcpy(key->address, other.address, sizeof key->address);
    key->address_count = other.address_count;
    identity_wipe(&other);
    return EXIT_DONE;
}

static void
print_public(const struct identity *key)
{
    char text[CURVE_TEXT + 1];

    curve_print(key->public, text);
    printf("%s\n", text);
}

int
key_new(const struct invocation *in, struct arena *arena)
{
    struct identity key = {.has = HAS_PUBLIC | HAS_SECRET};
    struct key_new_option o;
    struct fault fault;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE)
        return rc;
    if (curve_generate(key.public, key.secret))
        return talk_complain(EXIT_MACHINE, "no key could be made: libzmq has no CURVE");
    if (o.has.client) {
        key.has |= HAS_CLIENT;
        (void)snprintf(key.client, sizeof key.client, "%.*s", (int)o.client.len, o.client.at);
    }
    if (!o.has.broker || (rc = take_broker(&key, o.broker)) == EXIT_DONE) {
        if (!identity_save(&key, in->words.at[0], &fault))
            rc = complain(in->words.at[0], &fault);
        else
            print_public(&key);
    }
    identity_wipe(&key);
    return rc;
}

int
key_show(const struct invocation *in, struct arena *arena)
{
    struct identity key;
    struct fault fault;

    (void)arena;
    if (!identity_load(&key, in->words.at[0], HAS_PUBLIC, &fault))
        return complain(in->words.at[0], &fault);
    print_public(&key);
    identity_wipe(&key);
    return EXIT_DONE;
}
