/* What the model lets each of the audience hear, and what it must hold. */
#include <stdarg.h>

#include "broker/queries/queries.h"
#include "schema/picture.h"
#include "schema/wire/frame.h"
#include "tests/feed_audience_inside.h"
#include "tests/t.h"

void
audience_wrong(struct audience *a, const struct listener *l, int64_t *count, const char *what, ...)
{
    va_list args;

    if (a->leaks + a->losses + a->disorder == 0) {
        printf("    history %d, entry %lld, %s, subscription %lld: ", a->history,
               (long long)a->broker->board.ledger.number, model_clients[l->client],
               (long long)l->id);
        va_start(args, what);
        vprintf(what, args);
        va_end(args);
        putchar('\n');
    }
    ++*count;
}

/* --- what the model says ---------------------------------------------------------------------- */

static bool
is_asked(const struct followed_filter *by, int plan)
{
    unsigned of_plan = ((1U << MODEL_REFS) - 1) << plan * MODEL_REFS;
    return (!by->by_plans || (by->plans >> plan & 1))
           && (!by->by_actions || (by->actions & of_plan));
}

unsigned
audience_plans(const struct model *m, const struct listener *l)
{
    unsigned plans = 0;

    for (int p = 0; p < MODEL_PLANS; p++)
        plans |= (unsigned)(model_sees_plan(m, l->client, p) && is_asked(&l->heard.filter, p)) << p;
    return plans;
}

static void
name_action(int action, char id[PATH_MAX_LEN])
{
    (void)snprintf(id, PATH_MAX_LEN, "%s/%d", model_plans[action / MODEL_REFS],
                   1 + action % MODEL_REFS);
}

/* Its themes and parts now: those are not this test's matter. */
bool
audience_lets_through(struct audience *a, const struct followed_filter *by, int action)
{
    static const char *const themes[] = {"t0", "t1", "t2", "t3"};
    struct state *state = a->broker->board.ledger.state;
    char id[PATH_MAX_LEN];
    struct plan_row plan;
    struct action_row row;
    struct picture pic;
    bool theme = !by->by_themes, agency = !by->by_agencies;

    if (by->by_actions && !(by->actions >> action & 1))
        return false;
    name_action(action, id);
    CHECK_INT(1, state_get_action(state, a->arena, text_of(id), &row));
    CHECK_INT(1, state_get_plan(state, a->arena, text_of(model_plans[action / MODEL_REFS]), &plan));
    CHECK_INT(0, picture_load(state, a->arena, &plan, &row, &pic));
    for (int t = 0; t < FOLLOWED_THEMES; t++)
        theme |= (by->themes >> t & 1) && texts_hold(row.themes, text_of(themes[t]));
    for (int g = 0; g < MODEL_AGENCIES; g++)
        agency |= (by->agencies >> g & 1) && picture_share(&pic, text_of(model_agencies[g]));
    return theme && agency;
}

void
audience_note_filter(struct audience *a, struct listener *l)
{
    const struct followed_filter *by = &l->heard.filter;
    struct state *state = a->broker->board.ledger.state;
    struct action_row row;
    char id[PATH_MAX_LEN];

    for (int action = 0; action < FOLLOWED_ACTIONS && (by->by_themes || by->by_agencies);
         action++) {
        name_action(action, id);
        int there = state_get_action(state, a->arena, text_of(id), &row);
        CHECK(there >= 0);
        if (there)
            *(audience_lets_through(a, by, action) ? &l->let_through[action]
                                                   : &l->held_back[action]) = a->story->number;
    }
}

bool
audience_is_due(struct audience *a, const struct listener *l, const struct model_entry *e)
{
    const struct followed_filter *by = &l->heard.filter;

    if (by->want == WANT_ROWS || !model_sees_entry(story_now(a->story), l->client, e))
        return false;
    if (e->plan == MODEL_NONE)
        return !by->by_plans && !by->by_actions && !by->by_themes
               && (!by->by_agencies
                   || (e->agency != MODEL_NONE && (by->agencies >> e->agency & 1)));
    return is_asked(by, e->plan)
           && (e->action == MODEL_NONE || audience_lets_through(a, by, e->action));
}

/* Has the broker let it go because nobody has this key any more? What is not durable
   may not come to be. */
bool
audience_is_revoked(const struct audience *a, const struct listener *l)
{
    return !model_key_is_valid(story_now(a->story), l->client, l->at->key[0]);
}

/* --- what each holds ----------------------------------------------------------------- */

/* A plan's rows as a query shows them, rated on a day. */
struct shown_rows {
    struct followed_row actions[MODEL_REFS];
    struct followed_row plan;
    bool closed;
};

