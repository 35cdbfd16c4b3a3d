#include "schema/measure.h"

#include "schema/rating.h"
#include "tests/t.h"

/* A value of share `share` (0 to 2); a row's values end with an amount of 0. */
struct said {
    uint32_t share;
    int64_t amount;
    int32_t date;
    int64_t number;
    const char *label;
};

struct row {
    const char *what;
    enum unit unit;
    enum comparator comparator;
    int64_t target; /* 0: unknown */
    struct said said[5];
    int64_t total; /* 0: nothing measured */
    bool below;
};

static bool
below_target(const struct row *row, uint32_t leads, bool *measured, int64_t *total)
{
    struct value_held values[3][5];
    struct share shares[3] = {{.number = 0}};
    struct plan_row plan = {.review_days = 90};
    struct action_row action = {
        .measure = {.unit = row->unit, .comparator = row->comparator, .target = row->target}};
    struct picture picture = {&plan, &action, shares, leads, 3};

    action.has.measure = 1;
    action.measure.has.target = row->target != 0;
    for (size_t i = 0; i < 5 && row->said[i].amount != 0; i++) {
        const struct said *said = &row->said[i];
        struct part *part = &shares[said->share].part;
        struct value_held *value = &values[said->share][part->values.count++];
        *value =
            (struct value_held){.number = said->number, .amount = said->amount, .date = said->date};
        if (said->label)
            value->label = text_of(said->label);
        value->has.label = said->label != NULL;
        part->values.at = values[said->share];
    }
    return measure_below_target(&picture, measured, total);
}

