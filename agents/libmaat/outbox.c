#include "agents/libmaat/outbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/codec.h"
#include "schema/days.h"

#define TEXT_OF(symbol, text, doc) [symbol] = (text),
#define DOC_OF(symbol, text, doc) [symbol] = (doc),
static const char *const kept_state_text[] = {KEPT_STATES(TEXT_OF)};
static const char *const kept_state_doc[] = {KEPT_STATES(DOC_OF)};
const struct vocabulary kept_states = {"queue state", kept_state_text, kept_state_doc,
                                       KEPT_STATE_COUNT};

KEPT_RECORDS(RECORD_TABLE)

enum { KEPT_CAP = BODY_MAX + 4096, ROW_CAP = 256 };

/* kept: outbox (16) n (8, big-endian) -> kept. outboxes: outbox -> outbox_row.
   notes: source -> place (8, big-endian). meta: "current" -> outbox, "head" ->
   seen_head. */
struct outboxes {
    MDB_env *env;
    MDB_dbi kept, outboxes, notes, meta;
    int lock; /* held, or 0 */
    struct arena *arena;
    uint8_t buf[KEPT_CAP];
};

/* --- small things -------------------------------------------------------------- */

static int
error_of(int rc)
{
    return rc > 0 ? -rc : rc;
}

const char *
outbox_error_text(int error)
{
    return mdb_strerror(error > -30000 ? -error : error);
}

/* LMDB takes keys and values through pointers to non-const, but does not write
   through them. */
static MDB_val
val_of(const void *data, size_t len)
{
    union {
        const void *in;
        void *out;
    } u = {data};
    return (MDB_val){len, u.out};
}

static void
put_number(uint8_t at[8], int64_t v)
{
    for (int i = 0; i < 8; i++)
        at[i] = (uint8_t)((uint64_t)v >> (56 - 8 * i));
}

static int64_t
get_number(const uint8_t *at)
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++)
        v = v << 8 | at[i];
    return (int64_t)v;
}

struct kept_key {
    uint8_t at[OUTBOX_SIZE + 8];
};

static struct kept_key
kept_key(const struct outbox_id *id, int64_t n)
{
    struct kept_key key;
    memcpy(key.at, id->at, OUTBOX_SIZE);
    put_number(key.at + OUTBOX_SIZE, n);
    return key;
}

/* --- opening -------------------------------------------------------------------- */

static int
open_tables(struct outboxes *o)
{
    MDB_txn *txn;
    int rc = mdb_txn_begin(o->env, NULL, 0, &txn);

    if (rc)
        return rc;
    if ((rc = mdb_dbi_open(txn, "kept", MDB_CREATE, &o->kept))
        || (rc = mdb_dbi_open(txn, "outboxes", MDB_CREATE, &o->outboxes))
        || (rc = mdb_dbi_open(txn, "notes", MDB_CREATE, &o->notes))
        || (rc = mdb_dbi_open(txn, "meta", MDB_CREATE, &o->meta))) {
        mdb_txn_abort(txn);
        return rc;
    }
    return mdb_txn_commit(txn);
}

/* The folder's own entry must be durable too. */
static int
sync_folder(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc = fd < 0 || fsync(fd) ? errno : 0;
    if (fd >= 0)
        close(fd);
    return rc;
}

int
outboxes_open(struct outboxes **out, const char *dir, size_t map_bytes, char why[OUTBOX_WHY])
{
    struct outboxes *o = calloc(1, sizeof *o);
    int rc = o ? 0 : ENOMEM;

    *out = o;
    if (!rc && mkdir(dir, 0700) && errno != EEXIST)
        rc = errno;
    if (!rc && !(rc = mdb_env_create(&o->env)) && !(rc = mdb_env_set_mapsize(o->env, map_bytes))
        && !(rc = mdb_env_set_maxdbs(o->env, 4)) && !(rc = mdb_env_open(o->env, dir, 0, 0600))
        && !(rc = open_tables(o)))
        rc = sync_folder(dir);
    if (rc) {
        (void)snprintf(
            why, OUTBOX_WHY,
            "the outbox in %s can't be opened: %s. If the folder was damaged, move it aside: "
            "what was acknowledged is safe at the broker, what was not must be sent again.",
            dir, mdb_strerror(rc));
        outboxes_close(out);
        return error_of(rc);
    }
    o->arena = arena_new();
    return 0;
}

void
outboxes_close(struct outboxes **o)
{
    if (*o) {
        if ((*o)->env)
            mdb_env_close((*o)->env);
        if ((*o)->arena)
            arena_destroy(&(*o)->arena);
        if ((*o)->lock > 0)
            (void)close((*o)->lock);
        free(*o);
    }
    *o = NULL;
}

