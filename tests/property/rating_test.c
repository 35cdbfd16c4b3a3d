/* What must hold of the rating of any action whatever. */
#include "schema/rating.h"

#include "tests/t.h"

enum { RUNS = 3000, SPAN = 260, SHARES = 4, PIECES = 3, ASKS = 2 };

/* An action with all that it points to, so that it can be copied and changed. */
struct world {
    struct plan_row plan;
    struct action_row action;
    struct share shares[SHARES];
    struct evidence_held evidence[SHARES][PIECES];
    struct value_held values[SHARES][PIECES];
    struct ask asks[ASKS];
    struct text asked[ASKS];
    uint32_t leads, count;
};

static bool
sometimes(void)
{
    return random_below(2) == 0;
}

static int32_t
some_day(void)
{
    return (int32_t)random_below(SPAN * 3 / 4);
}

static int64_t
some_number(void)
{
    return 1 + (int64_t)random_below(60);
}

static const char *const names[SHARES] = {"a", "b", "c", "d"};

static void
make_part(struct world *w, uint32_t i)
{
    struct part *part = &w->shares[i].part;

    *part = (struct part){.status = (enum claim)random_below(CLAIM_COUNT),
                          .opinion = (enum opinion)random_below(OPINION_COUNT),
                          .on = some_day(),
                          .heard = some_day(),
                          .forecast = some_day(),
                          .evidence_from = some_day() / 2,
                          .replied = some_number()};
    part->has.status = random_below(4) > 0;
    if (random_below(3) > 0)
        part->status = sometimes() ? CLAIM_COMPLETE : CLAIM_IN_PROGRESS;
    part->has.opinion = random_below(4) == 0;
    part->has.heard = sometimes();
    part->has.forecast = random_below(4) == 0;
    part->has.evidence_from = random_below(4) == 0;
    part->evidence.count = (uint32_t)random_below(PIECES + 1);
    part->values.count = (uint32_t)random_below(PIECES + 1);
    part->shaken = random_below(8) ? 0 : some_number();
    for (int k = 0; k < PIECES; k++) {
        w->evidence[i][k] = (struct evidence_held){.on = some_day(), .behalf = sometimes()};
        w->values[i][k] = (struct value_held){
            .amount = (int64_t)random_below(50), .date = some_day(), .number = some_number()};
    }
}

static void
make_action(struct world *w)
{
    struct action_row *action = &w->action;

    action->standing = sometimes() ? STANDING_OPEN : (enum standing)random_below(STANDING_COUNT);
    action->due = some_day();
    action->has.due = random_below(4) > 0;
    action->check = some_day();
    action->has.check = sometimes();
    action->looked = some_day();
    action->decided.number = some_number();
    action->has.decided = action->standing != STANDING_OPEN;
    action->aim_changed = sometimes() ? 0 : some_number();
    action->due_changed = sometimes();
    action->measure.unit = (enum unit)random_below(UNIT_COUNT_OF);
    action->measure.comparator = (enum comparator)random_below(COMPARATOR_COUNT);
    action->measure.target = (int64_t)random_below(100);
    action->measure.has.target = sometimes();
    action->has.measure = random_below(3) == 0;
    action->asks.count = random_below(3) ? 0 : (uint32_t)random_below(ASKS + 1);
    for (int i = 0; i < ASKS; i++) {
        w->asked[i] = text_of(names[random_below(SHARES)]);
        w->asks[i] = (struct ask){.number = some_number(),
                                  .reply_by = some_day(),
                                  .agencies = {NULL, (uint32_t)random_below(2)}};
    }
}

static void
make_world(struct world *w)
{
    memset(w, 0, sizeof *w);
    w->plan.review_days = 1 + (int64_t)random_below(90);
    make_action(w);
    w->count = (uint32_t)random_below(SHARES + 1);
    w->leads = (uint32_t)random_below(w->count + 1);
    for (uint32_t i = 0; i < SHARES; i++) {
        w->shares[i] = (struct share){.agency = text_of(names[i]),
                                      .since = some_day(),
                                      .number = some_number(),
                                      .lead = i < w->leads};
        make_part(w, i);
    }
}

static void
rate(struct world *w, int32_t day, struct rated_action *out)
{
    const struct picture picture = {&w->plan, &w->action, w->shares, w->leads, w->count};

    w->action.asks.at = w->asks;
    for (int i = 0; i < ASKS; i++)
        w->asks[i].agencies.at = &w->asked[i];
    for (int i = 0; i < SHARES; i++) {
        w->shares[i].part.evidence.at = w->evidence[i];
        w->shares[i].part.values.at = w->values[i];
    }
    rating_on(&picture, day, out);
}

static uint32_t
without(uint32_t set, enum reason why)
{
    return set & ~reason_bit(why);
}

