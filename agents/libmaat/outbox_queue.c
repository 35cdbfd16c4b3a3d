#include "agents/libmaat/outbox_rows.h"

#include <errno.h>
#include <string.h>

/* --- queueing ----------------------------------------------------------------------- */

static int
put_note(struct outboxes *o, MDB_txn *txn, const struct outbox_note *note)
{
    uint8_t place[8];
    MDB_val k = outbox_rows_val(note->source, strlen(note->source));
    MDB_val v = outbox_rows_val(place, sizeof place);

    outbox_rows_put_number(place, note->place);
    return outbox_rows_error(mdb_put(txn, o->notes, &k, &v, 0));
}

int
outbox_queue(struct outboxes *o, const struct outbox_id *id, const struct kept *list, size_t count,
             const struct outbox_note *notes, size_t note_count, int64_t *first)
{
    struct outbox_row row;
    MDB_txn *txn;
    int rc = outbox_rows_begin(o, &txn);

    if (rc)
        return rc;
    if (!(rc = outbox_rows_get(o, txn, id, &row))) {
        const unsigned how = outbox_rows_how(txn, o->kept, id, row.last + 1);
        *first = row.last + 1;
        for (size_t i = 0; i < count && !rc; i++)
            rc = outbox_rows_put_kept(o, txn, id, ++row.last, &list[i], how);
        row.queued += (int64_t)count;
    }
    if (!rc)
        rc = outbox_rows_put(o, txn, id, &row);
    for (size_t i = 0; i < note_count && !rc; i++)
        rc = put_note(o, txn, &notes[i]);
    return outbox_rows_finish(o, txn, rc);
}

int
outbox_noted(struct outboxes *o, const char *source, int64_t *place)
{
    MDB_val k = outbox_rows_val(source, strlen(source));
    MDB_val v;
    MDB_txn *txn;
    int rc = outbox_rows_read(o, &txn);

    *place = 0;
    if (rc)
        return rc;
    rc = mdb_get(txn, o->notes, &k, &v);
    if (!rc)
        *place = outbox_rows_get_number(v.mv_data);
    mdb_txn_abort(txn);
    return rc == MDB_NOTFOUND ? 0 : outbox_rows_error(rc);
}

int
outbox_forget(struct outboxes *o, const char *const *sources, size_t count)
{
    MDB_txn *txn;
    int rc = outbox_rows_begin(o, &txn);

    if (rc)
        return rc;
    for (size_t i = 0; i < count && (!rc || rc == MDB_NOTFOUND); i++) {
        MDB_val k = outbox_rows_val(sources[i], strlen(sources[i]));
        rc = mdb_del(txn, o->notes, &k, NULL);
    }
    return outbox_rows_finish(o, txn, rc == MDB_NOTFOUND ? 0 : outbox_rows_error(rc));
}

/* --- looking -------------------------------------------------------------------------- */

int
outbox_get(struct outboxes *o, struct arena *arena, const struct outbox_id *id, int64_t n,
           struct kept *out)
{
    MDB_txn *txn;
    int rc = outbox_rows_read(o, &txn);

    if (rc)
        return rc;
    rc = outbox_rows_get_kept(o, txn, arena, id, n, out);
    mdb_txn_abort(txn);
    return rc;
}

enum { TOGETHER = 256 * 1024 }; /* bytes of bodies */

/* Has any from n on a verdict, or had it? */
static bool
any_verdict(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id, int64_t n)
{
    struct kept_key key = outbox_rows_key(id, n);
    MDB_val k = outbox_rows_val(key.at, sizeof key.at);
    MDB_cursor *c;
    MDB_val v;

    if (mdb_cursor_open(txn, o->verdicts, &c))
        return true;
    int rc = mdb_cursor_get(c, &k, &v, MDB_SET_RANGE);
    bool is_ours = !rc && memcmp(k.mv_data, id->at, OUTBOX_SIZE) == 0;
    mdb_cursor_close(c);
    return is_ours || (rc && rc != MDB_NOTFOUND);
}

/* Where none has: all that there are, one after the other. */
static int
list_all(struct outboxes *o, MDB_txn *txn, struct arena *arena, const struct outbox_id *id,
         int64_t from, struct outbox_queued *list, int most)
{
    struct kept_key key = outbox_rows_key(id, from);
    MDB_val k = outbox_rows_val(key.at, sizeof key.at);
    size_t bytes = 0;
    int count = 0;
    MDB_cursor *c;
    MDB_val v;
    int rc = mdb_cursor_open(txn, o->kept, &c);

    if (rc)
        return outbox_rows_error(rc);
    rc = mdb_cursor_get(c, &k, &v, MDB_SET_RANGE);
    while (!rc && memcmp(k.mv_data, id->at, OUTBOX_SIZE) == 0 && count < most && bytes < TOGETHER) {
        struct outbox_queued *next = &list[count];
        next->n = outbox_rows_get_number((const uint8_t *)k.mv_data + OUTBOX_SIZE);
        if ((rc = outbox_rows_decode(arena, &kept_record, v, &next->kept)) < 0)
            break;
        count += next->kept.state == KEPT_QUEUED;
        bytes += next->kept.body.len;
        rc = mdb_cursor_get(c, &k, &v, MDB_NEXT);
    }
    mdb_cursor_close(c);
    return rc && rc != MDB_NOTFOUND ? outbox_rows_error(rc) : count;
}

static int
list_queued(struct outboxes *o, MDB_txn *txn, struct arena *arena, const struct outbox_id *id,
            int64_t from, int64_t last, struct outbox_queued *list, int most)
{
    size_t bytes = 0;
    int count = 0;
    int rc;

    if (!any_verdict(o, txn, id, from))
        return list_all(o, txn, arena, id, from, list, most);
    for (int64_t n = from; n <= last && count < most && bytes < TOGETHER; n++) {
        struct kept *kept = &list[count].kept;
        rc = outbox_rows_get_kept(o, txn, arena, id, n, kept);
        if (rc < 0)
            return rc;
        if (rc == 0 || kept->state != KEPT_QUEUED)
            continue;
        list[count++].n = n;
        bytes += kept->body.len;
    }
    return count;
}

int
outbox_queued(struct outboxes *o, struct arena *arena, const struct outbox_id *id, int64_t n,
              struct outbox_queued *list, int most)
{
    struct outbox_row row;
    MDB_txn *txn;
    int rc = outbox_rows_read(o, &txn);

    if (rc)
        return rc;
    if (!(rc = outbox_rows_get(o, txn, id, &row))) {
        int64_t from = n + 1 > row.first_queued ? n + 1 : row.first_queued;
        rc = list_queued(o, txn, arena, id, from, row.last, list, most);
    }
    mdb_txn_abort(txn);
    return rc;
}

uint64_t
outbox_changes(const struct outboxes *o)
{
    return o->changes;
}

/* The first after n of that state, within an open transaction. */
static int
find_next(struct outboxes *o, MDB_txn *txn, struct arena *arena, const struct outbox_id *id,
          int64_t last, enum kept_state state, int64_t *n, struct kept *out)
{
    for (int64_t at = *n + 1; at <= last; at++) {
        int rc = outbox_rows_get_kept(o, txn, arena, id, at, out);
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
    int rc = outbox_rows_read(o, &txn);

    if (rc)
        return rc;
    if (!(rc = outbox_rows_get(o, txn, id, &row))) {
        int64_t from = state == KEPT_QUEUED ? row.first_queued : row.kept_from;
        if (*n < from - 1)
            *n = from - 1;
        rc = find_next(o, txn, arena, id, row.last, state, n, out);
    }
    mdb_txn_abort(txn);
    return rc;
}
