#include "agents/cli/printed/progress.h"
#include "schema/days.h"
#include "tests/t.h"

struct row {
    const char *cell;
    const char *day; /* where one is printed, else "" */
};

static void
check(enum progress_kind want, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct printed_progress got;
        char day[DAY_TEXT] = "";
        printed_progress_read(&got, rows[i].cell);
        if (got.dated)
            day_format(got.day, day);
        if (got.kind != want || strcmp(day, rows[i].day) != 0)
            FAIL_WITH("\"%s\": want kind %d %s, got kind %d %s", rows[i].cell, (int)want,
                      rows[i].day, (int)got.kind, day);
    }
}

#define CHECK_ROWS(want, rows) check(want, rows, sizeof(rows) / sizeof *(rows))

TEST(printed_progress_complete)
{
    /* clang-format off */
    static const struct row rows[] = {
        {"Complete", ""},
        {"COMPLETED.", ""},
        {"Done", ""},
        {"Blue", ""},
        {"RAG: Blue", ""},
        {"Green - complete", ""},
        {"Blue (complete)", ""},
        {"Complete (green)", ""},
        {"Action complete.", ""},
        {"This action has been completed", ""},
        {"All actions are now fully complete", ""},
        {"Implemented and embedded", ""},
        {"100%", ""},
        {"100% complete", ""},
        {"Status: complete", ""},
        {"Complete. The policy was launched in June.", ""},
        {"Complete – policy launched", ""},
        {"Complete. No further action required.", ""},
        {"Completed March 2015", "2015-03-31"},
        {"Completed in March 2015.", "2015-03-31"},
        {"Completed on 3 March 2015", "2015-03-03"},
        {"Completed: 3.3.15", "2015-03-03"},
        {"Complete (March 2015)", "2015-03-31"},
        {"Complete - March 2015. Policy launched.", "2015-03-31"},
        {"Done, 12/03/2015", "2015-03-12"},
        {"March 2015: completed", "2015-03-31"},
        {"Complete. March 2015", ""},        /* another sentence */
        {"Completed March", ""},             /* no year */
        {"Completed 2015", ""},              /* no more than a year */
        {"Completed 31 September 2020", ""}, /* not in the calendar */
    };
    /* clang-format on */
    CHECK_ROWS(PROGRESS_COMPLETE, rows);
}

TEST(printed_progress_under_way)
{
    /* clang-format off */
    static const struct row rows[] = {
        {"In progress", ""},
        {"Ongoing", ""},
        {"On-going - policy drafted", ""},
        {"Work is under way.", ""},
        {"Amber - in progress", ""},
        {"Partially complete", ""},
        {"90%", ""},
        {"90% complete", ""},
        {"1%", ""},
        {"99% complete.", ""},
        {"Started, March 2015", ""},
    };
    /* clang-format on */
    CHECK_ROWS(PROGRESS_UNDER_WAY, rows);
}

TEST(printed_progress_not_started)
{
    /* clang-format off */
    static const struct row rows[] = {
        {"Not started", ""}, {"Not yet started.", ""}, {"Red: not started", ""},
        {"Yet to begin", ""}, {"0%", ""},
    };
    /* clang-format on */
    CHECK_ROWS(PROGRESS_NOT_STARTED, rows);
}

TEST(printed_progress_says_nothing_certain)
{
    /* clang-format off */
    static const struct row rows[] = {
        {"", ""},
        {" - ", ""},
        {"Green", ""},
        {"Amber", ""},
        {"Blue/Green", ""},
        {"Green, blue", ""},
        {"Blue, green", ""},
        {"Blue badge scheme launched", ""},
        {"Not complete", ""},
        {"Incomplete", ""},
        {"Complete?", ""},
        {"Amber - complete", ""},
        {"to be completed by March 2015", ""},
        {"Completed by March 2015", ""},
        {"Complete the training", ""},
        {"Complete March 2015 audit", ""},
        {"March 2015 complete", ""},
        {"Complete, awaiting sign off", ""},
        {"Complete. Will be audited.", ""},
        {"Complete/ongoing", ""},
        {"Completed 12 of 14 audits", ""},
        {"Completed phase 1", ""},
        {"Mostly complete", ""},
        {"Policy complete", ""},
        {"Training delivered to 90% of staff", ""},
        {"90% of staff trained", ""},
        {"100% of staff trained", ""},
        {"101%", ""},
        {"100", ""},
        {"Complete. Further audit in May.", ""},
        {"Starting soon", ""},
        {"Started the audit", ""},
        {"Not started the audit", ""},
        {"March 2015", ""},
    };
    /* clang-format on */
    CHECK_ROWS(PROGRESS_UNKNOWN, rows);
}

/* What could not be read to its end may take it back there. */
TEST(printed_progress_of_a_long_cell)
{
    static char cell[8192] = "Complete.";
    struct printed_progress got;

    for (int i = 0; i < 1000; i++)
        strcat(cell, " well");
    printed_progress_read(&got, cell);
    CHECK_INT(PROGRESS_UNKNOWN, got.kind);
    cell[2000] = '\0';
    printed_progress_read(&got, cell);
    CHECK_INT(PROGRESS_COMPLETE, got.kind);
}
