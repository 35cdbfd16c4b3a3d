#include "agents/libmaat/outbox_rows.h"

#include <errno.h>
#include <string.h>

/* What comes after (id, n) in the table of refusals, as 1 and its key. */
static int
next_key(struct outboxes *o, MDB_txn *txn, struct outbox_id *id, int64_t *n)
{
    struct kept_key key = outbox_rows_key(id, *n + 1);
    MDB_val k = outbox_rows_val(key.at, sizeof key.at);
    MDB_cursor *c;
    MDB_val v;
    int rc = mdb_cursor_open(txn, o->refused, &c);

    if (rc)
        return outbox_rows_error(rc);
    rc = mdb_cursor_get(c, &k, &v, MDB_SET_RANGE);
    if (!rc) {
        memcpy(id->at, k.mv_data, OUTBOX_SIZE);
        *n = outbox_rows_get_number((const uint8_t *)k.mv_data + OUTBOX_SIZE);
    }
    mdb_cursor_close(c);
    return rc == MDB_NOTFOUND ? 0 : rc ? outbox_rows_error(rc) : 1;
}

int
outbox_next_refusal(struct outboxes *o, struct arena *arena, struct outbox_id *id, int64_t *n,
                    struct kept *out)
{
    MDB_txn *txn;
    int rc = outbox_rows_read(o, &txn);

    if (rc)
        return rc;
    rc = next_key(o, txn, id, n);
    if (rc == 1)
        rc = outbox_rows_get_kept(o, txn, arena, id, *n, out);
    mdb_txn_abort(txn);
    return rc;
}

/* A refusal that waits for a person waits no more. One that is pruned but for
   this goes now. */
static int
deal_with(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id, int64_t n,
          struct kept *kept)
{
    struct outbox_row row;
    int rc = outbox_rows_get(o, txn, id, &row);

    if (rc)
        return rc;
    if ((rc = outbox_rows_get_kept(o, txn, o->arena, id, n, kept)) < 0)
        return rc;
    if (rc == 0 || kept->state != KEPT_REFUSED || kept->seen_by)
        return -ENOENT;
    kept->seen_by = true;
    kept->has.seen_by = 1;
    const struct verdict verdict = outbox_rows_verdict_of(kept);
    rc = n < row.kept_from ? outbox_rows_drop(o, txn, id, n)
                           : outbox_rows_put_verdict(o, txn, id, n, &verdict, 0);
    if (!rc)
        rc = outbox_rows_unmark_refused(o, txn, id, n, &row);
    return rc ? rc : outbox_rows_put(o, txn, id, &row);
}

int
outbox_mark_seen(struct outboxes *o, const struct outbox_id *id, int64_t n)
{
    struct kept kept;
    MDB_txn *txn;
    int rc = outbox_rows_begin(o, &txn);

    return rc ? rc : outbox_rows_finish(o, txn, deal_with(o, txn, id, n, &kept));
}

static int
queue_again(struct outboxes *o, MDB_txn *txn, const struct kept *refused,
            const struct outbox_id *to, struct bytes nonce, int64_t now, int64_t *again)
{
    struct kept kept = {.state = KEPT_QUEUED, .nonce = nonce, .taken = now};
    struct outbox_row row;
    int rc = outbox_rows_get(o, txn, to, &row);

    if (rc)
        return rc;
    kept.has.state = kept.has.nonce = kept.has.taken = 1;
    KEEP(&kept, refused, kind);
    KEEP(&kept, refused, body);
    KEEP(&kept, refused, source);
    *again = ++row.last;
    row.queued++;
    rc = outbox_rows_put_kept(o, txn, to, *again, &kept, 0);
    return rc ? rc : outbox_rows_put(o, txn, to, &row);
}

int
outbox_retry(struct outboxes *o, const struct outbox_id *id, int64_t n, const struct outbox_id *to,
             struct bytes nonce, int64_t now, int64_t *again)
{
    struct kept kept;
    MDB_txn *txn;
    int rc = outbox_rows_begin(o, &txn);

    if (rc)
        return rc;
    if (!(rc = deal_with(o, txn, id, n, &kept)))
        rc = queue_again(o, txn, &kept, to, nonce, now, again);
    return outbox_rows_finish(o, txn, rc);
}
