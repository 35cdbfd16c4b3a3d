#include "agents/libmaat/outbox_rows.h"

#include <errno.h>

/* --- settling --------------------------------------------------------------------------- */

int
outbox_rows_advance(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id,
                    struct outbox_row *row)
{
    struct kept kept;

    while (row->first_queued <= row->last) {
        arena_reset(o->arena);
        int rc = outbox_rows_get_kept(o, txn, o->arena, id, row->first_queued, &kept);
        if (rc < 0)
            return rc;
        if (rc && kept.state == KEPT_QUEUED)
            return 0;
        row->first_queued++;
    }
    return 0;
}

static int
put_state(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id, int64_t n,
          const struct kept *kept)
{
    const struct verdict verdict = outbox_rows_verdict_of(kept);
    return outbox_rows_put_verdict(o, txn, id, n, &verdict, 0);
}

int
outbox_requeue(struct outboxes *o, const struct outbox_id *id, int64_t n)
{
    struct outbox_row row;
    struct kept kept;
    MDB_txn *txn;
    int rc = outbox_rows_begin(o, &txn);

    if (rc)
        return rc;
    rc = outbox_rows_get(o, txn, id, &row);
    for (int64_t at = n; at <= row.last && !rc; at++) {
        arena_reset(o->arena);
        if ((rc = outbox_rows_get_kept(o, txn, o->arena, id, at, &kept)) != 1
            || kept.state == KEPT_QUEUED) {
            rc = rc < 0 ? rc : 0;
            continue;
        }
        row.queued++;
        kept.state = KEPT_QUEUED;
        rc = put_state(o, txn, id, at, &kept);
        if (!rc)
            rc = outbox_rows_unmark_refused(o, txn, id, at, &row);
    }
    if (!rc && n < row.first_queued)
        row.first_queued = n;
    return outbox_rows_finish(o, txn, rc ? rc : outbox_rows_put(o, txn, id, &row));
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
        arena_reset(o->arena);
        if ((rc = outbox_rows_get_kept(o, txn, o->arena, from, at, &kept)) != 1
            || kept.state != KEPT_QUEUED) {
            rc = rc < 0 ? rc : 0;
            continue;
        }
        rc = outbox_rows_put_kept(o, txn, to, ++fresh.last, &kept, 0);
        kept.state = KEPT_MOVED;
        if (!rc)
            rc = put_state(o, txn, from, at, &kept);
        fresh.queued++;
        row->queued--;
    }
    if (!rc && !(rc = outbox_rows_advance(o, txn, from, row))
        && !(rc = outbox_rows_put(o, txn, from, row)))
        rc = outbox_rows_put(o, txn, to, &fresh);
    return rc;
}

int
outbox_fork(struct outboxes *o, const struct outbox_id *from, int64_t n, struct outbox_id *to)
{
    struct outbox_row row;
    MDB_txn *txn;
    int rc = outbox_rows_begin(o, &txn);

    if (rc)
        return rc;
    if (!(rc = outbox_rows_get(o, txn, from, &row)) && !(rc = outbox_rows_make(o, txn, to)))
        rc = move_after(o, txn, from, n, &row, to);
    o->awaited.count = 0; /* their n's are others now; their verdicts come with the others' */
    return outbox_rows_finish(o, txn, rc);
}

/* Drops one; a refusal that waits for a person stays until it is dealt with. */
static int
drop(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id, int64_t n,
     const struct kept *kept)
{
    bool stays = kept->state == KEPT_REFUSED && !kept->seen_by;
    return stays ? 0 : outbox_rows_drop(o, txn, id, n);
}

static int
prune_one(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id, int64_t before,
          size_t *most)
{
    struct outbox_row row;
    struct kept kept;
    int rc = outbox_rows_get(o, txn, id, &row);

    if (rc)
        return rc;
    int64_t kept_from = row.kept_from;
    for (; *most && row.kept_from < row.last; row.kept_from++, --*most) {
        arena_reset(o->arena);
        if ((rc = outbox_rows_get_kept(o, txn, o->arena, id, row.kept_from, &kept)) < 0)
            return rc;
        if (rc && (kept.state == KEPT_QUEUED || kept.settled >= before))
            break;
        if (rc && (rc = drop(o, txn, id, row.kept_from, &kept)))
            return rc;
    }
    return row.kept_from == kept_from ? 0 : outbox_rows_put(o, txn, id, &row);
}

int
outbox_prune(struct outboxes *o, int64_t now, size_t most)
{
    const int64_t day = INT64_C(86400) * 1000000;
    struct outbox_id id = {{0}};
    MDB_txn *txn;
    int rc;

    while (most && (rc = outbox_each(o, &id)) == 1) {
        if ((rc = outbox_rows_begin_without(o, &txn))) /* there may be no room for them */
            return rc;
        rc = prune_one(o, txn, &id, now - OUTBOX_KEPT_DAYS * day, &most);
        if ((rc = outbox_rows_finish(o, txn, rc)))
            return rc;
    }
    return most ? rc : 0;
}
