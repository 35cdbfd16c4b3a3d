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
             const struct outbox_note *note, int64_t *first)
{
    struct outbox_row row;
    MDB_txn *txn;
    int rc = outbox_rows_begin(o, 0, &txn);

    if (rc)
        return rc;
    if (!(rc = outbox_rows_get(o, txn, id, &row))) {
        *first = row.last + 1;
        for (size_t i = 0; i < count && !rc; i++)
            rc = outbox_rows_put_kept(o, txn, id, ++row.last, &list[i]);
        row.queued += (int64_t)count;
    }
    if (!rc)
        rc = outbox_rows_put(o, txn, id, &row);
    if (!rc && note)
        rc = put_note(o, txn, note);
    return outbox_rows_finish(txn, rc);
}

int
outbox_noted(struct outboxes *o, const char *source, int64_t *place)
{
    MDB_val k = outbox_rows_val(source, strlen(source));
    MDB_val v;
    MDB_txn *txn;
    int rc = outbox_rows_begin(o, MDB_RDONLY, &txn);

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
outbox_forget(struct outboxes *o, const char *source)
{
    MDB_val k = outbox_rows_val(source, strlen(source));
    MDB_txn *txn;
    int rc = outbox_rows_begin(o, 0, &txn);

    if (rc)
        return rc;
    rc = mdb_del(txn, o->notes, &k, NULL);
    return outbox_rows_finish(txn, rc == MDB_NOTFOUND ? 0 : outbox_rows_error(rc));
}

/* --- looking -------------------------------------------------------------------------- */

int
outbox_get(struct outboxes *o, struct arena *arena, const struct outbox_id *id, int64_t n,
           struct kept *out)
{
    MDB_txn *txn;
    int rc = outbox_rows_begin(o, MDB_RDONLY, &txn);

    if (rc)
        return rc;
    rc = outbox_rows_get_kept(o, txn, arena, id, n, out);
    mdb_txn_abort(txn);
    return rc;
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
    int rc = outbox_rows_begin(o, MDB_RDONLY, &txn);

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
