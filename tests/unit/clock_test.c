/* The broker's clock. */
#include "broker/clock.h"

#include "schema/days.h"
#include "tests/t.h"

/* A day's ends, and back over them: the day that was worked out is not taken for
   another's. */
TEST(clock_has_the_day_of_each_moment)
{
    for (int32_t day = 16800; day < 17200; day += 7) {
        const int64_t moments[] = {day_ends_at(day) - 1, day_ends_at(day), day_ends_at(day + 1) - 1,
                                   day_ends_at(day + 1)};
        struct clock c = {0};
        for (int i = 0; i < 4; i++)
            CHECK_INT(day_in_london(moments[i]), clock_day(&c, moments[i]));
        for (int i = 3; i >= 0; i--)
            CHECK_INT(day_in_london(moments[i]), clock_day(&c, moments[i]));
    }
}

TEST(clock_has_the_day_of_the_newest_entry_where_the_host_is_behind)
{
    struct clock c;

    clock_begin(&c, day_ends_at(17000));
    CHECK_INT(17001, clock_day(&c, day_ends_at(17000) - 1));
    CHECK_INT(17001, clock_day(&c, day_ends_at(16000)));
}
