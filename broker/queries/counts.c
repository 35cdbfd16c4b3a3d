#include "broker/queries/counts.h"

#include <assert.h>
#include <string.h>

#include "broker/queries/as_at.h"
#include "schema/access.h"
#include "schema/days.h"

static int32_t
last_day(const struct querying *q, const struct query *query)
{
    return query->has.until ? query->until : q->today;
}

int
counts_check(const struct querying *q, const struct query *query, const char **fault)
{
    int32_t last = last_day(q, query);

    if (query->has.since && query->since > last) {
        *fault = "`since` is after `until`";
        return 0;
    }
    return as_at_check(q, last, fault);
}

/* A page goes on after the day that ended the one before it. */
static struct past_days
days_of(const struct query *query, int32_t last)
{
    struct past_days days = {COUNTS_FROM_BEGIN, EVERY_WEEK, PAGE_MAX};
    int32_t after;

    if (query->has.every)
        days.every = (int32_t)query->every;
    if (query->has.limit)
        days.most = (uint32_t)query->limit;
    if (query->has.since)
        days.since = query->since;
    if (query->has.after && day_parse(query->after.at, query->after.len, &after)
        && after >= days.since)
        days.since = after < last && last - after < days.every ? last : after + days.every;
    return days;
}

static bool
is_past_of(const struct past *past, const struct query *query, int32_t last)
{
    const struct past_days days = days_of(query, last);

    return past && text_is(query->plan, past->of.plan) && past->of.day == last
           && past->of.days.since == days.since && past->of.days.every == days.every
           && past->of.days.most == days.most;
}

static int
sees_plan(const struct querying *q, const struct query *query)
{
    struct plan_row row;

    return query->has.plan
               ? access_get_plan(q->ledger->state, q->ledger->arena, q->author, query->plan, &row)
               : 0;
}

int
counts_need(const struct querying *q, const struct query *query, struct past_of *out)
{
    const char *fault;
    int rc = counts_check(q, query, &fault);

    if (rc || fault || (rc = sees_plan(q, query)) != 1)
        return rc;
    if (is_past_of(q->past, query, last_day(q, query)))
        return 0;
    rc = past_find(q->ledger, query->plan, last_day(q, query), out);
    out->days = days_of(query, last_day(q, query));
    return rc ? rc : 1;
}

int
counts_answer(const struct querying *q, const struct query *query, struct result *result)
{
    const struct past *past = q->past;
    struct board_row board = {0};
    int rc = sees_plan(q, query);

    if (rc != 1)
        return rc;
    assert(is_past_of(past, query, last_day(q, query))); /* counts_need has seen to it */
    if ((rc = state_get_board(past->state, q->ledger->arena, &board)) < 0)
        return rc;
    result->day = past->of.day;
    result->epoch = board.epoch;
    result->number = past->number;
    result->counts.at = past->counts.at;
    result->counts.count = past->counts.count;
    result->has.counts = 1;
    if (!past->counts.more)
        return 1;
    char *next = arena_take(q->ledger->arena, DAY_TEXT);
    day_format(past->counts.at[past->counts.count - 1].day, next);
    result->next = (struct text){next, DAY_TEXT - 1};
    result->has.next = 1;
    return 1;
}