static void
ask(struct audience *a, const struct listener *l, int plan, int32_t day, struct shown_rows *out)
{
    static uint8_t frame[FRAME_OUT_MAX];
    const struct author author = {
        .client = text_of(model_clients[l->client]),
        .agency = text_of(model_agencies[model_agency(text_of(model_clients[l->client]))]),
        .role = (enum role)story_now(a->story)->client[l->client].role};
    struct ledger *ledger = &a->broker->board.ledger;
    const struct querying q = {ledger, &a->broker->service.heads, &author, day, NULL};
    struct query query = {.id = 1, .what = QUERY_STATUS, .plan = text_of(model_plans[plan])};
    struct plan_row row;
    enum message_kind kind;
    union message m;
    struct fault fault;

    *out = (struct shown_rows){0};
    query.has.id = query.has.what = query.has.plan = 1;
    arena_reset(ledger->arena);
    int len = queries_answer(&q, &query, frame);
    CHECK(len > 0 && frame_decode(ledger->arena, frame, (size_t)len, &kind, &m, &fault));
    if (kind != SAY_RESULT) {
        audience_wrong(a, l, &a->losses, "%s can't be asked for", model_plans[plan]);
        return;
    }
    for (uint32_t i = 0; i < m.result.actions.count; i++) {
        const struct listed *listed = &m.result.actions.at[i];
        out->actions[model_action(listed->id) % MODEL_REFS] =
            (struct followed_row){.there = true,
                                  .day = day,
                                  .rating = (int)listed->rating,
                                  .digest = followed_digest(&listed_record, listed)};
    }
    CHECK_INT(1, state_get_plan(ledger->state, ledger->arena, text_of(model_plans[plan]), &row));
    out->closed = row.closed;
    out->plan = (struct followed_row){.there = true, .digest = followed_digest_of_plan(&row)};
}

/* A row told on an earlier day must be as it would be shown on that day, and of
   today's colour: a new day tells of what changes its colour alone. */
static void
check_plan(struct audience *a, struct listener *l, int plan)
{
    const int32_t today = ledger_day(&a->broker->board.ledger, a->broker->now.host);
    const struct followed_state *holds = &l->heard.now;
    struct shown_rows now, then;

    ask(a, l, plan, today, &now);
    if (!holds->plan_rows[plan].there || holds->plan_rows[plan].digest != now.plan.digest)
        audience_wrong(a, l, &a->losses, "the row of %s is %s", model_plans[plan],
                       holds->plan_rows[plan].there ? "not today's" : "missing");
    for (int ref = 0; ref < MODEL_REFS; ref++) {
        int action = plan * MODEL_REFS + ref;
        const struct followed_row *row = &holds->actions[action];
        bool is_for_it =
            now.actions[ref].there && audience_lets_through(a, &l->heard.filter, action);
        if (row->there != is_for_it) {
            audience_wrong(a, l, row->there ? &a->leaks : &a->losses, "the row of %s/%d is %s",
                           model_plans[plan], ref + 1, row->there ? "not for it" : "missing");
            continue;
        }
        if (!is_for_it)
            continue;
        then = now;
        if (row->day != today)
            ask(a, l, plan, row->day, &then);
        if (row->digest != then.actions[ref].digest)
            audience_wrong(a, l, &a->losses, "the row of %s/%d is not the newest",
                           model_plans[plan], ref + 1);
        else if (row->rating != now.actions[ref].rating && !now.closed)
            audience_wrong(a, l, &a->losses, "%s/%d is of another colour today", model_plans[plan],
                           ref + 1);
    }
}

static void
check_holds(struct audience *a, struct listener *l)
{
    const unsigned plans = audience_plans(story_now(a->story), l);

    if (l->due_heard < l->due_count)
        audience_wrong(a, l, &a->losses, "entry %lld never came", (long long)l->due[l->due_heard]);
    if (l->heard.now.plans != plans)
        audience_wrong(a, l, l->heard.now.plans & ~plans ? &a->leaks : &a->losses,
                       "holds plans %x, not %x", l->heard.now.plans, plans);
    if (l->heard.filter.want == WANT_ENTRIES)
        return;
    arena_reset(a->arena);
    for (int p = 0; p < MODEL_PLANS; p++) {
        if (plans >> p & 1)
            check_plan(a, l, p);
        for (int ref = 0; ref < MODEL_REFS; ref++)
            if (!(plans >> p & 1) && l->heard.now.actions[p * MODEL_REFS + ref].there)
                audience_wrong(a, l, &a->leaks, "holds a row of %s", model_plans[p]);
    }
}

void
audience_check(struct audience *a)
{
    for (int i = 0; i < AUDIENCE_LISTENERS; i++) {
        struct listener *l = &a->listeners[i];
        if (l->doing != LISTENER_FOLLOWS || audience_is_revoked(a, l))
            continue;
        const struct follower *f = small_broker_follower(a->broker, &l->at->route, l->id);
        if (f && f->credit != l->credit)
            audience_wrong(a, l, &a->disorder, "has credit %lld, not %lld", (long long)f->credit,
                           (long long)l->credit);
        if (f && f->upto < a->broker->board.ledger.number && l->credit >= CREDIT_LEAST)
            audience_wrong(a, l, &a->losses, "is stuck at %lld", (long long)f->upto);
        if (f && !f->starved && l->credit >= FEED_COST_LEAST)
            check_holds(a, l);
    }
}
