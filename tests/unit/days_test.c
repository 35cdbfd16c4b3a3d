#include "schema/days.h"

#include <stdlib.h>
#include <time.h>

#include "tests/t.h"

#define SECOND INT64_C(1000000)

/* clang-format off */
TEST(days_parse_takes_the_calendars_days_only)
{
    static const struct { const char *text; bool want; int32_t day; } rows[] = {
        {"1970-01-01", true, 0},
        {"1969-12-31", true, -1},
        {"1900-01-01", true, DAY_MIN},
        {"1899-12-31", false, 0},
        {"2199-12-31", true, DAY_MAX},
        {"2200-01-01", false, 0},
        {"2000-02-29", true, 11016},
        {"2000-03-01", true, 11017},
        {"1900-02-28", true, DAY_MIN + 58},
        {"1900-02-29", false, 0},
        {"2100-02-29", false, 0},
        {"2015-02-29", false, 0},
        {"2016-02-29", true, 16860},
        {"2016-02-30", false, 0},
        {"2016-07-13", true, 16995},
        {"2016-12-31", true, 17166},
        {"2017-01-31", true, 17197},
        {"2016-01-32", false, 0},
        {"2016-04-30", true, 16921},
        {"2016-04-31", false, 0},
        {"2016-06-31", false, 0},
        {"2020-09-31", false, 0},
        {"2016-11-31", false, 0},
        {"2016-01-00", false, 0},
        {"2016-00-01", false, 0},
        {"2016-13-01", false, 0},
        {"2016-12-01", true, 17136},
        {"0000-01-01", false, 0},
        {"9999-12-31", false, 0},
        {"", false, 0},
        {"2016-7-13", false, 0},
        {"2016-07-1", false, 0},
        {"2016-07-133", false, 0},
        {"2016-07-13 ", false, 0},
        {"2016/07/13", false, 0},
        {"2016-07/13", false, 0},
        {"20160-7-13", false, 0},
        {"+016-07-13", false, 0},
        {"2016- 7-13", false, 0},
        {"2016-07-1x", false, 0},
        {"2016-07-1/", false, 0},
        {"2016-07-1:", false, 0},
        {"13-07-2016", false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int32_t day = 12345;
        if (day_parse(rows[i].text, strlen(rows[i].text), &day) != rows[i].want)
            FAIL_WITH("%s", rows[i].text);
        CHECK_INT(rows[i].want ? rows[i].day : 12345, day);
    }
}

TEST(days_know_the_weekday)
{
    static const struct { const char *text; int weekday; } rows[] = {
        {"1970-01-01", THURSDAY}, {"1969-12-31", WEDNESDAY}, {"1969-12-29", MONDAY},
        {"1969-12-28", SUNDAY},   {"1900-01-01", MONDAY},    {"2000-02-29", TUESDAY},
        {"2016-07-13", WEDNESDAY}, {"2016-07-15", FRIDAY},   {"2016-07-16", SATURDAY},
        {"2199-12-31", TUESDAY},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int32_t day;
        CHECK(day_parse(rows[i].text, 10, &day));
        CHECK_INT(rows[i].weekday, day_weekday(day));
    }
}

TEST(days_know_how_long_a_month_is)
{
    static const struct { int year, month; const char *last; } rows[] = {
        {2015, 1, "2015-01-31"}, {2015, 2, "2015-02-28"},  {2016, 2, "2016-02-29"},
        {1900, 2, "1900-02-28"}, {2000, 2, "2000-02-29"},  {2015, 3, "2015-03-31"},
        {2015, 9, "2015-09-30"}, {2015, 11, "2015-11-30"}, {2015, 12, "2015-12-31"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[DAY_TEXT];
        day_format(day_last_of_month(rows[i].year, rows[i].month), text);
        CHECK_STR(rows[i].last, text);
    }
}

/* London's day changes at midnight there, which is 23:00 UTC in summer. */
TEST(days_in_london_end_by_summer_time)
{
    static const struct { const char *day; int hour_utc; } rows[] = {
        {"2016-01-15", 24},
        {"2016-03-26", 24}, /* the night before the clocks go forward */
        {"2016-03-27", 23}, /* the short day */
        {"2016-07-13", 23},
        {"2016-10-29", 23}, /* the night before they go back */
        {"2016-10-30", 24}, /* the long day */
        {"2016-12-31", 24},
        {"2015-03-28", 24}, {"2015-03-29", 23}, {"2015-10-24", 23}, {"2015-10-25", 24},
        {"2019-03-30", 24}, {"2019-03-31", 23}, {"2019-10-26", 23}, {"2019-10-27", 24},
        {"2024-03-30", 24}, {"2024-03-31", 23}, {"2024-10-26", 23}, {"2024-10-27", 24},
        {"2026-03-24", 24}, {"2026-03-28", 24}, {"2026-03-29", 23}, {"2026-10-25", 24},
        {"1969-12-31", 24}, {"1969-07-01", 23},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int32_t day;
        CHECK(day_parse(rows[i].day, 10, &day));
        int64_t end = (day * INT64_C(24) + rows[i].hour_utc) * 3600 * SECOND;
        CHECK_INT(end, day_ends_at(day));
        CHECK_INT(day, day_in_london(end - 1));
        CHECK_INT(day + 1, day_in_london(end));
    }
}
/* clang-format on */

/* From the first day to the last: written, read and counted without a gap. */
TEST(days_follow_one_another)
{
    struct civil want = {1900, 1, 1};
    for (int32_t day = DAY_MIN; day <= DAY_MAX; day++) {
        struct civil got = day_to_civil(day);
        char text[DAY_TEXT], expect[40];
        int32_t back;

        CHECK_INT(want.year, got.year);
        CHECK_INT(want.month, got.month);
        CHECK_INT(want.day, got.day);
        CHECK_INT(day, day_from_civil(got));
        day_format(day, text);
        (void)snprintf(expect, sizeof expect, "%04d-%02d-%02d", got.year, got.month, got.day);
        CHECK_STR(expect, text);
        CHECK(day_parse(text, 10, &back));
        CHECK_INT(day, back);
        CHECK_INT((day - DAY_MIN) % 7 + MONDAY, day_weekday(day));

        if (day < day_last_of_month(want.year, want.month))
            want.day++;
        else
            want = want.month < 12 ? (struct civil){want.year, want.month + 1, 1}
                                   : (struct civil){want.year + 1, 1, 1};
    }
    CHECK_INT(2200, want.year);
}

/* Far outside the days that may be written, still numbers and back. */
TEST(days_of_any_century_go_and_come_back)
{
    CHECK_INT(-719162, day_from_civil((struct civil){1, 1, 1}));
    CHECK_INT(-719528, day_from_civil((struct civil){0, 1, 1}));
    CHECK_INT(-865625, day_from_civil((struct civil){-400, 1, 1}));
    for (int i = 0; i < 100000; i++) {
        int32_t day = (int32_t)random_below(200000000) - 100000000;
        CHECK_INT(day, day_from_civil(day_to_civil(day)));
    }
}

/* A moment belongs to the one day that begins at or before it and ends after. */
TEST(days_in_london_hold_every_moment_once)
{
    for (int i = 0; i < 100000; i++) {
        int64_t utc = (int64_t)random_below(UINT64_C(8000000000000000)) - INT64_C(2000000000000000);
        int32_t day = day_in_london(utc);
        CHECK(utc < day_ends_at(day));
        CHECK(utc >= day_ends_at(day - 1));
    }
}

static int32_t
by_zoneinfo(int64_t seconds)
{
    time_t moment = (time_t)seconds;
    struct tm tm;
    CHECK(localtime_r(&moment, &tm));
    return day_from_civil((struct civil){tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday});
}

static void
set_zone(const char *zone)
{
    CHECK_INT(0, zone ? setenv("TZ", zone, 1) : unsetenv("TZ"));
    tzset();
}

/* The rule against the host's own table, in each quarter of an hour around
   midnight. */
TEST(days_in_london_agree_with_zoneinfo)
{
    const int64_t july = INT64_C(1468411200); /* noon UTC, 2016-07-13 */
    const int32_t last = day_from_civil((struct civil){2037, 12, 31});
    time_t moment = (time_t)july;
    struct tm tm;

    set_zone(":Europe/London");
    CHECK(localtime_r(&moment, &tm));
    if (tm.tm_hour != 13) {
        set_zone(NULL);
        SKIP_WITH("Europe/London is not installed here (tzdata)");
    }
    for (int32_t day = day_from_civil((struct civil){2000, 1, 1}); day <= last; day++)
        for (int quarter = -5; quarter <= 5; quarter++) {
            int64_t at = day * INT64_C(86400) + INT64_C(900) * quarter;
            CHECK_INT(by_zoneinfo(at), day_in_london(at * SECOND));
            CHECK_INT(by_zoneinfo(at - 1), day_in_london(at * SECOND - 1));
        }
    set_zone(NULL);
}

TEST(days_show_times_as_clocks_in_london_do)
{
    static const struct {
        int64_t utc; /* seconds */
        const char *shown;
    } rows[] = {
        {INT64_C(1459040399), "2016-03-27 00:59"}, {INT64_C(1459040400), "2016-03-27 02:00"},
        {INT64_C(1477788959), "2016-10-30 01:55"}, {INT64_C(1477789200), "2016-10-30 01:00"},
        {INT64_C(1468454340), "2016-07-14 00:59"}, {INT64_C(0), "1970-01-01 00:00"},
    };
    char text[TIME_TEXT];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        time_format_in_london(rows[i].utc * SECOND, text);
        CHECK_STR(rows[i].shown, text);
    }
}
