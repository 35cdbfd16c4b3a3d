#include "schema/rollup.h"

#include "tests/t.h"

static void
add(struct rollup *r, struct arena *arena, enum rating rating, const struct recommendation *answers,
    uint32_t count)
{
    struct action_row action = {.recommendations = {answers, count}};
    struct rated_action rated = {.rating = rating};
    rollup_add(r, arena, &action, &rated);
}

static struct recommendation
answer(const char *source, const char *number, const char *printed)
{
    struct recommendation r = {.source = text_of(source), .number = text_of(number)};
    if (printed) {
        r.printed = text_of(printed);
        r.has.printed = 1;
    }
    return r;
}

TEST(rollup_counts_by_recommendation_in_order)
{
    struct arena *arena = arena_new();
    struct rollup r = {.count = 0};
    char printed[] = "Child O, 2";
    const struct recommendation first[] = {answer("scr-o", "10", NULL), answer("scr-o", "2", NULL),
                                           answer("scr-b", "9", NULL), answer("scr-o", "2", NULL)};
    const struct recommendation second[] = {answer("scr-o", "2", printed),
                                            answer("scr-o", "2a", NULL)};
    const struct recommendation third[] = {answer("scr-o", "2", "another"),
                                           answer("scr", "02", NULL)};

    add(&r, arena, RED, first, 4);
    add(&r, arena, GREEN, second, 2);
    printed[0] = '!'; /* what was given may go */
    add(&r, arena, RED, third, 2);
    add(&r, arena, BLUE, NULL, 0);

    static const struct {
        const char *source, *number;
        uint32_t actions, red, green;
    } rows[] = {
        {"scr", "02", 1, 1, 0},   {"scr-b", "9", 1, 1, 0},  {"scr-o", "2", 3, 2, 1},
        {"scr-o", "2a", 1, 0, 1}, {"scr-o", "10", 1, 1, 0},
    };
    CHECK_INT(sizeof rows / sizeof *rows, r.count);
    for (size_t i = 0; i < r.count; i++) {
        CHECK_STR(rows[i].source, r.at[i].source);
        CHECK_STR(rows[i].number, r.at[i].number);
        CHECK_INT(rows[i].actions, r.at[i].tally.actions);
        CHECK_INT(rows[i].red, r.at[i].tally.by_rating[RED]);
        CHECK_INT(rows[i].green, r.at[i].tally.by_rating[GREEN]);
        CHECK_INT(0, r.at[i].tally.by_rating[BLUE]);
    }
    CHECK(text_is(r.at[2].printed, "Child O, 2"));
    CHECK_INT(0, r.at[0].printed.len);
    CHECK_INT(4, r.plan.actions);
    CHECK_INT(2, r.plan.by_rating[RED]);
    CHECK_INT(1, r.plan.by_rating[GREEN]);
    CHECK_INT(1, r.plan.by_rating[BLUE]);
    arena_destroy(&arena);
}

TEST(rollup_takes_the_longest_id)
{
    struct arena *arena = arena_new();
    struct rollup r = {.count = 0};
    char id[ID_MAX + 1];

    memset(id, 'x', ID_MAX);
    id[ID_MAX] = '\0';
    struct recommendation one = answer(id, id, NULL);
    add(&r, arena, GREEN, &one, 1);
    CHECK_STR(id, r.at[0].source);
    CHECK_STR(id, r.at[0].number);
    arena_destroy(&arena);
}

/* More than there is room for at first, in any order, twice each. */
TEST(rollup_grows)
{
    enum { MANY = 500 };
    struct arena *arena = arena_new();
    struct rollup r = {.count = 0};

    for (uint32_t i = 0; i < 2 * MANY; i++) {
        char number[16];
        snprintf(number, sizeof number, "%u", i * 7 % MANY);
        struct recommendation one = answer("s", number, NULL);
        add(&r, arena, AMBER, &one, 1);
    }
    CHECK_INT(MANY, r.count);
    for (uint32_t i = 0; i < MANY; i++) {
        char number[16];
        snprintf(number, sizeof number, "%u", i);
        CHECK_STR(number, r.at[i].number);
        CHECK_INT(2, r.at[i].tally.by_rating[AMBER]);
    }
    CHECK_INT(2 * MANY, r.plan.actions);
    arena_destroy(&arena);
}
