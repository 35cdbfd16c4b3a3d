#include "broker/queries/as_at.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "broker/queries/answers.h"
#include "schema/access.h"
#include "schema/days.h"
#include "schema/ids.h"

/* --- the day -------------------------------------------------------------------- */

static const char *
say_day(const struct querying *q, const char *what, int32_t day)
{
    enum { SIZE = 120 };
    char *text = arena_take(q->ledger->arena, SIZE);
    char days[DAY_TEXT];

    day_format(day, days);
    (void)snprintf(text, SIZE, "%s %s", what, days);
    return text;
}

int
as_at_check(const struct querying *q, int32_t day, const char **fault)
{
    struct entry first;

    *fault = NULL;
    if (day > q->today) {
        *fault = say_day(q, "that day is still to come: today is", q->today);
        return 0;
    }
    int rc = ledger_entry(q->ledger, 1, &first);
    if (rc == 1 && day < first.day)
        *fault = say_day(q, "the journal holds nothing of that day: it begins on", first.day);
    return rc < 0 ? rc : 0;
}

/* --- the plan ------------------------------------------------------------------- */

/* The first plan of today's that may be seen, from `from` on, or after it. */
static int
first_seen(const struct querying *q, struct text from, bool inclusive, struct text *plan)
{
    const struct state_key all = {.len = 0};
    struct arena *arena = q->ledger->arena;
    struct state_walk walk;
    struct plan_row row;
    int rc;

    state_walk_begin(&walk, TABLE_PLANS, &all);
    walk.key = state_key_of(from);
    walk.begun = !inclusive;
    while ((rc = state_walk_next(q->ledger->state, arena, &walk, &row)) == 1) {
        if ((rc = access_sees_plan(q->ledger->state, arena, q->author, &row)) == 0)
            continue;
        *plan = row.id;
        break;
    }
    return rc;
}

static int
seen(const struct querying *q, struct text id, struct text *plan)
{
    struct plan_row row;

    *plan = id;
    return access_get_plan(q->ledger->state, q->ledger->arena, q->author, id, &row);
}

/* Whose past is needed. A list of plans goes on after the plan that ended the page
   before, a list of actions with the plan of the action that did. */
static int
choose_plan(const struct querying *q, const struct query *query, struct text *plan)
{
    const struct text after = query->has.after ? query->after : (struct text){"", 0};

    *plan = (struct text){"", 0};
    if (query->what == QUERY_AGENCIES || query->what == QUERY_CLIENTS)
        return 1;
    if (query->what == QUERY_SHOW)
        return query->has.action ? seen(q, path_first(query->action), plan) : 0;
    if (query->has.plan)
        return seen(q, query->plan, plan);
    if (query->what == QUERY_PLANS)
        return first_seen(q, after, !after.len, plan);
    return first_seen(q, path_first(after), true, plan);
}

/* --- the answer ------------------------------------------------------------------- */

static bool
is_past_of(const struct past *past, struct text plan, int32_t day)
{
    return past && past->of.day == day && text_is(plan, past->of.plan);
}

int
as_at_need(const struct querying *q, const struct query *query, struct past_of *out)
{
    const char *fault;
    struct text plan;
    int rc = as_at_check(q, query->as_at, &fault);

    if (rc || fault)
        return rc;
    if ((rc = choose_plan(q, query, &plan)) != 1)
        return rc;
    if (is_past_of(q->past, plan, query->as_at))
        return 0;
    rc = past_find(q->ledger, plan, query->as_at, out);
    return rc ? rc : 1;
}

/* Where no plan may be seen, the list of them is empty. */
static int
answer_nothing(const struct query *query, struct result *result)
{
    bool all = !query->has.plan && (query->what == QUERY_STATUS || query->what == QUERY_PLANS);

    result->has.actions = all && query->what == QUERY_STATUS;
    result->has.plans = all && query->what == QUERY_PLANS;
    return all;
}

/* The plan is done: the next page is of the one after. */
static int
go_on(const struct querying *q, const struct query *query, struct text plan, struct result *result)
{
    struct text next;
    int rc = first_seen(q, plan, false, &next);

    if (rc != 1)
        return rc;
    if (query->what == QUERY_PLANS)
        next = plan;
    char *text = arena_take(q->ledger->arena, next.len + 1);
    memcpy(text, next.at, next.len);
    text[next.len] = '/';
    result->next = (struct text){text, next.len + (query->what == QUERY_STATUS)};
    result->has.next = 1;
    return 0;
}

int
as_at_answer(const struct querying *q, const struct query *query, struct result *result)
{
    struct board_row board = {0};
    struct text plan;
    int rc = choose_plan(q, query, &plan);

    result->day = query->as_at;
    if (rc != 1)
        return rc ? rc : answer_nothing(query, result);
    const struct past *past = q->past;
    assert(is_past_of(past, plan, query->as_at)); /* as_at_need has seen to it */
    const struct answering then = {past->state, q->ledger->state, q->ledger->arena, q->author,
                                   query->as_at};
    if ((rc = state_get_board(past->state, q->ledger->arena, &board)) < 0)
        return rc;
    result->epoch = board.epoch;
    result->number = past->number;
    if ((rc = answer_rows(&then, query, result)) != 1 || result->has.next || query->has.plan)
        return rc;
    if (query->what == QUERY_STATUS || query->what == QUERY_PLANS)
        rc = go_on(q, query, plan, result);
    return rc < 0 ? rc : 1;
}
