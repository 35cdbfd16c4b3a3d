#include "broker/feeds/sweeping.h"

#include <string.h>

#include "broker/queries/listed.h"
#include "schema/codec.h"

enum { SLICE_ROWS = 250, ENOUGH = 2, ALL_SHELVED = 3 };

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

/* Each row's memory is the last one's, and at hand: a slice of them would be too much for that. */
static int
next_action(struct serving *s, const struct view *view, struct state_walk *walk,
            struct action_row *row, struct row_places *places)
{
    uint64_t fields = picture_sketched.present | view_looks_at(view);

    arena_reset(s->row_arena);
    return state_walk_peek(s->ledger->state, s->row_arena, walk, fields, row, places);
}

/* The action that the walk is at. 1, or 0 where the sheet is full; or negative. */
static int
put_action(struct serving *s, const struct follower *f, const struct plan_row *plan,
           const struct action_row *row, const struct row_places *places)
{
    struct listed_action action;

    if (f->sweep.kind == SWEEP_ALL_LED && !row->leads.all)
        return 1;
    int rc = listed_sketch(s->ledger->state, s->row_arena, plan, row, s->day, &action);

    if (rc < 0)
        return rc;
    if (!view_takes_action(f->view, &action.picture))
        return f->sweep.kind == SWEEP_MISSING ? 1 : sheet_add_gone(s->sheet, row->id);
    size_t len = listed_encode(&action, places, sheet_room(s->sheet, SHEET_ACTIONS), PAGE_ROW);
    return sheet_take(s->sheet, SHEET_ACTIONS, len);
}

/* Was the piece that credit had cut put to its end? Then the shelf's next one follows. */
static bool
ends_piece(struct sweep *s)
{
    if (!s->until.len || s->until.len != s->after.len
        || memcmp(s->until.at, s->after.at, s->after.len) != 0)
        return false;
    s->until.len = 0;
    return true;
}

/* The plan's actions from where the last slice ended. 1: all of them; 0: the sheet is
   full; ENOUGH for one slice; or negative. */
static int
put_rows(struct serving *s, struct follower *f, const struct plan_row *plan, uint32_t *rows)
{
    struct state_key prefix = state_key_of(plan->id);
    struct state_walk walk;
    struct action_row row;
    struct row_places places;
    int rc = 1;

    prefix.at[prefix.len++] = '/';
    state_walk_begin(&walk, TABLE_ACTIONS, &prefix);
    if (f->sweep.after.len) {
        walk.key = f->sweep.after;
        walk.begun = true;
    }
    while (rc == 1 && *rows < SLICE_ROWS
           && (rc = next_action(s, f->view, &walk, &row, &places)) == 1) {
        if ((rc = put_action(s, f, plan, &row, &places)) != 1)
            return rc;
        f->sweep.after = walk.key;
        ++*rows;
        if (ends_piece(&f->sweep))
            return ENOUGH;
    }
    if (rc < 0)
        return rc;
    return rc == 0 ? 1 : ENOUGH;
}

/* Those of the shelf: as above, but 1 also where the shelf has no more of them. */
static int
put_shelved(struct serving *s, struct follower *f, struct text plan, int64_t said, uint32_t *rows)
{
    const struct shelf_piece *piece;

    while (*rows < SLICE_ROWS && (piece = shelf_find(s->shelf, plan, &f->sweep.after, said))) {
        if (!sheet_add_all(s->sheet, SHEET_ACTIONS, piece->at, piece->len, piece->count)) {
            if (!sheet_is_empty(s->sheet))
                return 0;
            f->sweep.until = piece->last;
            return 1;
        }
        *rows += piece->count;
        f->sweep.after = piece->last;
        if (piece->ends)
            return ALL_SHELVED;
    }
    return *rows < SLICE_ROWS ? 1 : ENOUGH;
}

/* What is put now, for the next who comes; not what is cut short, or the rest of that. */
static int
put_and_shelve(struct serving *s, struct follower *f, const struct plan_row *plan, int64_t said,
               uint32_t *rows)
{
    const struct sheet_pile *pile = &s->sheet->heap[SHEET_ACTIONS];
    struct state_key after = f->sweep.after;
    size_t len = pile->len;
    uint32_t count = pile->count;
    bool amid = f->sweep.until.len > 0;
    int rc = put_rows(s, f, plan, rows);

    if (rc <= 0 || amid || pile->count == count)
        return rc;
    const struct shelf_piece piece = {.said = said,
                                      .last = f->sweep.after,
                                      .ends = rc == 1,
                                      .count = pile->count - count,
                                      .len = pile->len - len};
    shelf_keep(s->shelf, plan->id, &after, &piece, pile->at + len);
    return rc;
}

/* As put_rows. */
static int
put_actions(struct serving *s, struct follower *f, const struct plan_row *plan, uint32_t *rows)
{
    const struct state_key chain = state_key_of_plan_chain(plan->id);
    struct chain said;

    if (f->sweep.kind == SWEEP_ALL_LED || !view_takes_all_actions(f->view))
        return put_rows(s, f, plan, rows);
    int rc = state_get_chain(s->ledger->state, s->ledger->arena, &chain, &said);
    if (rc >= 0)
        rc = put_shelved(s, f, plan->id, said.last, rows);
    if (rc == ALL_SHELVED)
        return 1;
    return rc == 1 ? put_and_shelve(s, f, plan, said.last, rows) : rc;
}

static int
put_plan_row(struct serving *s, const struct plan_row *plan)
{
    uint8_t *room = sheet_room(s->sheet, SHEET_PLANS);

    return sheet_take(s->sheet, SHEET_PLANS, record_encode(&plan_row_record, plan, room, PAGE_ROW));
}

/* As put_rows, of one plan, which may be gone meanwhile: then PLANS comes next. */
static int
put_plan(struct serving *s, struct follower *f, struct text id, uint32_t *rows)
{
    struct plan_row plan;
    int rc = state_get_plan(s->ledger->state, s->ledger->arena, id, &plan);

    if (rc != 1)
        return rc < 0 ? rc : 1;
    if (!f->sweep.begun && f->sweep.kind != SWEEP_ALL_LED && (rc = put_plan_row(s, &plan)) != 1)
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
            f->sweep.after.len = f->sweep.until.len = 0;
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
