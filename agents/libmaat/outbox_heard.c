/* Verdicts on their way from the broker's mouth to the disk, and to whoever is told. */
#include <stdlib.h>
#include <string.h>

#include "agents/libmaat/outbox_rows.h"
#include "schema/must.h"

/* --- hearing ------------------------------------------------------------------------------ */

static struct heard *
add(struct heard_list *list, const struct outbox_id *id, int64_t n)
{
    if (list->count == list->cap) {
        list->cap = list->cap ? 2 * list->cap : 256;
        list->at = must(realloc(list->at, list->cap * sizeof *list->at));
    }
    struct heard *heard = &list->at[list->count++];
    *heard = (struct heard){.id = *id, .n = n};
    return heard;
}

static struct verdict
verdict_of(enum kept_state state, int64_t number, int64_t now)
{
    struct verdict verdict = {.state = state, .number = number, .settled = now};
    verdict.has.state = verdict.has.number = verdict.has.settled = 1;
    return verdict;
}

void
outbox_acknowledge(struct outboxes *o, const struct outbox_id *id, int64_t n,
                   const int64_t *numbers, size_t count, int64_t now)
{
    for (size_t i = 0; i < count; i++)
        add(&o->heard, id, n + (int64_t)i)->verdict =
            verdict_of(KEPT_ACKNOWLEDGED, numbers[i], now);
}

void
outbox_refuse(struct outboxes *o, const struct outbox_id *id, int64_t n, int64_t number,
              enum fault_code code, struct text field, struct text reason, int64_t now)
{
    struct verdict verdict = verdict_of(KEPT_REFUSED, number, now);

    verdict.code = code;
    verdict.field = text_copy(o->heard.arena, field);
    verdict.reason = text_copy(o->heard.arena, reason);
    verdict.has.code = verdict.has.field = verdict.has.reason = 1;
    add(&o->heard, id, n)->verdict = verdict;
}

size_t
outbox_unwritten(const struct outboxes *o)
{
    return o->heard.count - o->heard.written;
}

/* --- writing -------------------------------------------------------------------------------- */

/* From this n on no row is in the table, of this outbox or of one after it. */
static int64_t
find_end(struct outboxes *o, MDB_txn *txn, const struct heard *first)
{
    return outbox_rows_how(txn, o->verdicts, &first->id, first->n) ? first->n : INT64_MAX;
}

/* One that had its verdict keeps it. After a requeue a person may have seen the first. */
static int
settle(struct outboxes *o, MDB_txn *txn, struct heard *heard, struct outbox_row *row, int64_t *end)
{
    const bool is_new = heard->n >= *end;
    struct verdict verdict = heard->verdict;
    struct verdict before;
    int rc = 0;

    heard->settled = false;
    if (heard->n > row->last)
        return 0;
    arena_reset(o->arena);
    if (!is_new)
        rc = outbox_rows_get_verdict(o, txn, o->arena, &heard->id, heard->n, &before);
    if (rc < 0 || (rc ? before.state != KEPT_QUEUED : heard->n < row->first_queued))
        return rc < 0 ? rc : 0;
    if (rc)
        KEEP(&verdict, &before, seen_by);
    if (verdict.state == KEPT_REFUSED && !verdict.seen_by
        && (rc = outbox_rows_mark_refused(o, txn, &heard->id, heard->n, row)))
        return rc;
    heard->settled = true;
    row->queued--;
    row->first_queued += heard->n == row->first_queued;
    if (is_new)
        *end = heard->n + 1;
    return outbox_rows_put_verdict(o, txn, &heard->id, heard->n, &verdict, is_new ? MDB_APPEND : 0);
}

static bool
is_of(const struct heard *heard, const struct outbox_id *id)
{
    return memcmp(&heard->id, id, sizeof *id) == 0;
}

int
outbox_rows_put_heard(struct outboxes *o, MDB_txn *txn)
{
    struct heard_list *list = &o->heard;
    size_t i = list->written;
    int rc = 0;

    while (i < list->count && !rc) {
        const struct outbox_id id = list->at[i].id;
        struct outbox_row row;
        int64_t end = find_end(o, txn, &list->at[i]);
        rc = outbox_rows_get(o, txn, &id, &row);
        for (; i < list->count && is_of(&list->at[i], &id) && !rc; i++)
            rc = settle(o, txn, &list->at[i], &row, &end);
        if (!rc && !(rc = outbox_rows_advance(o, txn, &id, &row)))
            rc = outbox_rows_put(o, txn, &id, &row);
    }
    list->put = i;
    return rc;
}

static void
end_waiting(struct outboxes *o, int64_t upto)
{
    size_t passed = 0;

    while (passed < o->awaited.count && o->awaited.at[passed] <= upto)
        passed++;
    o->awaited.count -= passed;
    if (o->awaited.count && passed)
        memmove(o->awaited.at, o->awaited.at + passed, o->awaited.count * sizeof *o->awaited.at);
}

void
outbox_rows_end_heard(struct outboxes *o)
{
    if (o->heard.put > o->heard.written)
        end_waiting(o, o->heard.at[o->heard.put - 1].n);
    o->heard.written = o->heard.put;
}

int
outbox_write(struct outboxes *o)
{
    MDB_txn *txn;

    if (!outbox_unwritten(o))
        return 0;
    int rc = outbox_rows_begin(o, &txn);
    return rc ? rc : outbox_rows_finish(o, txn, 0);
}

/* --- telling --------------------------------------------------------------------------------- */

bool
outbox_next_settled(struct outboxes *o, struct outbox_id *id, int64_t *n, struct kept *out)
{
    struct heard_list *list = &o->heard;

    while (list->told < list->written) {
        const struct heard *heard = &list->at[list->told++];
        if (!heard->settled)
            continue;
        *id = heard->id;
        *n = heard->n;
        *out = outbox_rows_kept_of(&heard->verdict);
        return true;
    }
    if (list->told == list->count) {
        list->told = list->written = list->count = 0;
        arena_reset(list->arena);
    }
    return false;
}

void
outbox_await(struct outboxes *o, int64_t n)
{
    if (o->awaited.count == o->awaited.cap) {
        o->awaited.cap = o->awaited.cap ? 2 * o->awaited.cap : 64;
        o->awaited.at = must(realloc(o->awaited.at, o->awaited.cap * sizeof *o->awaited.at));
    }
    o->awaited.at[o->awaited.count++] = n;
}

bool
outbox_is_awaited(const struct outboxes *o)
{
    return o->awaited.count && outbox_unwritten(o)
           && o->awaited.at[0] <= o->heard.at[o->heard.count - 1].n;
}
