#include "broker/init.h"

#include <czmq.h>
#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>

#include "broker/board.h"
#include "schema/codec.h"
#include "schema/days.h"
#include "schema/entry.h"
#include "schema/fold.h"
#include "schema/judge.h"
#include "store/journal.h"
#include "store/state_memory.h"

enum { FIRST_ENTRIES = 4, ENTRY_CAP = 4096 };

struct founding {
    struct state *state;
    struct arena *arena;
    int64_t time;
    uint8_t outbox[OUTBOX_SIZE]; /* the broker's own, for ever */
    struct journal_bytes entries[FIRST_ENTRIES];
    size_t count;
};

static int64_t
now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* The broker says it: judged and folded as everything is. */
static int
say(struct founding *f, enum submission_kind kind, const union body *body, struct why *why)
{
    const struct author broker = {.client = text_of("broker"), .broker = true};
    uint8_t *nonce = arena_take(f->arena, NONCE_SIZE);
    uint8_t *bytes = arena_take(f->arena, ENTRY_CAP);
    uint8_t *stored = arena_take(f->arena, ENTRY_CAP);
    struct findings found;
    struct entry entry;
    struct fault fault;
    int rc;

    if (getrandom(nonce, NONCE_SIZE, 0) != NONCE_SIZE)
        return why_set(why, -EIO, "the system gives no random bytes");
    struct entry_origin from = {.number = (int64_t)f->count + 1,
                                .time = f->time,
                                .day = day_in_london(f->time),
                                .client = broker.client,
                                .outbox = {f->outbox, OUTBOX_SIZE},
                                .n = (int64_t)f->count + 1,
                                .kind = kind,
                                .nonce = {nonce, NONCE_SIZE}};
    from.body.len = (uint32_t)record_encode(body_records[kind], body, bytes, ENTRY_CAP);
    from.body.at = bytes;
    rc = judge(f->state, f->arena, &broker, kind, body, from.day, &found, &fault);
    if (rc != 1)
        return why_set(why, -EINVAL, "the board can't be founded: %s %s", fault.field,
                       fault.reason);
    entry_accepted(&entry, &from, &found);
    if ((rc = fold(f->state, f->arena, &entry, body)))
        return why_set(why, rc, "the board can't be founded: the fold fails");
    f->entries[f->count].len = record_encode(&entry_record, &entry, stored, ENTRY_CAP);
    f->entries[f->count++].bytes = stored;
    return 0;
}

static int
found_board(struct founding *f, const struct board_keys *keys, const char *title, struct why *why)
{
    uint8_t key[CHECKPOINT_KEY];
    union body body = {
        .board = {.what = BOARD_FOUND, .name = text_of(keys->name), .title = text_of(title)}};

    if (checkpoint_public_key(keys->signing, key))
        return why_set(why, -EIO, "libcrypto makes no Ed25519 key");
    body.board.key = (struct bytes){key, sizeof key};
    body.board.has.what = body.board.has.name = body.board.has.title = body.board.has.key = 1;
    return say(f, KIND_BOARD, &body, why);
}

/* The partnership itself: its staff are clients of it. */
static int
add_partnership(struct founding *f, const char *title, struct why *why)
{
    union body body = {
        .agency = {.id = text_of("board"), .name = text_of(title), .sector = SECTOR_PARTNERSHIP}};

    body.agency.has.id = body.agency.has.name = body.agency.has.sector = 1;
    body.agency.has.seen = body.agency.has.epoch = 1;
    return say(f, KIND_AGENCY, &body, why);
}

static int
add_client(struct founding *f, const char *dir, const char *file, const char *id, enum role role,
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
    bool ok = board_write_client(path, id, public, secret, keys, &fault);
    explicit_bzero(secret, sizeof secret);
    if (!ok)
        return why_set(why, -EIO, "%s can't be written: %s", path, fault.reason);
    body.client.has.id = body.client.has.role = body.client.has.key = 1;
    body.client.has.seen = body.client.has.epoch = 1;
    return say(f, KIND_CLIENT, &body, why);
}

static int
write_journal(struct founding *f, const char *dir, const struct board_keys *keys, struct why *why)
{
    const struct journal_owner owner = {keys->name, NULL};
    struct journal *journal;
    uint64_t generation;
    char path[BOARD_PATH];
    int rc;

    board_path(dir, "journal", path);
    if ((rc = journal_create_lmdb(path, &owner, f->time, why))
        || (rc = journal_open_lmdb(&journal, path, &owner, (size_t)1 << 30, why)))
        return rc;
    if (!(rc = journal_begin_generation(journal, &generation)))
        rc = journal_append(journal, 1, generation, f->entries, f->count);
    journal_close(&journal);
    return rc ? why_set(why, rc, "%s can't be written: %s", path, journal_error_text(rc)) : 0;
}

int
broker_init(const char *dir, const char *title, struct why *why)
{
    struct founding f = {.time = now()};
    struct board_keys keys;
    int rc;

    if (mkdir(dir, 0700) && errno != EEXIST)
        return why_set(why, -errno, "%s can't be made: %s", dir, strerror(errno));
    if ((rc = board_keys_create(dir, title, &keys, why)))
        return rc;
    f.state = state_memory_open();
    f.arena = arena_new();
    if (getrandom(f.outbox, sizeof f.outbox, 0) != sizeof f.outbox)
        rc = why_set(why, -EIO, "the system gives no random bytes");
    if (!rc && !(rc = found_board(&f, &keys, title, why)) && !(rc = add_partnership(&f, title, why))
        && !(rc = add_client(&f, dir, "operator.zpl", "board/operator", ROLE_OPERATOR, &keys, why))
        && !(rc = add_client(&f, dir, "lead.zpl", "board/lead", ROLE_LEAD, &keys, why)))
        rc = write_journal(&f, dir, &keys, why);
    state_memory_close(&f.state);
    arena_destroy(&f.arena);
    board_keys_wipe(&keys);
    return rc;
}
