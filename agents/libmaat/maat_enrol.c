/* Enrolling: what an agency and its board say to each other (schema/wire/enrolment.h). */
#include <stdio.h>
#include <string.h>

#include "agents/libmaat/maat_inside.h"
#include "schema/wire/enrolment.h"

_Static_assert((int)MAAT_LINE == (int)ENROLMENT_LINE && (int)MAAT_PHRASE == (int)CHECK_PHRASE,
               "room for either");

struct maat_key *
maat_key_of(const char *client, const uint8_t key[MAAT_KEY_SIZE])
{
    struct maat_key *of = inside_new_key();

    of->identity.has = HAS_CLIENT | HAS_PUBLIC;
    (void)snprintf(of->identity.client, sizeof of->identity.client, "%s", client);
    memcpy(of->identity.public, key, MAAT_KEY_SIZE);
    return of;
}

void
maat_key_request(const struct maat_key *key, char line[MAAT_LINE], char phrase[MAAT_PHRASE])
{
    enrolment_print_request(&key->identity, line);
    enrolment_request_phrase(&key->identity, phrase);
}

struct maat_key *
maat_key_from_request(const char *line, struct maat_fault *why)
{
    struct maat_key *key = inside_new_key();
    struct fault fault;

    if (!enrolment_read_request(&key->identity, line, &fault)) {
        inside_tell(why, &fault);
        maat_key_free(&key);
    }
    return key;
}

bool
maat_key_knows_board(const struct maat_key *key)
{
    return key->identity.has & HAS_SERVER;
}

bool
maat_key_board(const struct maat_key *key, char line[MAAT_LINE], char phrase[MAAT_PHRASE],
               struct maat_fault *why)
{
    struct fault fault;

    const unsigned needs = HAS_SERVER | HAS_ADDRESS;

    if ((key->identity.has & needs) != needs) {
        inside_say(why, "missing-field", "does not say where the broker is, and with which key");
        return false;
    }
    if (!enrolment_print_board(&key->identity, line, &fault)) {
        inside_tell(why, &fault);
        return false;
    }
    enrolment_board_phrase(&key->identity, phrase);
    return true;
}

bool
maat_key_take_board(struct maat_key *key, const char *line, struct maat_fault *why)
{
    struct fault fault;

    if (enrolment_read_board(&key->identity, line, &fault))
        return true;
    inside_tell(why, &fault);
    return false;
}

bool
maat_key_set_addresses(struct maat_key *key, const char *const *list, struct maat_fault *why)
{
    return inside_take_addresses(&key->identity, list, why);
}

unsigned
maat_phrase_differs(const char *phrase, const char *typed)
{
    return check_phrase_differs(phrase, typed);
}
