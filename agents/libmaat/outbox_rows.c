#include "agents/libmaat/outbox_rows.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "schema/codec.h"
#include "schema/days.h"

VOCABULARY(kept_states, "queue state", KEPT_STATES, KEPT_STATE_COUNT);

KEPT_RECORDS(RECORD_TABLE)

enum { VERDICT_CAP = 1024 };

int
outbox_rows_error(int rc)
{
    return rc > 0 ? -rc : rc;
}

/* LMDB takes keys and values through pointers to non-const, but does not write
   through them. */
MDB_val
outbox_rows_val(const void *data, size_t len)
{
    union {
        const void *in;
        void *out;
    } u = {data};
    return (MDB_val){len, u.out};
}

void
outbox_rows_put_number(uint8_t at[8], int64_t v)
{
    for (int i = 0; i < 8; i++)
        at[i] = (uint8_t)((uint64_t)v >> (56 - 8 * i));
}

int64_t
outbox_rows_get_number(const uint8_t *at)
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++)
        v = v << 8 | at[i];
    return (int64_t)v;
}

struct kept_key
outbox_rows_key(const struct outbox_id *id, int64_t n)
{
    struct kept_key key;
    memcpy(key.at, id->at, OUTBOX_SIZE);
    outbox_rows_put_number(key.at + OUTBOX_SIZE, n);
    return key;
}

unsigned
outbox_rows_how(MDB_txn *txn, MDB_dbi dbi, const struct outbox_id *id, int64_t n)
{
    struct kept_key key = outbox_rows_key(id, n);
    MDB_cursor *c;
    MDB_val k, v;

    if (mdb_cursor_open(txn, dbi, &c))
        return 0;
    int rc = mdb_cursor_get(c, &k, &v, MDB_LAST);
    bool is_beyond = rc == MDB_NOTFOUND || (!rc && memcmp(k.mv_data, key.at, sizeof key.at) < 0);
    mdb_cursor_close(c);
    return is_beyond ? MDB_APPEND : 0;
}

int
outbox_rows_decode(struct arena *arena, const struct record *r, MDB_val from, void *row)
{
    const void *copy = arena_copy(arena, from.mv_data, from.mv_size);
    struct fault fault;

    return record_decode(arena, r, row, copy, from.mv_size, &fault) ? 1 : MDB_CORRUPTED;
}

/* 1 and the row, 0 if there is none, or a negative error. */
int
outbox_rows_get_record(MDB_txn *txn, MDB_dbi dbi, MDB_val key, struct arena *arena,
                       const struct record *r, void *row)
{
    MDB_val v;
    int rc = mdb_get(txn, dbi, &key, &v);

    if (rc)
        return rc == MDB_NOTFOUND ? 0 : outbox_rows_error(rc);
    return outbox_rows_decode(arena, r, v, row);
}

int
outbox_rows_put_kept(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id, int64_t n,
                     const struct kept *row, unsigned how)
{
    struct kept_key key = outbox_rows_key(id, n);
    MDB_val k = outbox_rows_val(key.at, sizeof key.at);
    MDB_val v = outbox_rows_val(o->buf, record_encode(&kept_record, row, o->buf, sizeof o->buf));
    return outbox_rows_error(mdb_put(txn, o->kept, &k, &v, how));
}

int
outbox_rows_get_verdict(struct outboxes *o, MDB_txn *txn, struct arena *arena,
                        const struct outbox_id *id, int64_t n, struct verdict *out)
{
    struct kept_key key = outbox_rows_key(id, n);
    return outbox_rows_get_record(txn, o->verdicts, outbox_rows_val(key.at, sizeof key.at), arena,
                                  &verdict_record, out);
}

/* One's verdict as the other's. */
#define KEEP_VERDICT(row, from)                                                 \
    (KEEP(row, from, state), KEEP(row, from, settled), KEEP(row, from, number), \
     KEEP(row, from, code), KEEP(row, from, field), KEEP(row, from, reason),    \
     KEEP(row, from, seen_by))

struct verdict
outbox_rows_verdict_of(const struct kept *kept)
{
    struct verdict verdict = {0};

    KEEP_VERDICT(&verdict, kept);
    return verdict;
}

struct kept
outbox_rows_kept_of(const struct verdict *verdict)
{
    struct kept kept = {0};

    KEEP_VERDICT(&kept, verdict);
    return kept;
}

int
outbox_rows_put_verdict(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id, int64_t n,
                        const struct verdict *verdict, unsigned how)
{
    struct kept_key key = outbox_rows_key(id, n);
    uint8_t buf[VERDICT_CAP];
    MDB_val k = outbox_rows_val(key.at, sizeof key.at);
    MDB_val v = outbox_rows_val(buf, record_encode(&verdict_record, verdict, buf, sizeof buf));
    return outbox_rows_error(mdb_put(txn, o->verdicts, &k, &v, how));
}

