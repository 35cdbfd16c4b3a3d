#include "agents/cli/printed/date.h"
#include "schema/days.h"
#include "tests/t.h"

struct row {
    const char *cell;
    enum printed_date_kind kind;
    const char *want; /* the day, or a part of what is said */
};

static void
check(const struct row *rows, size_t count, bool assumed)
{
    for (size_t i = 0; i < count; i++) {
        struct printed_date got;
        char day[DAY_TEXT] = "";
        printed_date_read(&got, rows[i].cell);
        if (got.kind == DATE_DAY)
            day_format(got.day, day);
        bool as_wanted = got.kind == DATE_DAY ? strcmp(day, rows[i].want) == 0
                                              : strstr(got.how, rows[i].want) != NULL;
        if (got.kind != rows[i].kind || !as_wanted || got.assumed != assumed)
            FAIL_WITH("\"%s\": want kind %d, %s; got kind %d, %s%s (%s)", rows[i].cell,
                      (int)rows[i].kind, rows[i].want, (int)got.kind, day,
                      got.assumed ? ", assumed" : "", got.how);
    }
}

#define CHECK_ROWS(rows, assumed) check(rows, sizeof(rows) / sizeof *(rows), assumed)

TEST(printed_date_days)
{
    /* clang-format off */
    static const struct row rows[] = {
        {"31/03/2015", DATE_DAY, "2015-03-31"},
        {"31.3.15", DATE_DAY, "2015-03-31"},
        {"31-03-15", DATE_DAY, "2015-03-31"},
        {"1/2/2015", DATE_DAY, "2015-02-01"}, /* day first */
        {"2015-03-31", DATE_DAY, "2015-03-31"},
        {"2011-12-31", DATE_DAY, "2011-12-31"}, /* no financial year */
        {"31 March 2015", DATE_DAY, "2015-03-31"},
        {"31st March 2015.", DATE_DAY, "2015-03-31"},
        {"31st of March, 2015", DATE_DAY, "2015-03-31"},
        {"31-Mar-15", DATE_DAY, "2015-03-31"},
        {"31 Mar '15", DATE_DAY, "2015-03-31"},
        {"31 MARCH 15", DATE_DAY, "2015-03-31"},
        {"22nd March 2015", DATE_DAY, "2015-03-22"},
        {"3rd March 2015", DATE_DAY, "2015-03-03"},
        {"4th March 2015", DATE_DAY, "2015-03-04"},
        {"March 31st, 2015", DATE_DAY, "2015-03-31"},
        {"by 31 March 2015", DATE_DAY, "2015-03-31"},
        {"By: 31 March 2015", DATE_DAY, "2015-03-31"},
        {"31 March 2015 at the latest", DATE_DAY, "2015-03-31"},
        {"to be completed by 31 March 2015", DATE_DAY, "2015-03-31"},
        {"Complete by 31 March 2015", DATE_DAY, "2015-03-31"},
        {"no later than 31 March 2015", DATE_DAY, "2015-03-31"},
        {"Tuesday 31 March 2015", DATE_DAY, "2015-03-31"},
        {"Tue, 31/03/2015", DATE_DAY, "2015-03-31"},
        {"29 February 2016", DATE_DAY, "2016-02-29"},
        {"1 January 1990", DATE_DAY, "1990-01-01"},
        {"31 December 2099", DATE_DAY, "2099-12-31"},
    };
    /* clang-format on */
    CHECK_ROWS(rows, false);
}

