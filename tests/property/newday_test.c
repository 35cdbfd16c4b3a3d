/* Through random lives of a board: what the broker says of each day is what has changed
   because the day did, each once, before anything else of that day is judged. */
#include "schema/codec.h"
#include "schema/fold.h"
#include "schema/ids.h"
#include "store/state_memory.h"
#include "tests/hearing_days.h"
#include "tests/lived.h"
#include "tests/states.h"
#include "tests/t.h"

enum { LIVES = 60, TURNS = 120, CHANGES_MAX = LIVED_PLANS * LIVED_ACTIONS };

/* --- what is to be said ----------------------------------------------------------------- */

/* Of a day, found by looking at every action there is. */
struct expected {
    struct arena *arena;
    struct {
        struct text action;
        struct rated_action before, after;
        bool said;
    } at[CHANGES_MAX];
    size_t count;
};

static void
expect(struct expected *x, struct state *s, int32_t day)
{
    const struct state_key all = {.len = 0};
    struct rated_action before, after;
    struct action_row action;
    struct plan_row plan;
    struct picture pic;
    struct state_walk w;

    arena_reset(x->arena);
    x->count = 0;
    state_walk_begin(&w, TABLE_ACTIONS, &all);
    while (state_walk_next(s, x->arena, &w, &action) == 1) {
        CHECK_INT(1, state_get_plan(s, x->arena, path_first(action.id), &plan));
        CHECK_INT(0, picture_load(s, x->arena, &plan, &action, &pic));
        rating_on(&pic, day - 1, &before);
        rating_on(&pic, day, &after);
        if (plan.closed || before.rating == after.rating)
            continue;
        CHECK(x->count < CHANGES_MAX);
        x->at[x->count].action = action.id;
        x->at[x->count].before = before;
        x->at[x->count].after = after;
        x->at[x->count++].said = false;
    }
}

static void
tick_off(struct expected *x, const struct rating_change *r)
{
    for (uint32_t i = 0; i < r->changes.count; i++) {
        const struct rated *c = &r->changes.at[i];
        size_t k = 0;
        while (k < x->count && !text_equal(x->at[k].action, c->action))
            k++;
        if (k == x->count)
            FAIL_WITH("%.*s has not changed", (int)c->action.len, c->action.at);
        CHECK(text_equal(r->plan, path_first(c->action)));
        CHECK_INT(x->at[k].before.rating, c->before);
        CHECK_INT(x->at[k].after.rating, c->after);
        CHECK_INT(x->at[k].after.reasons, c->reasons);
        CHECK(!x->at[k].said);
        x->at[k].said = true;
    }
}

static void
all_ticked_off(const struct expected *x)
{
    for (size_t k = 0; k < x->count; k++)
        if (!x->at[k].said)
            FAIL_WITH("nothing was said of %.*s", (int)x->at[k].action.len, x->at[k].action.at);
}

/* --- what was said ----------------------------------------------------------------------- */

/* The journal again from its beginning. */
struct replay {
    struct state *state;
    struct arena *arena;
    struct expected expected;
    int32_t day, rated; /* being rated, 0: none is; and the last that was */
    size_t changes;
};

static void
hear_rating(struct replay *p, const struct rating_change *r)
{
    if (!p->day) {
        p->day = p->rated + 1;
        expect(&p->expected, p->state, p->day);
    }
    CHECK_INT(p->day, r->day);
    if (r->has.plan) {
        tick_off(&p->expected, r);
        return;
    }
    all_ticked_off(&p->expected);
    p->changes += p->expected.count;
    p->rated = p->day;
    p->day = 0;
}

static void
hear(struct replay *p, struct bytes bytes)
{
    struct stored stored;

    arena_reset(p->arena);
    CHECK(stored_decode(p->arena, bytes, &stored));
    if (stored.entry.number == 1)
        p->rated = stored.entry.day;
    if (stored.entry.kind == KIND_RATING) {
        CHECK(stored.body.rating.day <= stored.entry.day);
        hear_rating(p, &stored.body.rating);
    } else {
        CHECK_INT(0, p->day); /* nothing comes in between */
        CHECK(stored.entry.day <= p->rated);
    }
    CHECK_INT(0, fold_decoded(p->state, p->arena, &stored));
}

/* How many changes were said. */
static size_t
check_life(struct hearing *h)
{
    struct replay p = {.state = state_memory_open(), .arena = arena_new()};

    p.expected.arena = arena_new();
    for (int64_t i = 0; i < h->number; i++)
        hear(&p, (struct bytes){h->entries[i].at, h->entries[i].len});
    CHECK_INT(0, p.day);
    CHECK_INT(h->day, p.rated);
    CHECK(states_differ(h->state, p.state) == NULL);
    arena_destroy(&p.expected.arena);
    arena_destroy(&p.arena);
    state_memory_close(&p.state);
    return p.changes;
}

/* The host's clock has gone back, for a while. */
static void
rate_as_of(struct hearing *h, int32_t day)
{
    int32_t today = h->day;
    int64_t number = h->number;

    h->day = day;
    hearing_rate(h);
    h->day = today;
    CHECK_INT(number, h->number);
}

/* Mostly the next day comes; sometimes the broker was away for longer, or the host's clock
   goes back. Half of the days are rated with a restart after each few rows. */
TEST(newday_says_exactly_what_days_change_in_any_life)
{
    size_t changes = 0;

    for (int life = 0; life < LIVES; life++) {
        struct hearing *h = lived_begin();
        for (int turn = 0; turn < TURNS; turn++) {
            int32_t before = h->day;
            lived_go_on(h, 1 + (int)random_below(12));
            h->day += random_below(6) ? 1 : (int32_t)random_below(8);
            while (random_below(2) && hearing_rate_some(h, 40 + (int)random_below(60)))
                continue;
            hearing_rate(h);
            if (random_below(10) == 0)
                rate_as_of(h, before);
        }
        changes += check_life(h);
        hearing_close(h);
    }
    CHECK(changes > 3 * LIVES); /* else there was nothing to see */
}