int
outbox_rows_get_kept(struct outboxes *o, MDB_txn *txn, struct arena *arena,
                     const struct outbox_id *id, int64_t n, struct kept *out)
{
    struct kept_key key = outbox_rows_key(id, n);
    struct verdict verdict = {0};
    int rc = outbox_rows_get_record(txn, o->kept, outbox_rows_val(key.at, sizeof key.at), arena,
                                    &kept_record, out);

    if (rc != 1)
        return rc;
    if ((rc = outbox_rows_get_verdict(o, txn, arena, id, n, &verdict)) == 1)
        KEEP_VERDICT(out, &verdict);
    return rc < 0 ? rc : 1;
}

int
outbox_rows_drop(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id, int64_t n)
{
    struct kept_key key = outbox_rows_key(id, n);
    MDB_val k = outbox_rows_val(key.at, sizeof key.at);
    int rc = mdb_del(txn, o->verdicts, &k, NULL);

    if (rc && rc != MDB_NOTFOUND)
        return outbox_rows_error(rc);
    return outbox_rows_error(mdb_del(txn, o->kept, &k, NULL));
}

int
outbox_rows_get(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id,
                struct outbox_row *row)
{
    int rc = outbox_rows_get_record(txn, o->outboxes, outbox_rows_val(id->at, OUTBOX_SIZE),
                                    o->arena, &outbox_row_record, row);
    return rc == 1 ? 0 : rc ? rc : -ENOENT;
}

int
outbox_rows_put(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id,
                struct outbox_row *row)
{
    uint8_t buf[ROW_CAP];
    MDB_val k = outbox_rows_val(id->at, OUTBOX_SIZE);
    MDB_val v;

    row->has.last = row->has.kept_from = row->has.first_queued = row->has.queued =
        row->has.refused = 1;
    v = outbox_rows_val(buf, record_encode(&outbox_row_record, row, buf, sizeof buf));
    return outbox_rows_error(mdb_put(txn, o->outboxes, &k, &v, 0));
}

/* Ends a transaction well or not at all; `rc` is what its work returned. */
int
outbox_rows_finish(struct outboxes *o, MDB_txn *txn, int rc)
{
    if (rc)
        mdb_txn_abort(txn);
    else
        rc = outbox_rows_error(mdb_txn_commit(txn));
    if (rc)
        return rc;
    outbox_rows_end_heard(o);
    o->changes++;
    return 0;
}

int
outbox_rows_read(struct outboxes *o, MDB_txn **txn)
{
    arena_reset(o->arena);
    return outbox_rows_error(mdb_txn_begin(o->env, NULL, MDB_RDONLY, txn));
}

int
outbox_rows_begin_without(struct outboxes *o, MDB_txn **txn)
{
    arena_reset(o->arena);
    o->heard.put = o->heard.written;
    return outbox_rows_error(mdb_txn_begin(o->env, NULL, 0, txn));
}

int
outbox_rows_begin(struct outboxes *o, MDB_txn **txn)
{
    int rc = outbox_rows_begin_without(o, txn);

    if (rc == 0 && (rc = outbox_rows_put_heard(o, *txn)))
        (void)outbox_rows_finish(o, *txn, rc);
    return rc;
}

int
outbox_rows_mark_refused(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id, int64_t n,
                         struct outbox_row *row)
{
    struct kept_key key = outbox_rows_key(id, n);
    MDB_val k = outbox_rows_val(key.at, sizeof key.at);
    MDB_val v = outbox_rows_val("", 0);

    row->refused++;
    return outbox_rows_error(mdb_put(txn, o->refused, &k, &v, 0));
}

int
outbox_rows_unmark_refused(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id, int64_t n,
                           struct outbox_row *row)
{
    struct kept_key key = outbox_rows_key(id, n);
    MDB_val k = outbox_rows_val(key.at, sizeof key.at);
    int rc = mdb_del(txn, o->refused, &k, NULL);

    if (rc == MDB_NOTFOUND)
        return 0;
    row->refused--;
    return outbox_rows_error(rc);
}

int
outbox_rows_make(struct outboxes *o, MDB_txn *txn, struct outbox_id *id)
{
    struct outbox_row row = {.kept_from = 1, .first_queued = 1};
    MDB_val k = outbox_rows_val("current", 7);
    MDB_val v = outbox_rows_val(id->at, OUTBOX_SIZE);
    int rc;

    if (getrandom(id->at, OUTBOX_SIZE, 0) != OUTBOX_SIZE)
        return -EIO;
    if ((rc = outbox_rows_put(o, txn, id, &row)))
        return rc;
    return outbox_rows_error(mdb_put(txn, o->meta, &k, &v, 0));
}