TEST(printed_date_last_day_of_a_period)
{
    /* clang-format off */
    static const struct row rows[] = {
        {"March 2015", DATE_DAY, "2015-03-31"},
        {"march, 2015", DATE_DAY, "2015-03-31"},
        {"Sept. 2016", DATE_DAY, "2016-09-30"},
        {"February 2016", DATE_DAY, "2016-02-29"},
        {"February 2017", DATE_DAY, "2017-02-28"},
        {"December 2016", DATE_DAY, "2016-12-31"},
        {"03/2015", DATE_DAY, "2015-03-31"},
        {"2015-03", DATE_DAY, "2015-03-31"},
        {"2015-12", DATE_DAY, "2015-12-31"},
        {"Mar ’15", DATE_DAY, "2015-03-31"},
        {"end of March 2015", DATE_DAY, "2015-03-31"},
        {"by the end of March 2015", DATE_DAY, "2015-03-31"},
        {"End March 2015", DATE_DAY, "2015-03-31"},
        {"by March 2015", DATE_DAY, "2015-03-31"},
        {"Revised date: March 2015", DATE_DAY, "2015-03-31"},
        {"June/July 2012", DATE_DAY, "2012-07-31"},
        {"June - July 2012", DATE_DAY, "2012-07-31"},
        {"June and July 2012", DATE_DAY, "2012-07-31"},
        {"June, July and August 2012", DATE_DAY, "2012-08-31"},
        {"June 2012/July 2012", DATE_DAY, "2012-07-31"},
        {"December/January 2016", DATE_DAY, "2016-01-31"},
        {"December 2015/January 2016", DATE_DAY, "2016-01-31"},
        {"November 2015 – January 2016", DATE_DAY, "2016-01-31"},
        {"Nov - Jan 2016", DATE_DAY, "2016-01-31"},
        {"April to September 2016", DATE_DAY, "2016-09-30"},
        {"1-5 March 2015", DATE_DAY, "2015-03-05"},
        {"1st to 5th March 2015", DATE_DAY, "2015-03-05"},
        {"30 and 31 March 2015", DATE_DAY, "2015-03-31"},
        {"1 March - 15 April 2015", DATE_DAY, "2015-04-15"},
        {"1/4/16 - 31/3/17", DATE_DAY, "2017-03-31"},
        {"w/c 6th March 2017", DATE_DAY, "2017-03-12"},
        {"Week commencing Monday 6 March 2017", DATE_DAY, "2017-03-12"},
        {"week ending 12 March 2017", DATE_DAY, "2017-03-12"},
        {"Financial year 2016/17", DATE_DAY, "2017-03-31"},
        {"end of the financial year 2016/17", DATE_DAY, "2017-03-31"},
        {"2016-17 financial year", DATE_DAY, "2017-03-31"},
        {"FY16/17", DATE_DAY, "2017-03-31"},
        {"Financial year 2011-12", DATE_DAY, "2012-03-31"},
        {"Q1 2016/17", DATE_DAY, "2016-06-30"},
        {"Q2 2016/17", DATE_DAY, "2016-09-30"},
        {"Quarter 3, 2016-17", DATE_DAY, "2016-12-31"},
        {"Q4 of 2016/2017", DATE_DAY, "2017-03-31"},
        {"Q2 FY16/17", DATE_DAY, "2016-09-30"},
        {"Q2 of the financial year 2016/17", DATE_DAY, "2016-09-30"},
        {"Jan/Feb/Mar/Apr/May/Jun/Jul/Aug/Sep/Oct/Nov/Dec 2015", DATE_DAY, "2015-12-31"},
    };
    /* clang-format on */
    CHECK_ROWS(rows, false);
}

/* A usual reading, that a person should look at. */
TEST(printed_date_assumed)
{
    /* clang-format off */
    static const struct row rows[] = {
        {"2016/17", DATE_DAY, "2017-03-31"},
        {"2016-17", DATE_DAY, "2017-03-31"},
        {"2012-13", DATE_DAY, "2013-03-31"},
        {"2016/2017", DATE_DAY, "2017-03-31"},
        {"1999/00", DATE_DAY, "2000-03-31"},
        {"end of 2016/17", DATE_DAY, "2017-03-31"},
        {"2017", DATE_DAY, "2017-12-31"},
        {"end of 2017", DATE_DAY, "2017-12-31"},
        {"by the end of 2017", DATE_DAY, "2017-12-31"},
        {"2016 to 2018", DATE_DAY, "2018-12-31"},
        {"2016/17 - 2017/18", DATE_DAY, "2018-03-31"},
        {"Mar-15", DATE_DAY, "2015-03-31"},
        {"May/16", DATE_DAY, "2016-05-31"},
        {"March 2015 (revised from January 2015)", DATE_DAY, "2015-03-31"},
        {"March 2015, originally 31 January 2015", DATE_DAY, "2015-03-31"},
        {"March 2015 (was January 2015)", DATE_DAY, "2015-03-31"},
        {"January 2015 revised to March 2015", DATE_DAY, "2015-03-31"},
        {"January 2015 (extended to 31/03/2015)", DATE_DAY, "2015-03-31"},
        {"January 2015 - now end of March 2015", DATE_DAY, "2015-03-31"},
        {"31/01/2015\nRevised date: 31/03/2015", DATE_DAY, "2015-03-31"},
    };
    /* clang-format on */
    CHECK_ROWS(rows, true);
}