/* clang-format off */
TEST(measure_adds_counts_and_takes_the_worst_percentage)
{
    static const struct row rows[] = {
        {"no value", UNIT_COUNT, AT_LEAST, 10, .total = 0, .below = true},
        {"no value is below a ceiling too", UNIT_COUNT, AT_MOST, 10, .total = 0, .below = true},
        {"no value, no target", UNIT_COUNT, AT_LEAST, 0, .total = 0, .below = false},
        {"no target", UNIT_COUNT, AT_LEAST, 0, {{0, 5, 1, 1, NULL}}, 5, false},

        {">= below", UNIT_COUNT, AT_LEAST, 10, {{0, 9, 1, 1, NULL}}, 9, true},
        {">= met", UNIT_COUNT, AT_LEAST, 10, {{0, 10, 1, 1, NULL}}, 10, false},
        {"> not met", UNIT_COUNT, MORE_THAN, 10, {{0, 10, 1, 1, NULL}}, 10, true},
        {"> met", UNIT_COUNT, MORE_THAN, 10, {{0, 11, 1, 1, NULL}}, 11, false},
        {"<= met", UNIT_COUNT, AT_MOST, 10, {{0, 10, 1, 1, NULL}}, 10, false},
        {"<= above", UNIT_COUNT, AT_MOST, 10, {{0, 11, 1, 1, NULL}}, 11, true},
        {"< not met", UNIT_COUNT, LESS_THAN, 10, {{0, 10, 1, 1, NULL}}, 10, true},
        {"< met", UNIT_COUNT, LESS_THAN, 10, {{0, 9, 1, 1, NULL}}, 9, false},

        {"agencies add up", UNIT_COUNT, AT_LEAST, 10, {{0, 4, 1, 1, NULL}, {1, 3, 1, 2, NULL}, {2, 3, 1, 3, NULL}},
         10, false},
        {"labels add up", UNIT_COUNT, AT_LEAST, 10, {{0, 4, 1, 1, "a"}, {0, 5, 1, 2, "b"}}, 9, true},
        {"the newest date counts", UNIT_COUNT, AT_LEAST, 10, {{0, 20, 5, 1, NULL}, {0, 7, 6, 2, NULL}}, 7, true},
        {"whatever came last", UNIT_COUNT, AT_LEAST, 10, {{0, 7, 6, 1, NULL}, {0, 20, 5, 2, NULL}}, 7, true},
        {"of one date the later entry", UNIT_COUNT, AT_LEAST, 10, {{0, 7, 6, 1, NULL}, {0, 20, 6, 2, NULL}}, 20, false},
        {"in either order", UNIT_COUNT, AT_LEAST, 10, {{0, 20, 6, 2, NULL}, {0, 7, 6, 1, NULL}}, 20, false},
        {"newest of each label", UNIT_COUNT, AT_LEAST, 10,
         {{0, 4, 1, 1, "a"}, {0, 5, 9, 2, "b"}, {0, 3, 2, 3, "a"}}, 8, true},
        {"the same label elsewhere", UNIT_COUNT, AT_LEAST, 10, {{0, 4, 1, 1, "a"}, {1, 5, 9, 2, "a"}}, 9, true},
        {"corrections below zero", UNIT_COUNT, AT_LEAST, 10, {{0, 14, 1, 1, "a"}, {0, -5, 9, 2, "b"}}, 9, true},
        {"never past what an amount holds", UNIT_COUNT, AT_MOST, AMOUNT_MAX,
         {{0, AMOUNT_MAX, 1, 1, NULL}, {1, AMOUNT_MAX, 1, 2, NULL}, {2, 1, 1, 3, NULL}}, AMOUNT_MAX, false},
        {"nor under", UNIT_COUNT, AT_LEAST, AMOUNT_MIN,
         {{0, AMOUNT_MIN, 1, 1, NULL}, {1, AMOUNT_MIN, 1, 2, NULL}, {2, -1, 1, 3, NULL}}, AMOUNT_MIN, false},

        {"percentages: the least for >=", UNIT_PERCENT, AT_LEAST, 80, {{0, 90, 1, 1, NULL}, {1, 79, 1, 2, NULL}}, 79, true},
        {"all reach it", UNIT_PERCENT, AT_LEAST, 80, {{0, 80, 1, 1, NULL}, {1, 95, 1, 2, NULL}}, 80, false},
        {"the least for >", UNIT_PERCENT, MORE_THAN, 80, {{0, 79, 1, 1, NULL}, {1, 95, 1, 2, NULL}}, 79, true},
        {"the greatest for <=", UNIT_PERCENT, AT_MOST, 20, {{0, 5, 1, 1, NULL}, {1, 21, 1, 2, NULL}}, 21, true},
        {"the greatest for <", UNIT_PERCENT, LESS_THAN, 20, {{0, 20, 1, 1, NULL}, {1, 5, 1, 2, NULL}}, 20, true},
        {"over labels", UNIT_PERCENT, AT_LEAST, 80, {{0, 90, 1, 1, "a"}, {0, 70, 1, 2, "b"}}, 70, true},
        {"newest of each label", UNIT_PERCENT, AT_LEAST, 80,
         {{0, 60, 1, 1, "a"}, {0, 90, 1, 2, "b"}, {0, 85, 2, 3, "a"}}, 85, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (uint32_t leads = 0; leads <= 3; leads++) { /* contributors' values count too */
            bool measured;
            int64_t total;
            bool below = below_target(&rows[i], leads, &measured, &total);
            if (below != rows[i].below || total != rows[i].total || measured != (rows[i].total != 0))
                FAIL_WITH("%s: below %d, total %" PRId64, rows[i].what, below, total);
        }
}
/* clang-format on */

TEST(measure_of_an_action_without_one)
{
    struct value_held value = {.amount = 5};
    struct share share = {.part = {.values = {&value, 1}}};
    struct plan_row plan = {.review_days = 90};
    struct action_row action = {.measure = {.target = 10}};
    struct picture picture = {&plan, &action, &share, 1, 1};
    bool measured = true;
    int64_t total = 1;

    action.measure.has.target = 1;
    CHECK(!measure_below_target(&picture, &measured, &total));
    CHECK(!measured);
    CHECK_INT(0, total);
}

/* Only when every lead claims completion does the measure colour the action. */
TEST(measure_below_target_is_amber_once_every_lead_claims)
{
    struct value_held value = {.amount = 5};
    struct evidence_held evidence = {.on = 100};
    struct share shares[2] = {{.since = 100, .lead = true}, {.since = 100, .lead = true}};
    struct plan_row plan = {.review_days = 90};
    struct action_row action = {.due = 200, .measure = {.comparator = AT_LEAST, .target = 10}};
    struct picture picture = {&plan, &action, shares, 2, 2};
    struct rated_action rated;

    action.has.due = 1;
    action.has.measure = 1;
    action.measure.has.target = 1;
    for (int i = 0; i < 2; i++) {
        struct part *part = &shares[i].part;
        *part = (struct part){.status = CLAIM_COMPLETE, .on = 100, .evidence = {&evidence, 1}};
        part->has.status = 1;
    }
    shares[1].part.values.at = &value;
    shares[1].part.values.count = 1;

    rating_on(&picture, 100, &rated);
    CHECK_INT(AMBER, rated.rating);
    CHECK_INT(reason_bit(WHY_BELOW_TARGET), rated.reasons);
    CHECK(rated.measured);
    CHECK_INT(5, rated.total);

    value.amount = 10;
    rating_on(&picture, 100, &rated);
    CHECK_INT(GREEN, rated.rating);
    CHECK_INT(10, rated.total);

    value.amount = 5;
    shares[0].part.status = CLAIM_IN_PROGRESS;
    rating_on(&picture, 100, &rated);
    CHECK_INT(GREEN, rated.rating);
    CHECK_INT(0, rated.reasons);
    CHECK_INT(5, rated.total);

    picture.leads = 0; /* without a lead nobody claims */
    rating_on(&picture, 100, &rated);
    CHECK_INT(reason_bit(WHY_NO_LEAD), rated.reasons);
}