bool
outbox_is_full(int error)
{
    return error == -ENOSPC || error == -EDQUOT || error == MDB_MAP_FULL;
}

int
outboxes_lock(struct outboxes *o, const char *dir)
{
    char path[PATH_MAX];

    if (snprintf(path, sizeof path, "%s/lock", dir) >= (int)sizeof path)
        return -ENAMETOOLONG;
    o->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    return o->lock < 0 || flock(o->lock, LOCK_EX | LOCK_NB) ? -errno : 0;
}

/* --- rows ------------------------------------------------------------------------ */

/* 1 and the row, 0 if there is none, or a negative error. */
static int
get_record(MDB_txn *txn, MDB_dbi dbi, MDB_val key, struct arena *arena, const struct record *r,
           void *row)
{
    struct fault fault;
    MDB_val v;
    int rc = mdb_get(txn, dbi, &key, &v);

    if (rc)
        return rc == MDB_NOTFOUND ? 0 : error_of(rc);
    const void *copy = arena_copy(arena, v.mv_data, v.mv_size);
    return record_decode(arena, r, row, copy, v.mv_size, &fault) ? 1 : MDB_CORRUPTED;
}

static int
put_kept(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id, int64_t n,
         const struct kept *row)
{
    struct kept_key key = kept_key(id, n);
    MDB_val k = val_of(key.at, sizeof key.at);
    MDB_val v = val_of(o->buf, record_encode(&kept_record, row, o->buf, sizeof o->buf));
    return error_of(mdb_put(txn, o->kept, &k, &v, 0));
}

static int
get_kept(struct outboxes *o, MDB_txn *txn, struct arena *arena, const struct outbox_id *id,
         int64_t n, struct kept *out)
{
    struct kept_key key = kept_key(id, n);
    return get_record(txn, o->kept, val_of(key.at, sizeof key.at), arena, &kept_record, out);
}

static int
get_row(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id, struct outbox_row *row)
{
    int rc = get_record(txn, o->outboxes, val_of(id->at, OUTBOX_SIZE), o->arena, &outbox_row_record,
                        row);
    return rc == 1 ? 0 : rc ? rc : -ENOENT;
}

static int
put_row(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id, struct outbox_row *row)
{
    uint8_t buf[ROW_CAP];
    MDB_val k = val_of(id->at, OUTBOX_SIZE);
    MDB_val v;

    row->has.last = row->has.kept_from = row->has.first_queued = row->has.queued =
        row->has.refused = 1;
    v = val_of(buf, record_encode(&outbox_row_record, row, buf, sizeof buf));
    return error_of(mdb_put(txn, o->outboxes, &k, &v, 0));
}

/* Ends a transaction well or not at all; `rc` is what its work returned. */
static int
finish(MDB_txn *txn, int rc)
{
    if (rc) {
        mdb_txn_abort(txn);
        return rc;
    }
    return error_of(mdb_txn_commit(txn));
}

static int
begin(struct outboxes *o, unsigned flags, MDB_txn **txn)
{
    arena_reset(o->arena);
    return error_of(mdb_txn_begin(o->env, NULL, flags, txn));
}

/* --- outboxes --------------------------------------------------------------------- */

static int
make_outbox(struct outboxes *o, MDB_txn *txn, struct outbox_id *id)
{
    struct outbox_row row = {.kept_from = 1, .first_queued = 1};
    MDB_val k = val_of("current", 7);
    MDB_val v = val_of(id->at, OUTBOX_SIZE);
    int rc;

    if (getrandom(id->at, OUTBOX_SIZE, 0) != OUTBOX_SIZE)
        return -EIO;
    if ((rc = put_row(o, txn, id, &row)))
        return rc;
    return error_of(mdb_put(txn, o->meta, &k, &v, 0));
}

int
outbox_current(struct outboxes *o, bool fresh, struct outbox_id *id)
{
    MDB_val k = val_of("current", 7);
    MDB_val v;
    MDB_txn *txn;
    int rc = begin(o, 0, &txn);

    if (rc)
        return rc;
    rc = fresh ? MDB_NOTFOUND : mdb_get(txn, o->meta, &k, &v);
    if (rc == MDB_NOTFOUND)
        return finish(txn, make_outbox(o, txn, id));
    if (!rc)
        memcpy(id->at, v.mv_data, OUTBOX_SIZE);
    mdb_txn_abort(txn);
    return error_of(rc);
}

