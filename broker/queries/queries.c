#include "broker/queries/queries.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "broker/queries/answers.h"
#include "broker/queries/as_at.h"
#include "broker/queries/counts.h"
#include "broker/queries/credit.h"
#include "broker/queries/entries.h"
#include "schema/ids.h"
#include "schema/wire/frame.h"

/* --- frames ---------------------------------------------------------------------- */

static int
say_error(const struct query *query, enum wire_error code, const char *reason, void *out)
{
    struct error e = {.code = code, .reason = text_of(reason), .id = query->id};

    e.has.code = e.has.reason = e.has.id = 1;
    return (int)frame_encode(SAY_ERROR, &e, out, FRAME_OUT_MAX);
}

static int
say_absent(const struct query *query, void *out)
{
    return say_error(query, ERROR_NOT_FOUND,
                     query->has.as_at
                         ? "there was none such on that day, or this client may not see it"
                         : "there is none such, or this client may not see it",
                     out);
}

static int
say_result(const struct querying *q, const struct query *query, struct result *result, void *out)
{
    size_t room = credit_of(query);
    size_t least;
    size_t len = credit_fit(q->ledger->arena, result, room, out, &least);
    char reason[120] = "the answer does not fit a message: ask for less";

    if (len)
        return (int)len;
    if (least)
        (void)snprintf(reason, sizeof reason,
                       "the least of the answer takes %zu bytes, and the credit is %zu", least,
                       room);
    return say_error(query, ERROR_LIMIT, reason, out);
}

/* Sizes and numbers are no secret. */
static int
say_no_proof(const struct querying *q, const struct query *query, void *out)
{
    char reason[120];

    (void)snprintf(reason, sizeof reason,
                   "there is no such proof: `size` is 1 to %" PRId64 ", and `from` 1 to `size`",
                   q->ledger->durable);
    return say_error(query, ERROR_NOT_FOUND, reason, out);
}

/* --- proofs ------------------------------------------------------------------------- */

static int
answer_head(const struct querying *q, struct result *result)
{
    struct board_row board;
    int rc = state_get_board(q->ledger->state, q->ledger->arena, &board);

    if (rc != 1)
        return rc;
    if ((rc = heads_sign(q->heads, q->ledger->journal, board.name, board.epoch, &result->head)))
        return rc;
    result->has.head = 1;
    return 1;
}

static bool
is_proof(enum query_kind what)
{
    return what == QUERY_INCLUSION || what == QUERY_CONSISTENCY;
}

/* Of entry `from`, or of the tree of that size: in one that there is. */
static bool
can_be_proven(const struct querying *q, const struct query *query)
{
    return query->from >= 1 && query->from <= query->size && query->size <= q->ledger->durable;
}

static void
put_proof(const struct querying *q, const struct tree_proof *proof, struct result *result)
{
    size_t len = proof->count * sizeof *proof->hash;
    result->proof = (struct bytes){arena_copy(q->ledger->arena, proof->hash, len), (uint32_t)len};
    result->has.proof = 1;
}

static int
copy_leaf(void *context, const struct journal_entry *entry)
{
    memcpy(context, entry->leaf->bytes, DIGEST_SIZE);
    return 1;
}

static int
answer_inclusion(const struct querying *q, const struct query *query, struct result *result)
{
    uint8_t *leaf = arena_take(q->ledger->arena, DIGEST_SIZE);
    struct tree_proof proof;
    uint64_t next;

    int rc = journal_prove_inclusion(q->ledger->journal, (uint64_t)query->from,
                                     (uint64_t)query->size, &proof);
    if (rc)
        return rc;
    put_proof(q, &proof, result);
    rc = journal_read(q->ledger->journal, (uint64_t)query->from, 1, copy_leaf, leaf, &next);
    result->leaf = (struct bytes){leaf, DIGEST_SIZE};
    result->has.leaf = 1;
    return rc < 0 ? rc : 1;
}

static int
answer_consistency(const struct querying *q, const struct query *query, struct result *result)
{
    struct tree_proof proof;
    int rc = journal_prove_consistency(q->ledger->journal, (uint64_t)query->from,
                                       (uint64_t)query->size, &proof);
    if (rc)
        return rc;
    put_proof(q, &proof, result);
    return 1;
}

/* --- the whole ------------------------------------------------------------------------ */

static int
answer_now(const struct querying *q, const struct query *query, struct result *result)
{
    const struct answering now = {q->ledger->state, q->ledger->state, q->ledger->arena, q->author,
                                  q->today};
    return answer_rows(&now, query, result);
}

static int
answer(const struct querying *q, const struct query *query, struct result *result)
{
    switch (query->what) {
    case QUERY_STATUS:
    case QUERY_SHOW:
    case QUERY_PLANS:
    case QUERY_AGENCIES:
    case QUERY_CLIENTS:
        return query->has.as_at ? as_at_answer(q, query, result) : answer_now(q, query, result);
    case QUERY_OVER_TIME: return counts_answer(q, query, result);
    case QUERY_HISTORY: return entries_history(q, query, result);
    case QUERY_LOG: return entries_log(q, query, result);
    case QUERY_HEAD: return answer_head(q, result);
    case QUERY_INCLUSION: return answer_inclusion(q, query, result);
    case QUERY_CONSISTENCY: return answer_consistency(q, query, result);
    case QUERY_COUNT: break;
    }
    return 0;
}

/* Entries as at a day are those until then. */
static struct query
bounded(const struct query *query)
{
    struct query q = *query;

    if (q.has.as_at && (!q.has.until || q.until > q.as_at)) {
        q.until = q.as_at;
        q.has.until = 1;
    }
    return q;
}

int
queries_need(const struct querying *q, const struct query *query, struct past_of *out)
{
    const struct query asked = bounded(query);

    if (query->what == QUERY_OVER_TIME)
        return counts_need(q, &asked, out);
    return query->has.as_at && answers_rows(query->what) ? as_at_need(q, &asked, out) : 0;
}

/* 0, with *fault a sentence where it asks for days that there are not; or negative. */
static int
check_days(const struct querying *q, const struct query *query, const char **fault)
{
    int rc = 0;

    *fault = NULL;
    if (query->has.as_at)
        rc = as_at_check(q, query->as_at, fault);
    if (!rc && !*fault && query->what == QUERY_OVER_TIME)
        rc = counts_check(q, query, fault);
    return rc;
}

int
queries_answer(const struct querying *q, const struct query *query, void *out)
{
    struct result result = {.id = query->id, .number = q->ledger->number, .day = q->today};
    const struct query asked = bounded(query);
    const char *no_day = NULL;
    struct board_row board;
    int rc = state_get_board(q->ledger->state, q->ledger->arena, &board);

    if (rc < 0 || (rc = check_days(q, &asked, &no_day)))
        return rc;
    if (no_day)
        return say_error(query, ERROR_DAY, no_day, out);
    if (is_proof(query->what) && !can_be_proven(q, query))
        return say_no_proof(q, query, out);
    result.epoch = board.epoch;
    result.has.id = result.has.number = result.has.epoch = result.has.day = 1;
    if ((rc = answer(q, &asked, &result)) < 0)
        return rc;
    if (!rc)
        return say_absent(query, out);
    return say_result(q, query, &result, out);
}
