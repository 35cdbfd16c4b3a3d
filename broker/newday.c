#include "broker/newday.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "schema/must.h"
#include "schema/rating.h"

enum {
    ROWS_OF_AN_ENTRY = 20, /* making one costs as much as looking at so many */
    FIRST_ROOM = 64,
};

void
newday_init(struct newday *d, struct ledger *ledger)
{
    *d = (struct newday){.ledger = ledger, .kept = arena_new()};
}

void
newday_end(struct newday *d)
{
    free(d->changes);
    arena_destroy(&d->kept);
}

void
newday_forget(struct newday *d)
{
    d->doing = RATING_NOTHING;
}

/* The one after the newest that was rated whole. */
static int32_t
day_of(const struct newday *d)
{
    return d->ledger->rated + 1;
}

/* --- saying ----------------------------------------------------------------------- */

static int
say(struct newday *d, const union body *body, int64_t host)
{
    struct fault fault;
    int rc = ledger_say(d->ledger, KIND_RATING, body, host, &fault);

    assert(rc && "the state knows what was said last, and this comes after it");
    d->left -= ROWS_OF_AN_ENTRY;
    return rc < 0 ? rc : 0;
}

static union body
body_of(const struct newday *d, int64_t part, int64_t parts)
{
    union body body = {.rating = {.day = day_of(d), .part = part, .parts = parts}};

    body.rating.has.day = body.rating.has.part = body.rating.has.parts = 1;
    return body;
}

/* Also of a day that changed nothing: who hears nothing else of it learns that it was
   rated, and nothing of plans that are not theirs. */
static int
end_day(struct newday *d, int64_t host)
{
    union body body = body_of(d, 1, 1);

    d->doing = RATING_NOTHING;
    return say(d, &body, host);
}

static int
say_part(struct newday *d, int64_t host)
{
    if (d->said >= d->parts) {
        d->doing = RATING_BOARD;
        return 0;
    }
    uint32_t from = (uint32_t)d->said * RATED_MAX;
    uint32_t left = d->count - from;
    union body body = body_of(d, ++d->said, d->parts);

    body.rating.plan = d->plan.id;
    body.rating.changes.at = d->changes + from;
    body.rating.changes.count = left < RATED_MAX ? left : RATED_MAX;
    body.rating.has.plan = body.rating.has.changes = 1;
    return say(d, &body, host);
}

/* --- looking ---------------------------------------------------------------------- */

static void
keep(struct newday *d, const struct action_row *action, const struct rated_action *before,
     const struct rated_action *after)
{
    if (d->count == d->room) {
        d->room = d->room ? 2 * d->room : FIRST_ROOM;
        d->changes = must(realloc(d->changes, d->room * sizeof *d->changes));
    }
    struct rated *r = &d->changes[d->count++];
    *r =
        (struct rated){.before = before->rating, .after = after->rating, .reasons = after->reasons};
    r->action = (struct text){arena_copy(d->kept, action->id.at, action->id.len), action->id.len};
    r->has.action = r->has.before = r->has.after = r->has.reasons = 1;
}

/* Some parts may have been said before the broker stopped. */
static void
begin_saying(struct newday *d)
{
    d->doing = RATING_SAYS;
    d->parts = (d->count + RATED_MAX - 1) / RATED_MAX;
    d->said = d->plan.has.rated && d->plan.rated == day_of(d) ? d->plan.rated_part : 0;
}

static int
look_at_action(struct newday *d)
{
    struct state *state = d->ledger->state;
    struct arena *arena = d->ledger->arena;
    struct rated_action before, after;
    struct action_row action;
    struct row_places places;
    struct picture picture;
    int rc = state_walk_peek(state, arena, &d->actions, picture_sketched.present, &action, &places);

    if (rc == 0)
        begin_saying(d);
    if (rc != 1 || (rc = picture_sketch(state, arena, &d->plan, &action, &picture)))
        return rc;
    d->left -= 1 + (int64_t)picture.count;
    rating_on(&picture, day_of(d) - 1, &before);
    rating_on(&picture, day_of(d), &after);
    if (before.rating != after.rating)
        keep(d, &action, &before, &after);
    return 0;
}

/* --- the whole -------------------------------------------------------------------- */

static int
begin_plan(struct newday *d, int64_t host)
{
    struct state_key prefix;

    arena_reset(d->kept);
    d->count = 0;
    d->left--;
    int rc = state_walk_next(d->ledger->state, d->kept, &d->plans, &d->plan);
    if (rc != 1)
        return rc < 0 ? rc : end_day(d, host);
    if (d->plan.closed)
        return 0;
    prefix = state_key_of(d->plan.id);
    prefix.at[prefix.len++] = '/';
    state_walk_begin(&d->actions, TABLE_ACTIONS, &prefix);
    d->doing = RATING_PLAN;
    return 0;
}

static void
begin_day(struct newday *d)
{
    const struct state_key all = {.len = 0};

    state_walk_begin(&d->plans, TABLE_PLANS, &all);
    d->doing = RATING_BOARD;
}

static int
go_on(struct newday *d, int64_t host)
{
    switch (d->doing) {
    case RATING_NOTHING: begin_day(d); return 0;
    case RATING_BOARD: return begin_plan(d, host);
    case RATING_PLAN: return look_at_action(d);
    case RATING_SAYS: return say_part(d, host);
    }
    return 0;
}

int
newday_step(struct newday *d, int64_t host, int rows)
{
    struct ledger *l = d->ledger;
    int rc = 0;

    if (!clock_read(&l->clock, host))
        return 0;
    arena_reset(l->arena);
    for (d->left = rows; ledger_is_behind(l, host) && rc == 0; rc = go_on(d, host))
        if (d->left <= 0)
            return 1;
    return rc;
}
