/* What a feed says, and what becomes of it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "agents/libmaat/follow_inside.h"
#include "schema/codec.h"
#include "schema/ids.h"

/* --- plans ------------------------------------------------------------------------------ */

static void
tell_plan(void *context, struct text id, bool seen)
{
    struct follow *f = context;

    if (!seen)
        follow_rows_drop(&f->rows, id);
    if (f->events->plan)
        f->events->plan(f->context, id, seen);
}

static void
hear_plans(struct follow *f, const struct seen_plans *p)
{
    for (uint32_t i = 0; i < p->plans.count; i++)
        follow_plans_name(&f->plans, p->plans.at[i]);
    if (!p->has.more || !p->more)
        follow_plans_named(&f->plans, tell_plan, f);
}

/* --- rows ------------------------------------------------------------------------------- */

/* Rows of a snapshot, or of a plan that has just come, are there from the beginning. */
static bool
begins(const struct follow *f, struct text action)
{
    const struct follow_plan *plan = follow_plans_find(&f->plans, path_first(action));
    return f->state == FOLLOW_ASKED || (plan && !plan->held);
}

/* What comes with an EVENT has moved, and so has what comes before one. */
static void
hear_rows(struct follow *f, const struct current *c, bool event)
{
    for (uint32_t i = 0; i < c->plans.count; i++)
        follow_plans_put(&f->plans, &c->plans.at[i], c->number);
    for (uint32_t i = 0; i < c->actions.count; i++) {
        bool moved = event || !begins(f, c->actions.at[i].id);
        follow_rows_put(&f->rows, &c->actions.at[i], c->number, moved);
        if (!moved && f->events->row)
            f->events->row(f->context, &c->actions.at[i]);
    }
    for (uint32_t i = 0; i < c->gone.count; i++)
        follow_rows_take(&f->rows, c->gone.at[i], c->number);
}

/* --- which entry moved what ----------------------------------------------------------- */

static void
mark(struct follow *f, struct text action, uint32_t by)
{
    struct follow_row *row = follow_rows_find(&f->rows, action);

    if (row && row->moved)
        row->by = by;
}

/* All that moved, of one plan or of any (NULL). */
static void
mark_all(struct follow *f, const struct text *plan, uint32_t by)
{
    for (size_t i = 0; i < f->rows.count; i++)
        if (!plan || text_equal(path_first(f->rows.moved[i]->id), *plan))
            f->rows.moved[i]->by = by;
}

static void
mark_entry(struct follow *f, const struct entry *e, uint32_t by)
{
    const struct record *r = body_records[e->kind];
    struct fault fault;
    union body body;

    if (e->outcome == REFUSED || !r
        || !record_decode(f->scratch, r, &body, e->body.at, e->body.len, &fault))
        return;
    switch (e->kind) {
    case KIND_ACTION: mark(f, body.action.id, by); break;
    case KIND_PROGRESS: mark(f, body.progress.action, by); break;
    case KIND_DECISION: mark(f, body.decision.action, by); break;
    case KIND_RATING:
        for (uint32_t i = 0; i < body.rating.changes.count; i++)
            mark(f, body.rating.changes.at[i].action, by);
        break;
    case KIND_PLAN: mark_all(f, &body.plan.id, by); break;
    case KIND_AGENCY: mark_all(f, NULL, by); break;
    case KIND_BOARD:
    case KIND_CLIENT:
    case KIND_STRIKE:
    case SUBMISSION_KIND_COUNT: break;
    }
}

/* --- handing over ------------------------------------------------------------------------ */

static int
compare_by(const void *a, const void *b)
{
    const struct follow_row *x = *(struct follow_row *const *)a;
    const struct follow_row *y = *(struct follow_row *const *)b;

    if (x->by != y->by)
        return x->by < y->by ? -1 : 1;
    return roll_compare(x->id, y->id);
}

/* Hands over the entry with the `count` rows of `moved` that are its. */
static void
hand_over(struct follow *f, const struct event *e, const struct entry *entry,
          struct follow_row **moved, size_t count)
{
    struct follow_change *changes = arena_take(f->scratch, (count + 1) * sizeof *changes);
    struct follow_happening h = {entry, changes, count, e->day};

    for (size_t i = 0; i < count; i++) {
        const struct follow_row *row = moved[i];
        bool known = !entry || row->before_number < entry->number;
        changes[i] =
            (struct follow_change){row->id, known ? row->before : NULL, row->now, row->number};
    }
    if (f->events->happened)
        f->events->happened(f->context, &h);
}

/* The rows that entry `by` moved begin the list; those before them are done with. */
static size_t
rows_by(struct follow_row **moved, size_t left, uint32_t by)
{
    size_t count = 0;

    while (count < left && moved[count]->by == by)
        count++;
    return count;
}