TEST(printed_date_none)
{
    /* clang-format off */
    static const struct row rows[] = {
        {"", DATE_NONE, "no date"},
        {"  ", DATE_NONE, "no date"},
        {"-", DATE_NONE, "no date"},
        {"–\n", DATE_NONE, "no date"},
    };
    /* clang-format on */
    CHECK_ROWS(rows, false);
}

TEST(printed_date_kept_as_text)
{
    /* clang-format off */
    static const struct row rows[] = {
        {"ongoing", DATE_OPEN, "no last day"},
        {"On-going", DATE_OPEN, "no last day"},
        {"March 2015 and ongoing", DATE_OPEN, "no last day"},
        {"Annually, from March 2015", DATE_OPEN, "begins"},
        {"From April 2015", DATE_OPEN, "begins"},
        {"April 2015 onwards", DATE_OPEN, "no last day"},
        {"Quarterly", DATE_OPEN, "no last day"},
        {"TBC", DATE_OPEN, "no date is set"},
        {"To be agreed", DATE_OPEN, "no date is set"},
        {"n/a", DATE_OPEN, "no date is set"},
        {"within three months", DATE_RELATIVE, "counted"},
        {"3 months", DATE_RELATIVE, "counted"},
        {"6 weeks from publication", DATE_RELATIVE, "counted"},
        {"immediate", DATE_RELATIVE, "counted"},
        {"With immediate effect", DATE_RELATIVE, "counted"},
        {"Short-term", DATE_RELATIVE, "counted"},
        {"Complete", DATE_PROGRESS, "how far"},
        {"Completed March 2015", DATE_PROGRESS, "how far"},
        {"March 2015 - completed", DATE_PROGRESS, "how far"},
        {"31 September 2020", DATE_IMPOSSIBLE, "there is no 31 September 2020"},
        {"29/02/2015", DATE_IMPOSSIBLE, "there is no 29 February 2015"},
        {"0 March 2015", DATE_IMPOSSIBLE, "there is no 0 March 2015"},
        {"12/31/2015", DATE_IMPOSSIBLE, "there is no month 31"},
        {"01/00/2015", DATE_IMPOSSIBLE, "there is no month 0"},
        {"13/2015", DATE_IMPOSSIBLE, "there is no month 13"},
        {"31 September - 31 October 2020", DATE_IMPOSSIBLE, "31 September 2020"},
        {"March 2105", DATE_IMPOSSIBLE, "the year 2105"},
        {"31 December 1989", DATE_IMPOSSIBLE, "the year 1989"},
        {"1 January 2100", DATE_IMPOSSIBLE, "the year 2100"},
        {"Monday 31 March 2015", DATE_IMPOSSIBLE, "another day of the week"},
        {"Spring 2016", DATE_UNCLEAR, "season"},
        {"end of autumn term 2016", DATE_UNCLEAR, "season"},
        {"Academic year 2016/17", DATE_UNCLEAR, "season"},
        {"mid-March 2015", DATE_UNCLEAR, "about when"},
        {"Early 2016", DATE_UNCLEAR, "about when"},
        {"before March 2015", DATE_UNCLEAR, "about when"},
        {"Q2 2016", DATE_UNCLEAR, "quarter"},
        {"Q2", DATE_UNCLEAR, "not a date"},
        {"Q2 16", DATE_UNCLEAR, "not a date"},
        {"Q5 2016/17", DATE_UNCLEAR, "four quarters"},
        {"Q0 2016/17", DATE_UNCLEAR, "four quarters"},
        {"2011-12", DATE_UNCLEAR, "a financial year, a month"},
        {"2016-2017", DATE_UNCLEAR, "two calendar years"},
        {"2015-20", DATE_UNCLEAR, "not a date that is usual"},
        {"2015/03", DATE_UNCLEAR, "not a date that is usual"},
        {"by 2017", DATE_UNCLEAR, "beginning, or by its end"},
        {"March", DATE_UNCLEAR, "no year"},
        {"31 March", DATE_UNCLEAR, "no year"},
        {"31/3", DATE_UNCLEAR, "no year"},
        {"31", DATE_UNCLEAR, "no year"},
        {"March 15", DATE_UNCLEAR, "a day or a year"},
        {"Monday March 2015", DATE_UNCLEAR, "without its date"},
        {"March 2015; June 2015", DATE_UNCLEAR, "not understood"},
        {"March and June 2015", DATE_UNCLEAR, "more than one date"},
        {"June/March 2015", DATE_UNCLEAR, "more than one date"},
        {"1 and 5 March 2015", DATE_UNCLEAR, "more than one date"},
        {"1 March and April 2015", DATE_UNCLEAR, "more than one date"},
        {"June 2015 - March 2015", DATE_UNCLEAR, "ends before"},
        {"March 2015 - March 2015", DATE_UNCLEAR, "ends before"},
        {"Jan/Feb/Mar/Apr/May/Jun/Jul/Aug/Sep/Oct/Nov/Dec/Jan 2015", DATE_UNCLEAR, "no year"},
        {"March 2015 (Board meeting)", DATE_UNCLEAR, "not understood"},
        {"March 2015 revised from the plan", DATE_UNCLEAR, "not understood"},
        {"March 2015 (revised from January 2015) see minutes", DATE_UNCLEAR, "not understood"},
        {"March 2015 revised April 2015", DATE_UNCLEAR, "not understood"},
        {"next Board", DATE_UNCLEAR, "not a date"},
        {"by", DATE_UNCLEAR, "not a date"},
        {"42094", DATE_UNCLEAR, "not a date"},
        {"?", DATE_UNCLEAR, "not a date"},
        {"~March 2015", DATE_UNCLEAR, "not a date"},
        {"March 2015?", DATE_UNCLEAR, "not understood"},
        {"March 2015 +", DATE_UNCLEAR, "not understood"},
        {"1-2-3 March", DATE_UNCLEAR, ""},
    };
    /* clang-format on */
    CHECK_ROWS(rows, false);
}