TEST(property_rating_never_improves_by_waiting)
{
    for (int run = 0; run < RUNS; run++) {
        struct world w;
        struct rated_action before;
        struct rated_action now;

        make_world(&w);
        rate(&w, 0, &before);
        for (int32_t day = 1; day < SPAN; day++, before = now) {
            rate(&w, day, &now);
            CHECK(now.rating >= before.rating);
            CHECK_INT(0, without(before.reasons, WHY_DUE_SOON) & ~now.reasons);
            if (before.reasons & ~now.reasons)
                CHECK(now.rating == RED && now.reasons & reason_bit(WHY_OVERDUE));
        }
    }
}

/* A piece is withdrawn, or those before a day no longer count, or a decision
   rested on what is gone. */
static void
lose_evidence(struct world *w)
{
    uint32_t i = (uint32_t)random_below(SHARES);
    struct part *part = &w->shares[i].part;

    switch (random_below(3)) {
    case 0:
        if (part->evidence.count > 0) {
            uint64_t gone = random_below(part->evidence.count--);
            w->evidence[i][gone] = w->evidence[i][part->evidence.count];
        }
        break;
    case 1:
        part->evidence_from += part->has.evidence_from ? 1 + (int32_t)random_below(40) : 0;
        part->has.evidence_from = 1;
        break;
    default: part->shaken += 1 + (int64_t)random_below(60);
    }
}

TEST(property_rating_never_improves_by_losing_evidence)
{
    for (int run = 0; run < RUNS; run++) {
        struct world w;
        make_world(&w);
        for (int step = 0; step < 6; step++) {
            struct rated_action before[8];
            for (int k = 0; k < 8; k++)
                rate(&w, k * SPAN / 8, &before[k]);
            lose_evidence(&w);
            for (int k = 0; k < 8; k++) {
                struct rated_action after;
                rate(&w, k * SPAN / 8, &after);
                CHECK(after.rating >= before[k].rating);
            }
        }
    }
}

/* Its due date, and the date that a lead which is still at work gave itself. */
TEST(property_rating_is_never_calm_past_a_date_of_an_open_action)
{
    for (int run = 0; run < RUNS; run++) {
        struct world w;
        struct rated_action rated;

        make_world(&w);
        w.action.standing = STANDING_OPEN;
        if (w.action.has.due) {
            rate(&w, w.action.due + 1, &rated);
            CHECK(rated.rating >= AMBER);
        }
        for (uint32_t i = 0; i < w.leads; i++) {
            const struct part *part = &w.shares[i].part;
            if (!part->has.forecast || part_claim(part) == CLAIM_COMPLETE)
                continue;
            rate(&w, part->forecast + 1, &rated);
            CHECK(rated.rating >= AMBER);
        }
        rate(&w, SPAN * 2, &rated); /* nor for ever, where it has none */
        CHECK(rated.rating >= AMBER);
    }
}

/* An alarm has its reason, and what is calm has none that colours. */
TEST(property_rating_is_told_with_its_reasons)
{
    const uint32_t colouring =
        without(without(reason_bit(REASON_COUNT) - 1, WHY_MOVED), WHY_DISAGREES);

    for (int run = 0; run < RUNS; run++) {
        struct world w;
        struct rated_action rated;

        make_world(&w);
        rate(&w, some_day(), &rated);
        CHECK_INT(rated.rating >= AMBER, (rated.reasons & colouring) != 0);
        if (rated.reasons & reason_bit(WHY_DISAGREES))
            CHECK(rated.rating >= AMBER);
        CHECK_INT(w.action.due_changed, (rated.reasons & reason_bit(WHY_MOVED)) != 0);
    }
}

TEST(property_rating_ignores_what_contributors_claim)
{
    for (int run = 0; run < RUNS; run++) {
        struct world w;
        struct rated_action before;
        struct rated_action after;
        int32_t day = some_day();

        make_world(&w);
        rate(&w, day, &before);
        for (uint32_t i = w.leads; i < w.count; i++) {
            struct part *part = &w.shares[i].part;
            part->status = (enum claim)random_below(CLAIM_COUNT);
            part->has.status = 1;
            part->opinion = (enum opinion)random_below(OPINION_COUNT);
            part->has.opinion = 1;
            part->forecast = some_day();
            part->has.forecast = 1;
            part->heard = some_day();
            part->evidence.count = (uint32_t)random_below(PIECES + 1);
            w.shares[i].since = some_day();
        }
        rate(&w, day, &after);
        CHECK_INT(before.rating, after.rating);
        CHECK_INT(before.reasons, after.reasons);
        CHECK_INT(before.claimed, after.claimed);
        CHECK_INT(before.least, after.least);
    }
}