/* An entry that was heard before is passed by. Rows that no entry moved come last. */
static void
hand_over_all(struct follow *f, const struct event *e)
{
    struct follow_row **moved = f->rows.moved;
    size_t left = f->rows.count;
    const uint32_t nobody = e->entries.count;

    for (size_t i = 0; i < left; i++)
        moved[i]->by = nobody;
    for (uint32_t i = 0; i < e->entries.count; i++)
        if (e->entries.at[i].number > f->upto)
            mark_entry(f, &e->entries.at[i], i);
    if (left)
        qsort(moved, left, sizeof(struct follow_row *), compare_by);
    for (uint32_t i = 0; i < e->entries.count; i++) {
        const struct entry *entry = &e->entries.at[i];
        size_t count = rows_by(moved, left, i);
        if (entry->number > f->upto) {
            hand_over(f, e, entry, moved, count);
            f->upto = entry->number;
        }
        moved += count;
        left -= count;
    }
    if (left)
        hand_over(f, e, NULL, moved, left);
    follow_rows_settle(&f->rows);
}

static void
complete(struct follow *f, int64_t upto)
{
    if (upto > f->upto)
        f->upto = upto;
    f->resumes = true;
    f->failed = 0;
    follow_plans_hold(&f->plans);
    if (f->events->upto)
        f->events->upto(f->context, f->upto);
}

static void
hear_live(struct follow *f, const struct live *l)
{
    f->state = FOLLOW_LIVE;
    complete(f, l->upto);
    if (f->events->live)
        f->events->live(f->context, f->upto);
}

static void
hear_event(struct follow *f, const struct event *e)
{
    const struct current rows = {.number = e->number,
                                 .day = e->day,
                                 .plans = {e->plans.at, e->plans.count},
                                 .actions = {e->actions.at, e->actions.count},
                                 .gone = e->gone};

    hear_rows(f, &rows, true);
    arena_reset(f->scratch);
    hand_over_all(f, e);
    complete(f, e->upto);
}

/* --- errors --------------------------------------------------------------------------- */

static void
over(struct follow *f, const struct error *e)
{
    f->state = FOLLOW_OVER;
    f->code = e->code;
    (void)snprintf(f->reason, sizeof f->reason, "%.*s", (int)e->reason.len, e->reason.at);
    if (f->events->over)
        f->events->over(f->context);
}

static void
hear_error(struct follow *f, int64_t now, const struct error *e)
{
    char why[FOLLOW_REASON];

    switch (e->code) {
    case ERROR_AGAIN:
    case ERROR_NOT_FOUND:
    case ERROR_BUSY:
        (void)snprintf(why, sizeof why, "the broker says: %.*s", (int)e->reason.len, e->reason.at);
        follow_subscribe_anew(f, now, why);
        break;
    case ERROR_OTHER_JOURNAL:
    case ERROR_REVOKED:
    case ERROR_MALFORMED:
    case ERROR_LIMIT:
    case ERROR_VERSION:
    case ERROR_FORKED:
    case ERROR_DAY:
    case ERROR_LOST: over(f, e); break;
    case ERROR_HELLO: /* the link says it; WELCOME begins anew */
    case WIRE_ERROR_COUNT: break;
    }
}

/* --- the whole -------------------------------------------------------------------------- */

/* Whose the message is, and which in its count. */
static bool
is_its(const struct follow *f, enum message_kind kind, const union message *m, int64_t *count)
{
    int64_t id = -1;

    *count = 0;
    if (kind == SAY_PLANS) {
        id = m->seen_plans.id;
        *count = m->seen_plans.count;
    } else if (kind == SAY_STATE) {
        id = m->current.id;
        *count = m->current.count;
    } else if (kind == SAY_LIVE) {
        id = m->live.id;
        *count = m->live.count;
    } else if (kind == SAY_EVENT) {
        id = m->event.id;
        *count = m->event.count;
    } else if (kind == SAY_ERROR && m->error.has.id) {
        id = m->error.id;
    }
    return id == f->id && (f->state == FOLLOW_ASKED || f->state == FOLLOW_LIVE);
}

static void
lost_some(struct follow *f, int64_t now, int64_t count)
{
    char why[100];

    (void)snprintf(why, sizeof why, "message %" PRId64 " of the feed came after %" PRId64, count,
                   f->count);
    f->ended = f->id;
    follow_subscribe_anew(f, now, why);
}

/* What a message takes of the credit. */
static int64_t
cost_of(size_t len)
{
    return len > FEED_COST_LEAST ? (int64_t)len : FEED_COST_LEAST;
}

bool
follow_hear(struct follow *f, int64_t now, enum message_kind kind, const union message *m,
            size_t len)
{
    int64_t count;

    if (!is_its(f, kind, m, &count))
        return false;
    if (kind == SAY_ERROR) {
        hear_error(f, now, &m->error);
        return true;
    }
    if (count != f->count + 1) {
        lost_some(f, now, count);
        return true;
    }
    f->count = count;
    f->unused += cost_of(len);
    if (kind == SAY_PLANS)
        hear_plans(f, &m->seen_plans);
    else if (kind == SAY_STATE)
        hear_rows(f, &m->current, false);
    else if (kind == SAY_LIVE)
        hear_live(f, &m->live);
    else
        hear_event(f, &m->event);
    return true;
}