/* What moved is reported even where the date that it moved from is odd; a date
   that it moved to must be one. */
TEST(printed_date_moved)
{
    struct printed_date got;

    printed_date_read(&got, "January 2015, revised to 31 September 2015");
    CHECK_INT(DATE_IMPOSSIBLE, got.kind);
    printed_date_read(&got, "March 2015 (revised from January)");
    CHECK_INT(DATE_UNCLEAR, got.kind);
}

TEST(printed_date_says_how_it_was_read)
{
    /* clang-format off */
    static const struct { const char *cell, *how; } rows[] = {
        {"31 March 2015", "as printed"},
        {"March 2015", "the last day of the month"},
        {"2015", "the last day of the year"},
        {"June/July 2012", "the last day of the period"},
        {"2016/17", "read as the financial year, which ends on 31 March"},
        {"Q2 2016/17", "the last day of that quarter of the financial year"},
        {"w/c 6 March 2017", "the last day of that week"},
        {"Mar-15", "the two digits read as the year"},
        {"March 2015, was January 2015", "the date as it is now; it was moved"},
        {"January 2015, now March 2015", "the date it was moved to"},
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct printed_date got;
        printed_date_read(&got, rows[i].cell);
        CHECK_STR(rows[i].how, got.how);
    }
}

/* Every day of forty years, in each way to write one. */
TEST(printed_date_every_day)
{
    static const char *const months[] = {"January", "Feb",     "March", "Apr",
                                         "May",     "June",    "July",  "August",
                                         "Sept",    "October", "Nov",   "December"};
    int32_t first = day_from_civil((struct civil){2000, 1, 1});

    for (int32_t day = first; day < first + 40 * 365; day += 1 + (int32_t)random_below(5)) {
        struct civil c = day_to_civil(day);
        char cells[5][64];
        day_format(day, cells[0]);
        (void)snprintf(cells[1], 64, "%d/%02d/%d", c.day, c.month, c.year);
        (void)snprintf(cells[2], 64, "%d %s %d", c.day, months[c.month - 1], c.year);
        (void)snprintf(cells[3], 64, "by %02d.%d.%02d", c.day, c.month, c.year % 100);
        (void)snprintf(cells[4], 64, "%s %d, %d", months[c.month - 1], c.day, c.year);
        for (int i = 0; i < 5; i++) {
            struct printed_date got;
            printed_date_read(&got, cells[i]);
            if (got.kind != DATE_DAY || got.day != day)
                FAIL_WITH("\"%s\": %s", cells[i], got.how);
        }
    }
}
