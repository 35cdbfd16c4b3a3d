#include "broker/commands/init.h"

#include <czmq.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "broker/board.h"
#include "broker/commands/own.h"
#include "store/environment.h"
#include "store/journal.h"

static int
found_board(struct own *f, const struct board_keys *keys, const char *title, struct why *why)
{
    union body body = {
        .board = {.what = BOARD_FOUND, .name = text_of(keys->name), .title = text_of(title)}};

    body.board.key = (struct bytes){keys->signed_by, sizeof keys->signed_by};
    body.board.has.what = body.board.has.name = body.board.has.title = body.board.has.key = 1;
    return own_say(f, KIND_BOARD, &body, why);
}

/* The partnership itself: its staff are clients of it. */
static int
add_partnership(struct own *f, const char *title, struct why *why)
{
    union body body = {
        .agency = {.id = text_of("board"), .name = text_of(title), .sector = SECTOR_PARTNERSHIP}};

    body.agency.has.id = body.agency.has.name = body.agency.has.sector = 1;
    body.agency.has.seen = body.agency.has.epoch = 1;
    return own_say(f, KIND_AGENCY, &body, why);
}

static int
add_client(struct own *f, const char *dir, const char *file, const char *id, enum role role,
           const struct board_keys *keys, struct why *why)
{
    uint8_t *public = arena_take(f->arena, CURVE_KEY);
    uint8_t secret[CURVE_KEY];
    char path[BOARD_PATH];
    struct fault fault;
    union body body = {.client = {.id = text_of(id), .role = role, .key = {public, CURVE_KEY}}};

    if (curve_generate(public, secret))
        return why_set(why, -EIO, "libzmq makes no CURVE key");
    board_path(dir, file, path);
    bool found;
    bool ok = board_write_client(dir, path, id, public, secret, keys, &found, &fault);
    explicit_bzero(secret, sizeof secret);
    if (!ok)
        return why_set(why, -EIO, "%s can't be written: %s", path, fault.reason);
    body.client.has.id = body.client.has.role = body.client.has.key = 1;
    body.client.has.seen = body.client.has.epoch = 1;
    return own_say(f, KIND_CLIENT, &body, why);
}

static int
write_journal(struct own *f, const char *dir, const struct board_keys *keys, struct why *why)
{
    const struct journal_owner owner = {keys->name, keys->signed_by};
    struct journal *journal;
    char path[BOARD_PATH];
    int rc;

    board_path(dir, "journal", path);
    if ((rc = journal_create_lmdb(path, &owner, f->time, why))
        || (rc = board_open_journal(dir, keys, GIB, &journal, why)))
        return rc;
    rc = own_write(f, journal, why);
    journal_close(&journal);
    return rc;
}

int
broker_init(const char *dir, const char *name, const char *title, struct why *why)
{
    struct board_keys keys;
    struct own f;
    int rc;

    if ((rc = board_make_directory(dir, why)) || (rc = board_keys_create(dir, name, &keys, why)))
        return rc;
    rc = own_begin(&f, why);
    if (!rc && !(rc = found_board(&f, &keys, title, why)) && !(rc = add_partnership(&f, title, why))
        && !(rc = add_client(&f, dir, "operator.zpl", "board/operator", ROLE_OPERATOR, &keys, why))
        && !(rc = add_client(&f, dir, "lead.zpl", "board/lead", ROLE_LEAD, &keys, why)))
        rc = write_journal(&f, dir, &keys, why);
    own_end(&f);
    board_keys_wipe(&keys);
    return rc;
}
