#include "broker/queries/answers.h"

#include <string.h>

#include "broker/queries/credit.h"
#include "broker/queries/listed.h"
#include "broker/queries/tally.h"
#include "schema/codec.h"
#include "schema/ids.h"

/* --- pages ------------------------------------------------------------------- */

struct page {
    uint32_t looked, held, limit;
    size_t bytes, room;
};

static struct page
page_begin(const struct query *q)
{
    size_t credit = credit_of(q);

    return (struct page){.limit = q->has.limit ? (uint32_t)q->limit : PAGE_ROWS,
                         .room = credit < PAGE_BYTES ? credit : PAGE_BYTES};
}

static bool
page_full(const struct page *p)
{
    return p->looked >= PAGE_ROWS || p->held == p->limit || p->bytes > p->room;
}

static bool
add_length(void *context, const char *field, struct text text)
{
    (void)field;
    *(size_t *)context += text.len + 8;
    return true;
}

static void
page_hold(struct page *p, const struct record *r, const void *row)
{
    p->held++;
    p->bytes += 16 * (size_t)r->count;
    record_each_text(r, row, add_length, &p->bytes);
}

/* The walk goes on after the key of the last row that was looked at. */
static void
page_end(const struct answering *a, const struct state_walk *w, bool more, struct result *out)
{
    if (!more)
        return;
    out->next = (struct text){arena_copy(a->arena, w->key.at, w->key.len), w->key.len};
    out->has.next = 1;
}

static void
walk_from(struct state_walk *w, enum state_table table, const struct state_key *prefix,
          const struct query *q)
{
    state_walk_begin(w, table, prefix);
    if (!q->has.after || q->after.len > sizeof w->key.at || q->after.len < prefix->len
        || memcmp(q->after.at, prefix->at, prefix->len) != 0)
        return;
    w->key = state_key_of(q->after);
    w->begun = true;
}

/* --- filters ------------------------------------------------------------------- */

static bool
wanted(const struct query *q, const struct listed_action *a)
{
    return (!q->has.agency || picture_share(&a->picture, q->agency))
           && (!q->has.theme || texts_hold(a->listed.themes, q->theme))
           && (!q->has.rating || a->listed.rating == q->rating)
           && (!q->has.silent_since
               || (a->listed.has.unheard && a->listed.unheard < q->silent_since));
}

/* --- plans that may be seen -------------------------------------------------------- */

/* The plan as it was, if its reader may see it as it is. */
static int
see_plan(const struct answering *a, struct text id, struct plan_row *plan)
{
    int rc = access_get_plan(a->rights, a->arena, a->author, id, plan);
    return rc == 1 && a->rows != a->rights ? state_get_plan(a->rows, a->arena, id, plan) : rc;
}

/* Actions come plan by plan: the last plan looked at is mostly the next. */
struct plan_at_hand {
    struct plan_row plan;
    struct text id;
    int seen;
};

static int
plan_of(const struct answering *a, struct text action, struct plan_at_hand *at)
{
    struct text id = path_first(action);

    if (at->id.at && text_equal(at->id, id))
        return at->seen;
    at->id = id;
    return at->seen = see_plan(a, id, &at->plan);
}

/* The next action of a plan that is listed. Any other plan is passed over whole, so
   that neither where a page ends nor how long it is tells of what is not seen. */
static int
next_listed(const struct answering *a, const struct query *q, struct state_walk *w,
            struct plan_at_hand *at, struct action_row *row)
{
    int rc;

    while ((rc = state_walk_next(a->rows, a->arena, w, row)) == 1) {
        int seen = plan_of(a, row->id, at);
        if (seen < 0)
            return seen;
        if (seen && (!at->plan.closed || q->has.plan))
            return 1;
        w->key = state_key_of(at->id);
        memcpy(w->key.at + w->key.len, "/\xff", 2); /* after all of its actions */
        w->key.len += 2;
    }
    return rc;
}

/* --- the answers ---------------------------------------------------------------------- */

int
answer_status(const struct answering *a, const struct query *q, struct result *out)
{
    struct state_key prefix = {.len = 0};
    struct page page = page_begin(q);
    struct listed *list = arena_take(a->arena, page.limit * sizeof *list);
    struct plan_at_hand at = {0};
    struct state_walk walk;
    struct action_row *row;
    int rc;

    if (q->has.plan) {
        if ((rc = see_plan(a, q->plan, &at.plan)) != 1)
            return rc;
        prefix = state_key_of(q->plan);
        prefix.at[prefix.len++] = '/';
    }
    walk_from(&walk, TABLE_ACTIONS, &prefix, q);
    for (rc = 1; rc == 1 && !page_full(&page);) {
        row = arena_take(a->arena, sizeof *row);
        if ((rc = next_listed(a, q, &walk, &at, row)) != 1)
            break;
        page.looked++;
        struct listed_action action;
        if ((rc = listed_load(a->rows, a->arena, &at.plan, row, a->day, &action)) < 0)
            return rc;
        rc = 1;
        if (!wanted(q, &action))
            continue;
        list[page.held] = action.listed;
        page_hold(&page, &listed_record, &list[page.held]);
    }
    if (rc < 0)
        return rc;
    page_end(a, &walk, rc == 1, out);
    out->actions.at = list;
    out->actions.count = page.held;
    out->has.actions = 1;
    return 1;
}

