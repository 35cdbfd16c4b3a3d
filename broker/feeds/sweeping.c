#include "broker/feeds/sweeping.h"

#include "broker/listed.h"

enum { SLICE_ROWS = 250, ENOUGH = 2 };

/* --- which rows ----------------------------------------------------------------------- */

/* 1 where another agency was changed later. */
static int
agencies_change_later(struct ledger *l, int64_t number)
{
    const struct state_key all = {.len = 0};
    struct agency_row row;
    struct state_walk walk;
    int rc;

    state_walk_begin(&walk, TABLE_AGENCIES, &all);
    while ((rc = state_walk_next(l->state, l->arena, &walk, &row)) == 1)
        if (row.changed > number)
            return 1;
    return rc;
}

static int
plan_changes_later(struct ledger *l, struct text plan, int64_t number)
{
    struct plan_row row;
    int rc = state_get_plan(l->state, l->arena, plan, &row);

    return rc == 1 ? row.changed > number : rc < 0 ? rc : 1;
}

int
sweeping_is_due(struct ledger *l, const struct follower *f, const struct happening *h)
{
    if (!h->accepted || !view_wants_rows(f->view))
        return 0;
    int later = 1;
    if (h->kind == KIND_AGENCY)
        later = agencies_change_later(l, h->number);
    else if (h->kind == KIND_PLAN && view_sees_plan(f->view, h->plan))
        later = plan_changes_later(l, h->plan, h->number);
    return later < 0 ? later : !later;
}

void
sweeping_begin(struct follower *f, const struct happening *h)
{
    f->sweep = (struct sweep){.kind = SWEEP_ALL_LED, .number = h->number, .end = f->told->count};
    if (h->kind == KIND_PLAN) {
        f->sweep.kind = SWEEP_PLAN;
        f->sweep.plan = plan_list_find(f->told, h->plan);
        f->sweep.end = f->sweep.plan + 1;
    }
}

/* --- a page of them ------------------------------------------------------------------------ */

/* 1, or 0 where the sheet is full; or negative. */
static int
put_action(struct serving *s, const struct follower *f, const struct plan_row *plan,
           const struct action_row *row)
{
    struct listed_action action;

    if (f->sweep.kind == SWEEP_ALL_LED && !row->leads.all)
        return 1;
    int rc = listed_load(s->ledger->state, s->ledger->arena, plan, row, s->day, &action);

    if (rc < 0)
        return rc;
    if (view_takes_action(f->view, &action.picture))
        return sheet_add_row(s->sheet, SHEET_ACTIONS, &listed_record, &action.listed);
    return f->sweep.kind == SWEEP_MISSING ? 1 : sheet_add_gone(s->sheet, row->id);
}

/* The plan's actions from where the last slice ended. 1: all of them; 0: the sheet is
   full; ENOUGH for one slice; or negative. */
static int
put_actions(struct serving *s, struct follower *f, const struct plan_row *plan, uint32_t *rows)
{
    struct state_key prefix = state_key_of(plan->id);
    struct state_walk walk;
    struct action_row row;
    int rc = 1;

    prefix.at[prefix.len++] = '/';
    state_walk_begin(&walk, TABLE_ACTIONS, &prefix);
    if (f->sweep.after.len) {
        walk.key = f->sweep.after;
        walk.begun = true;
    }
    while (rc == 1 && *rows < SLICE_ROWS
           && (rc = state_walk_next(s->ledger->state, s->ledger->arena, &walk, &row)) == 1) {
        if ((rc = put_action(s, f, plan, &row)) != 1)
            return rc;
        f->sweep.after = walk.key;
        ++*rows;
    }
    if (rc < 0)
        return rc;
    return rc == 0 ? 1 : ENOUGH;
}

/* As above, of one plan, which may be gone meanwhile: then PLANS comes next. */
static int
put_plan(struct serving *s, struct follower *f, struct text id, uint32_t *rows)
{
    struct plan_row plan;
    int rc = state_get_plan(s->ledger->state, s->ledger->arena, id, &plan);

    if (rc != 1)
        return rc < 0 ? rc : 1;
    if (!f->sweep.begun && f->sweep.kind != SWEEP_ALL_LED
        && (rc = sheet_add_row(s->sheet, SHEET_PLANS, &plan_row_record, &plan)) != 1)
        return rc;
    f->sweep.begun = true;
    return put_actions(s, f, &plan, rows);
}

static bool
is_held(const struct follower *f, uint32_t plan)
{
    return f->sweep.kind == SWEEP_MISSING
           && plan_list_find(f->held, f->told->ids[plan]) != PLAN_LIST_NONE;
}

static int
gather(struct serving *s, struct follower *f)
{
    uint32_t rows = 0;
    int rc = 1;

    sheet_clear(s->sheet, f->credit - PAGE_HEAD);
    while (rc == 1 && f->sweep.plan < f->sweep.end) {
        if (!is_held(f, f->sweep.plan))
            rc = put_plan(s, f, f->told->ids[f->sweep.plan], &rows);
        if (rc == 1) {
            f->sweep.plan++;
            f->sweep.begun = false;
            f->sweep.after.len = 0;
        }
    }
    return rc;
}

static void
end(struct follower *f)
{
    if (f->sweep.kind == SWEEP_MISSING)
        follower_hold_told(f);
    else
        f->swept = f->sweep.number;
    f->sweep.kind = SWEEP_NONE;
}

int
sweeping_slice(struct serving *s, struct follower *f)
{
    struct sweep before = f->sweep;
    int rc = gather(s, f);

    if (rc < 0)
        return rc;
    if (!sheet_is_empty(s->sheet)) {
        struct page *page = sheet_state(s->sheet, s->ledger->number, s->day);
        bool said = follower_say(f, s->out, s->ledger->number, page);
        page_let_go(page);
        if (!said)
            f->sweep = before;
    } else if (f->sweep.plan < f->sweep.end) {
        f->starved = rc == 0;
    }
    if (f->sweep.plan == f->sweep.end && !f->starved)
        end(f);
    return 0;
}