int
outbox_each(struct outboxes *o, struct outbox_id *id)
{
    MDB_cursor *c;
    MDB_txn *txn;
    MDB_val k = val_of(id->at, OUTBOX_SIZE);
    MDB_val v;
    int rc = begin(o, MDB_RDONLY, &txn);

    if (rc)
        return rc;
    if (!(rc = mdb_cursor_open(txn, o->outboxes, &c))) {
        rc = mdb_cursor_get(c, &k, &v, MDB_SET_RANGE);
        if (!rc && memcmp(k.mv_data, id->at, OUTBOX_SIZE) == 0)
            rc = mdb_cursor_get(c, &k, &v, MDB_NEXT);
        if (!rc)
            memcpy(id->at, k.mv_data, OUTBOX_SIZE);
        mdb_cursor_close(c);
    }
    mdb_txn_abort(txn);
    return rc == MDB_NOTFOUND ? 0 : rc ? error_of(rc) : 1;
}

int
outbox_count(struct outboxes *o, const struct outbox_id *id, struct outbox_counts *out)
{
    struct kept first;
    MDB_txn *txn;
    int rc = begin(o, MDB_RDONLY, &txn);

    if (rc)
        return rc;
    *out = (struct outbox_counts){0};
    rc = get_row(o, txn, id, &out->row);
    if (!rc && out->row.queued
        && (rc = get_kept(o, txn, o->arena, id, out->row.first_queued, &first)) == 1) {
        out->oldest = first.taken;
        rc = 0;
    }
    mdb_txn_abort(txn);
    return rc;
}

/* --- queueing ----------------------------------------------------------------------- */

static int
put_note(struct outboxes *o, MDB_txn *txn, const struct outbox_note *note)
{
    uint8_t place[8];
    MDB_val k = val_of(note->source, strlen(note->source));
    MDB_val v = val_of(place, sizeof place);

    put_number(place, note->place);
    return error_of(mdb_put(txn, o->notes, &k, &v, 0));
}

int
outbox_queue(struct outboxes *o, const struct outbox_id *id, const struct kept *list, size_t count,
             const struct outbox_note *note, int64_t *first)
{
    struct outbox_row row;
    MDB_txn *txn;
    int rc = begin(o, 0, &txn);

    if (rc)
        return rc;
    if (!(rc = get_row(o, txn, id, &row))) {
        *first = row.last + 1;
        for (size_t i = 0; i < count && !rc; i++)
            rc = put_kept(o, txn, id, ++row.last, &list[i]);
        row.queued += (int64_t)count;
    }
    if (!rc)
        rc = put_row(o, txn, id, &row);
    if (!rc && note)
        rc = put_note(o, txn, note);
    return finish(txn, rc);
}

int
outbox_noted(struct outboxes *o, const char *source, int64_t *place)
{
    MDB_val k = val_of(source, strlen(source));
    MDB_val v;
    MDB_txn *txn;
    int rc = begin(o, MDB_RDONLY, &txn);

    *place = 0;
    if (rc)
        return rc;
    rc = mdb_get(txn, o->notes, &k, &v);
    if (!rc)
        *place = get_number(v.mv_data);
    mdb_txn_abort(txn);
    return rc == MDB_NOTFOUND ? 0 : error_of(rc);
}

int
outbox_forget(struct outboxes *o, const char *source)
{
    MDB_val k = val_of(source, strlen(source));
    MDB_txn *txn;
    int rc = begin(o, 0, &txn);

    if (rc)
        return rc;
    rc = mdb_del(txn, o->notes, &k, NULL);
    return finish(txn, rc == MDB_NOTFOUND ? 0 : error_of(rc));
}

/* --- looking -------------------------------------------------------------------------- */

int
outbox_get(struct outboxes *o, struct arena *arena, const struct outbox_id *id, int64_t n,
           struct kept *out)
{
    MDB_txn *txn;
    int rc = begin(o, MDB_RDONLY, &txn);

    if (rc)
        return rc;
    rc = get_kept(o, txn, arena, id, n, out);
    mdb_txn_abort(txn);
    return rc;
}

/* The first after n of that state, within an open transaction. */
static int
find_next(struct outboxes *o, MDB_txn *txn, struct arena *arena, const struct outbox_id *id,
          int64_t last, enum kept_state state, int64_t *n, struct kept *out)
{
    for (int64_t at = *n + 1; at <= last; at++) {
        int rc = get_kept(o, txn, arena, id, at, out);
        if (rc < 0)
            return rc;
        if (rc && out->state == state) {
            *n = at;
            return 1;
        }
    }
    return 0;
}

int
outbox_next(struct outboxes *o, struct arena *arena, const struct outbox_id *id,
            enum kept_state state, int64_t *n, struct kept *out)
{
    struct outbox_row row;
    MDB_txn *txn;
    int rc = begin(o, MDB_RDONLY, &txn);

