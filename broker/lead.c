#include "broker/lead.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "broker/board.h"
#include "broker/own.h"
#include "schema/ids.h"
#include "store/environment.h"
#include "store/lock.h"

static int
say_key(struct own *own, struct text id, const uint8_t public[CURVE_KEY], struct why *why)
{
    union body body = {
        .client = {.id = id,
                   .role = ROLE_LEAD,
                   .key = {public, CURVE_KEY},
                   .reason = text_of("a new key for a lead, made on the broker's host")}};

    body.client.seen = own->number;
    body.client.has.revoked = 1; /* false: one that was revoked comes back */
    body.client.has.id = body.client.has.role = body.client.has.key = body.client.has.reason = 1;
    body.client.has.seen = body.client.has.epoch = 1;
    struct board_row board;
    if (state_get_board(own->state, own->arena, &board) == 1)
        body.client.epoch = board.epoch;
    return own_say(own, KIND_CLIENT, &body, why);
}

static int
make_lead(const char *dir, const char *path, struct text id, const struct board_keys *keys,
          struct journal *journal, struct why *why)
{
    uint8_t public[CURVE_KEY];
    uint8_t secret[CURVE_KEY];
    char client[PATH_MAX_LEN + 1];
    struct fault fault;
    struct own own;
    int rc = own_resume(&own, journal, why);

    (void)snprintf(client, sizeof client, "%.*s", (int)id.len, id.at);
    if (!rc && curve_generate(public, secret))
        rc = why_set(why, -EIO, "libzmq makes no CURVE key");
    if (!rc)
        rc = say_key(&own, id, public, why);
    if (!rc && !board_write_client(dir, path, client, public, secret, keys, &fault))
        rc = why_set(why, access(path, F_OK) ? -EIO : -EEXIST, "%s can't be written: %s", path,
                     fault.reason);
    else if (!rc && (rc = own_write(&own, journal, why)))
        (void)unlink(path); /* no board knows that key */
    explicit_bzero(secret, sizeof secret);
    own_end(&own);
    return rc;
}

int
broker_lead(const char *dir, const char *path, struct text id, struct why *why)
{
    struct board_keys keys;
    struct journal *journal;
    int lock = -1;
    int rc = board_keys_load(dir, &keys, why);

    if (rc)
        return rc;
    rc = lock = lock_take(dir, why);
    if (lock >= 0 && !(rc = board_open_journal(dir, &keys, ENVIRONMENT_MAP, &journal, why))) {
        rc = make_lead(dir, path, id, &keys, journal, why);
        journal_close(&journal);
    }
    board_keys_wipe(&keys);
    lock_release(&lock);
    return rc;
}
