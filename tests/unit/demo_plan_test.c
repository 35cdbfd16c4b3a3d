/* The demo's plan, as it is printed, through all that reads a printed plan. */
#include "agents/cli/printed/date.h"
#include "agents/cli/printed/headings.h"
#include "agents/cli/printed/lead.h"
#include "agents/cli/printed/progress.h"
#include "schema/days.h"
#include "tests/t.h"

static const struct registered registry[] = {
    {"police", "Police"},
    {"childrens-social-care", "Children's Social Care"},
    {"health", "Health"},
    {"schools", "Schools"},
    {"probation", "Probation"},
    {"housing", "Housing"},
    {"domestic-abuse-charity", "Domestic Abuse Charity"},
};

static const char *
leads_of(const char *cell)
{
    static struct printed_leads got;
    static char buf[512];
    size_t len = 0;

    printed_lead_read(&got, cell, registry, sizeof registry / sizeof *registry);
    buf[0] = '\0';
    for (size_t i = 0; i < got.count; i++) {
        CHECK(got.leads[i].kind != LEAD_UNKNOWN && got.leads[i].kind != LEAD_AMBIGUOUS);
        if (got.leads[i].kind != LEAD_ASIDE)
            len += (size_t)snprintf(
                buf + len, sizeof buf - len, "%s%s", len ? " " : "",
                got.leads[i].kind == LEAD_ALL ? "all" : registry[got.leads[i].agency].id);
    }
    return buf;
}

TEST(demo_plan_is_understood)
{
    /* clang-format off */
    static const struct { const char *ref, *leads, *due; enum progress_kind progress; size_t line; } rows[] = {
        {"1.1", "police childrens-social-care", "2016-09-30", PROGRESS_COMPLETE, 4},
        {"1.2", "all", "2017-01-31", PROGRESS_UNKNOWN, 5},
        {"2.1", "domestic-abuse-charity", "2016-12-31", PROGRESS_UNDER_WAY, 6},
        {"2.2", "health", "2017-03-31", PROGRESS_UNDER_WAY, 7},
        {"2.3", "housing domestic-abuse-charity", "2017-06-30", PROGRESS_NOT_STARTED, 8},
        {"3.1", "police schools", "2017-02-28", PROGRESS_UNDER_WAY, 9},
        {"3.2", "childrens-social-care", "2017-07-31", PROGRESS_UNKNOWN, 10},
        {"3.3", "childrens-social-care", "2017-03-31", PROGRESS_NOT_STARTED, 14},
        {"4.1", "police", "", PROGRESS_UNDER_WAY, 15},
        {"4.2", "probation police", "2017-09-30", PROGRESS_UNDER_WAY, 16},
        {"4.3", "police probation housing", "2016-12-31", PROGRESS_UNDER_WAY, 17},
        {"5.1", "all", "2017-03-31", PROGRESS_UNDER_WAY, 20},
        {"5.2", "health childrens-social-care schools", "", PROGRESS_UNKNOWN, 21},
        {"5.3", "childrens-social-care", "2017-12-31", PROGRESS_NOT_STARTED, 22},
    };
    /* clang-format on */
    FILE *in = fopen("tests/demo/domestic-abuse-action-plan.csv", "r");
    struct table *t;
    struct headings h;
    struct fault why;

    CHECK(in != NULL);
    CHECK_INT(1, table_read(&t, in, &why));
    (void)fclose(in);
    CHECK(headings_find(&h, t, &why));
    CHECK_INT(2, h.row);
    for (size_t i = 0; i < h.count; i++)
        CHECK_INT(i + 1 == h.count ? HEADING_UNKNOWN : HEADING_KNOWN, h.note[i]);
    CHECK_INT(h.row + 1 + sizeof rows / sizeof *rows, table_rows(t));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t row = h.row + 1 + i;
        struct printed_date due;
        struct printed_progress progress;
        char day[DAY_TEXT] = "";
        CHECK_STR(rows[i].ref, headings_cell(&h, t, row, COLUMN_REF));
        CHECK_INT(rows[i].line, table_line(t, row));
        CHECK_INT(h.count, table_cells(t, row));
        CHECK_STR(rows[i].leads, leads_of(headings_cell(&h, t, row, COLUMN_LEAD)));
        (void)leads_of(headings_cell(&h, t, row, COLUMN_CONTRIBUTORS));
        printed_date_read(&due, headings_cell(&h, t, row, COLUMN_DUE));
        if (due.kind == DATE_DAY)
            day_format(due.day, day);
        CHECK_STR(rows[i].due, day);
        printed_progress_read(&progress, headings_cell(&h, t, row, COLUMN_PROGRESS));
        CHECK_INT(rows[i].progress, progress.kind);
    }
    table_free(&t);
}