    if (rc)
        return rc;
    if (!(rc = get_row(o, txn, id, &row))) {
        int64_t from = state == KEPT_QUEUED ? row.first_queued : row.kept_from;
        if (*n < from - 1)
            *n = from - 1;
        rc = find_next(o, txn, arena, id, row.last, state, n, out);
    }
    mdb_txn_abort(txn);
    return rc;
}

/* --- settling --------------------------------------------------------------------------- */

/* The row after `n` was settled: where the queue begins now. */
static int
advance(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id, struct outbox_row *row)
{
    struct kept kept;

    while (row->first_queued <= row->last) {
        int rc = get_kept(o, txn, o->arena, id, row->first_queued, &kept);
        if (rc < 0)
            return rc;
        if (rc && kept.state == KEPT_QUEUED)
            return 0;
        row->first_queued++;
    }
    return 0;
}

static int
settle(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id, int64_t n,
       const struct kept *verdict, struct outbox_row *row)
{
    struct kept kept;
    int rc = get_kept(o, txn, o->arena, id, n, &kept);

    if (rc != 1 || kept.state != KEPT_QUEUED)
        return rc < 0 ? rc : 0;
    KEEP(&kept, verdict, state);
    KEEP(&kept, verdict, settled);
    KEEP(&kept, verdict, number);
    KEEP(&kept, verdict, code);
    KEEP(&kept, verdict, field);
    KEEP(&kept, verdict, reason);
    row->queued--;
    row->refused += kept.state == KEPT_REFUSED;
    return put_kept(o, txn, id, n, &kept);
}

static struct kept
verdict_of(enum kept_state state, int64_t number, int64_t now)
{
    struct kept verdict = {.state = state, .number = number, .settled = now};
    verdict.has.state = verdict.has.number = verdict.has.settled = 1;
    return verdict;
}

int
outbox_acknowledge(struct outboxes *o, const struct outbox_id *id, int64_t n,
                   const int64_t *numbers, size_t count, int64_t now)
{
    struct outbox_row row;
    MDB_txn *txn;
    int rc = begin(o, 0, &txn);

    if (rc)
        return rc;
    rc = get_row(o, txn, id, &row);
    for (size_t i = 0; i < count && !rc; i++) {
        struct kept verdict = verdict_of(KEPT_ACKNOWLEDGED, numbers[i], now);
        rc = settle(o, txn, id, n + (int64_t)i, &verdict, &row);
    }
    if (!rc && !(rc = advance(o, txn, id, &row)))
        rc = put_row(o, txn, id, &row);
    return finish(txn, rc);
}

int
outbox_refuse(struct outboxes *o, const struct outbox_id *id, int64_t n, int64_t number,
              enum fault_code code, struct text field, struct text reason, int64_t now)
{
    struct kept verdict = verdict_of(KEPT_REFUSED, number, now);
    struct outbox_row row;
    MDB_txn *txn;
    int rc = begin(o, 0, &txn);

    if (rc)
        return rc;
    verdict.code = code;
    verdict.field = field;
    verdict.reason = reason;
    verdict.has.code = verdict.has.field = verdict.has.reason = 1;
    if (!(rc = get_row(o, txn, id, &row)) && !(rc = settle(o, txn, id, n, &verdict, &row))
        && !(rc = advance(o, txn, id, &row)))
        rc = put_row(o, txn, id, &row);
    return finish(txn, rc);
}

int
outbox_requeue(struct outboxes *o, const struct outbox_id *id, int64_t n)
{
    struct outbox_row row;
    struct kept kept;
    MDB_txn *txn;
    int rc = begin(o, 0, &txn);

    if (rc)
        return rc;
    rc = get_row(o, txn, id, &row);
    for (int64_t at = n; at <= row.last && !rc; at++) {
        if ((rc = get_kept(o, txn, o->arena, id, at, &kept)) != 1 || kept.state == KEPT_QUEUED) {
            rc = rc < 0 ? rc : 0;
            continue;
        }
        row.refused -= kept.state == KEPT_REFUSED && !kept.seen_by;
        row.queued++;
        kept.state = KEPT_QUEUED;
        rc = put_kept(o, txn, id, at, &kept);
    }
    if (!rc && n < row.first_queued)
        row.first_queued = n;
    return finish(txn, rc ? rc : put_row(o, txn, id, &row));
}

