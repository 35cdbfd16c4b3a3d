#include "broker/commands/host_key.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "broker/board.h"
#include "broker/commands/own.h"
#include "schema/guard.h"
#include "schema/ids.h"
#include "store/environment.h"
#include "store/lock.h"

static const char beginning[] = "made on the broker's host: ";
enum { REASON = HOST_KEY_REASON + sizeof beginning };

/* A slip in the name must not make an agency's system the board's operator. */
static int
check_client(struct own *own, const struct host_key *asked, struct why *why)
{
    struct client_row row;
    int rc = state_get_client(own->state, own->arena, asked->client, &row);

    if (rc == 1 && row.has.role && row.role != asked->role)
        return why_set(why, -EINVAL,
                       "%.*s is there with the role %s, and keeps it: name "
                       "another by --id",
                       (int)asked->client.len, asked->client.at, word_text(&roles, (int)row.role));
    return rc < 0 ? why_set(why, rc, "the board's clients can't be read") : 0;
}

/* As of all that is written into the journal. */
static int
check_reason(const struct host_key *asked, struct why *why)
{
    const struct guard guard = {NULL, 0};
    struct guard_find find;
    struct fault fault;

    if (guard_check_text(&guard, asked->reason.at, asked->reason.len, &find))
        return 0;
    (void)guard_refuse(&fault, "reason", &find);
    return why_set(why, -EINVAL, "--reason: %s", fault.reason);
}

static int
say_key(struct own *own, const struct host_key *asked, const uint8_t public[CURVE_KEY],
        struct why *why)
{
    char *reason = arena_take(own->arena, REASON);
    union body body = {
        .client = {.id = asked->client, .role = asked->role, .key = {public, CURVE_KEY}}};
    struct board_row board;

    (void)snprintf(reason, REASON, "%s%.*s", beginning, (int)asked->reason.len, asked->reason.at);
    body.client.reason = text_of(reason);
    body.client.seen = own->number;
    body.client.has.revoked = 1; /* false: one that was revoked comes back */
    body.client.has.id = body.client.has.role = body.client.has.key = body.client.has.reason = 1;
    body.client.has.seen = body.client.has.epoch = 1;
    if (state_get_board(own->state, own->arena, &board) == 1)
        body.client.epoch = board.epoch;
    return own_say(own, KIND_CLIENT, &body, why);
}

/* The file comes first: a key that the board knows is in somebody's hands. */
static int
write_key(struct own *own, const char *dir, const char *path, const struct host_key *asked,
          const struct board_keys *keys, bool *found, struct why *why)
{
    const char *client = text_string(own->arena, asked->client);
    uint8_t public[CURVE_KEY];
    uint8_t secret[CURVE_KEY];
    struct fault fault;
    int rc;

    if (curve_generate(public, secret))
        return why_set(why, -EIO, "libzmq makes no CURVE key");
    if ((rc = say_key(own, asked, public, why)) == 0
        && !board_write_client(dir, path, client, public, secret, keys, found, &fault))
        rc = why_set(why, access(path, F_OK) ? -EIO : -EEXIST, "%s: %s", path, fault.reason);
    explicit_bzero(secret, sizeof secret);
    return rc;
}

static int
make_key(const char *dir, const char *path, const struct host_key *asked,
         const struct board_keys *keys, struct journal *journal, bool *found, struct why *why)
{
    struct own own;
    int rc = own_resume(&own, journal, why);

    if (!rc && !(rc = check_client(&own, asked, why))
        && !(rc = write_key(&own, dir, path, asked, keys, found, why))
        && (rc = own_write(&own, journal, why)))
        (void)unlink(path); /* no board knows that key */
    if (!rc && own.doubted)
        printf("The host's clock is more than a week off the newest entry: it is not believed, "
               "and the broker\nwill take nothing until an operator has said what day it is "
               "(maat board confirm-clock).\n");
    own_end(&own);
    return rc;
}

int
host_key_make(const char *dir, const char *path, const struct host_key *asked, bool *found,
              struct why *why)
{
    struct board_keys keys;
    struct journal *journal;
    int lock = -1;
    int rc = check_reason(asked, why);

    if (rc || (rc = board_keys_load(dir, &keys, why)))
        return rc;
    rc = lock = lock_take(dir, why);
    if (lock >= 0 && !(rc = board_open_journal(dir, &keys, ENVIRONMENT_MAP, &journal, why))) {
        rc = make_key(dir, path, asked, &keys, journal, found, why);
        journal_close(&journal);
    }
    board_keys_wipe(&keys);
    lock_release(&lock);
    return rc;
}