int
answer_show(const struct answering *a, const struct query *q, struct result *out)
{
    struct shown *shown = &out->shown;
    struct listed_action action;
    int rc = q->has.action ? see_plan(a, path_first(q->action), &shown->plan) : 0;

    if (rc == 1)
        rc = state_get_action(a->rows, a->arena, q->action, &shown->action);
    if (rc != 1)
        return rc;
    if ((rc = listed_load(a->rows, a->arena, &shown->plan, &shown->action, a->day, &action)) < 0)
        return rc;
    shown->listed = action.listed;
    const struct picture *pic = &action.picture;
    struct part *parts = arena_take(a->arena, pic->count * sizeof *parts);
    for (uint32_t i = 0; i < pic->count; i++) {
        parts[i] = pic->shares[i].part;
        parts[i].action = shown->action.id;
        parts[i].agency = pic->shares[i].agency;
        parts[i].has.action = parts[i].has.agency = parts[i].has.changed = parts[i].has.last = 1;
    }
    shown->parts.at = parts;
    shown->parts.count = pic->count;
    shown->has.plan = shown->has.action = shown->has.listed = shown->has.parts = 1;
    out->has.shown = 1;
    return 1;
}

static int
list_plan(const struct answering *a, const struct plan_row *plan, struct plan_line *line)
{
    struct tally tally;
    int rc = tally_plan(a->rows, a->arena, plan, a->day, &tally);

    *line = (struct plan_line){.plan = *plan};
    line->has.plan = 1;
    TALLY_PUT(line, &tally);
    return rc;
}

int
answer_plans(const struct answering *a, const struct query *q, struct result *out)
{
    const struct state_key all = {.len = 0};
    struct page page = page_begin(q);
    struct plan_line *list = arena_take(a->arena, page.limit * sizeof *list);
    struct plan_row plan;
    struct state_walk walk;
    int rc = 1;

    walk_from(&walk, TABLE_PLANS, &all, q);
    while (!page_full(&page) && (rc = state_walk_next(a->rows, a->arena, &walk, &plan)) == 1) {
        int seen = see_plan(a, plan.id, &plan);
        if (seen < 0)
            return seen;
        if (!seen || (q->has.plan && !text_equal(q->plan, plan.id)))
            continue;
        if ((rc = list_plan(a, &plan, &list[page.held])) < 0)
            return rc;
        page.looked += 1 + (uint32_t)list[page.held].actions;
        page_hold(&page, &plan_line_record, &list[page.held]);
    }
    if (rc < 0)
        return rc;
    if (q->has.plan && !page.held)
        return 0;
    page_end(a, &walk, page_full(&page) && !q->has.plan, out); /* at a plan that is seen */
    out->plans.at = list;
    out->plans.count = page.held;
    out->has.plans = 1;
    return 1;
}

int
answer_agencies(const struct answering *a, const struct query *q, struct result *out)
{
    const struct state_key all = {.len = 0};
    struct page page = page_begin(q);
    struct agency_row *list = arena_take(a->arena, page.limit * sizeof *list);
    struct state_walk walk;
    int rc = 1;

    walk_from(&walk, TABLE_AGENCIES, &all, q);
    while (!page_full(&page)
           && (rc = state_walk_next(a->rows, a->arena, &walk, &list[page.held])) == 1) {
        page.looked++;
        page_hold(&page, &agency_row_record, &list[page.held]);
    }
    page_end(a, &walk, page_full(&page), out);
    out->agencies.at = list;
    out->agencies.count = page.held;
    out->has.agencies = 1;
    return rc < 0 ? rc : 1;
}

/* Client entries are for operators and leads. */
int
answer_clients(const struct answering *a, const struct query *q, struct result *out)
{
    const struct state_key all = {.len = 0};
    struct page page = page_begin(q);
    struct client_row *list = arena_take(a->arena, page.limit * sizeof *list);
    struct state_walk walk;
    int rc = 1;

    if (a->author->role != ROLE_OPERATOR && a->author->role != ROLE_LEAD)
        return 0;
    walk_from(&walk, TABLE_CLIENTS, &all, q);
    while (!page_full(&page)
           && (rc = state_walk_next(a->rows, a->arena, &walk, &list[page.held])) == 1) {
        page.looked++;
        page_hold(&page, &client_row_record, &list[page.held]);
    }
    page_end(a, &walk, page_full(&page), out);
    out->clients.at = list;
    out->clients.count = page.held;
    out->has.clients = 1;
    return rc < 0 ? rc : 1;
}

/* --- by what is asked ------------------------------------------------------------------- */

typedef int answer_to(const struct answering *a, const struct query *q, struct result *out);

static answer_to *const answers[QUERY_COUNT] = {
    [QUERY_STATUS] = answer_status,   [QUERY_SHOW] = answer_show,
    [QUERY_PLANS] = answer_plans,     [QUERY_AGENCIES] = answer_agencies,
    [QUERY_CLIENTS] = answer_clients,
};

bool
answers_rows(enum query_kind what)
{
    return answers[what] != NULL;
}

int
answer_rows(const struct answering *a, const struct query *q, struct result *out)
{
    return answers[q->what](a, q, out);
}