int
outbox_mark_seen(struct outboxes *o, const struct outbox_id *id, int64_t n)
{
    struct outbox_row row;
    struct kept kept;
    MDB_txn *txn;
    int rc = begin(o, 0, &txn);

    if (rc)
        return rc;
    if (!(rc = get_row(o, txn, id, &row)) && (rc = get_kept(o, txn, o->arena, id, n, &kept)) >= 0) {
        if (!rc || kept.state != KEPT_REFUSED)
            rc = -ENOENT;
        else if (!kept.seen_by) {
            kept.seen_by = true;
            kept.has.seen_by = 1;
            row.refused--;
            if (!(rc = put_kept(o, txn, id, n, &kept)))
                rc = put_row(o, txn, id, &row);
        } else
            rc = 0;
    }
    return finish(txn, rc);
}

/* --- the broker's journal, as it was seen ------------------------------------------------- */

int
outboxes_get_head(struct outboxes *o, struct arena *arena, struct seen_head *out)
{
    MDB_txn *txn;
    int rc = begin(o, MDB_RDONLY, &txn);

    if (rc)
        return rc;
    rc = get_record(txn, o->meta, val_of("head", 4), arena, &seen_head_record, out);
    mdb_txn_abort(txn);
    return rc;
}

int
outboxes_put_head(struct outboxes *o, const struct seen_head *head)
{
    uint8_t buf[ROW_CAP];
    MDB_val k = val_of("head", 4);
    MDB_val v = val_of(buf, record_encode(&seen_head_record, head, buf, sizeof buf));
    MDB_txn *txn;
    int rc = begin(o, 0, &txn);

    return rc ? rc : finish(txn, error_of(mdb_put(txn, o->meta, &k, &v, 0)));
}

/* --- forks and old age --------------------------------------------------------------------- */

static int
move_after(struct outboxes *o, MDB_txn *txn, const struct outbox_id *from, int64_t n,
           struct outbox_row *row, const struct outbox_id *to)
{
    struct outbox_row fresh = {.kept_from = 1, .first_queued = 1};
    struct kept kept;
    int rc = 0;

    for (int64_t at = n; at <= row->last && !rc; at++) {
        if ((rc = get_kept(o, txn, o->arena, from, at, &kept)) != 1 || kept.state != KEPT_QUEUED) {
            rc = rc < 0 ? rc : 0;
            continue;
        }
        rc = put_kept(o, txn, to, ++fresh.last, &kept);
        kept.state = KEPT_MOVED;
        if (!rc)
            rc = put_kept(o, txn, from, at, &kept);
        fresh.queued++;
        row->queued--;
    }
    if (!rc && !(rc = advance(o, txn, from, row)) && !(rc = put_row(o, txn, from, row)))
        rc = put_row(o, txn, to, &fresh);
    return rc;
}

int
outbox_fork(struct outboxes *o, const struct outbox_id *from, int64_t n, struct outbox_id *to)
{
    struct outbox_row row;
    MDB_txn *txn;
    int rc = begin(o, 0, &txn);

    if (rc)
        return rc;
    if (!(rc = get_row(o, txn, from, &row)) && !(rc = make_outbox(o, txn, to)))
        rc = move_after(o, txn, from, n, &row, to);
    return finish(txn, rc);
}

static int
prune_one(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id, int64_t before,
          size_t *most)
{
    struct outbox_row row;
    struct kept kept;
    int rc = get_row(o, txn, id, &row);

    if (rc)
        return rc;
    for (; *most && row.kept_from < row.last && !rc; row.kept_from++, --*most) {
        struct kept_key key = kept_key(id, row.kept_from);
        MDB_val k = val_of(key.at, sizeof key.at);
        if ((rc = get_kept(o, txn, o->arena, id, row.kept_from, &kept)) < 0)
            return rc;
        if (rc && (kept.state == KEPT_QUEUED || kept.settled >= before))
            return put_row(o, txn, id, &row);
        if (rc)
            row.refused -= kept.state == KEPT_REFUSED && !kept.seen_by;
        rc = rc ? error_of(mdb_del(txn, o->kept, &k, NULL)) : 0;
    }
    return rc ? rc : put_row(o, txn, id, &row);
}

int
outbox_prune(struct outboxes *o, int64_t now, size_t most)
{
    const int64_t day = INT64_C(86400) * 1000000;
    struct outbox_id id = {{0}};
    MDB_txn *txn;
    int rc;

    while (most && (rc = outbox_each(o, &id)) == 1) {
        if ((rc = begin(o, 0, &txn)))
            return rc;
        rc = prune_one(o, txn, &id, now - OUTBOX_KEPT_DAYS * day, &most);
        if ((rc = finish(txn, rc)))
            return rc;
    }
    return most ? rc : 0;
}
