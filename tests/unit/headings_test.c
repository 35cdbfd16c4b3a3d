#include "agents/cli/printed/headings.h"
#include "tests/t.h"

TEST(headings_are_known_as_boards_write_them)
{
    /* clang-format off */
    static const struct { const char *heading; enum column want; enum heading_note note; } rows[] = {
        {"Recommendation", COLUMN_RECOMMENDATION, HEADING_KNOWN},
        {"RECOMMENDATIONS:", COLUMN_RECOMMENDATION, HEADING_KNOWN},
        {"Recommendation number", COLUMN_RECOMMENDATION_REF, HEADING_KNOWN},
        {"Recommendation No.", COLUMN_RECOMMENDATION_REF, HEADING_KNOWN},
        {"Rec. No.", COLUMN_RECOMMENDATION_REF, HEADING_KNOWN},
        {"Ref", COLUMN_REF, HEADING_KNOWN},
        {"No.", COLUMN_REF, HEADING_KNOWN},
        {"Action number", COLUMN_REF, HEADING_KNOWN},
        {"Action", COLUMN_ACTION, HEADING_KNOWN},
        {"Action(s) required", COLUMN_ACTION, HEADING_KNOWN},
        {"Actions required", COLUMN_ACTION, HEADING_KNOWN},
        {"What are we going to do?", COLUMN_ACTION, HEADING_KNOWN},
        {"Action / Task", COLUMN_ACTION, HEADING_KNOWN},
        {"Lead", COLUMN_LEAD, HEADING_KNOWN},
        {"The lead agency", COLUMN_LEAD, HEADING_KNOWN},
        {"Lead (agency/officer)", COLUMN_LEAD, HEADING_KNOWN},
        {"Lead Organisation", COLUMN_LEAD, HEADING_KNOWN},
        {"Responsible", COLUMN_LEAD, HEADING_KNOWN},
        {"Owner", COLUMN_LEAD, HEADING_KNOWN},
        {"Lead / Owner", COLUMN_LEAD, HEADING_KNOWN},
        {"Lead and owner", COLUMN_LEAD, HEADING_KNOWN},
        {"Lead officer (post) / Owner (agency)", COLUMN_LEAD, HEADING_KNOWN},
        {"By whom?", COLUMN_LEAD, HEADING_KNOWN},
        {"Partners", COLUMN_CONTRIBUTORS, HEADING_KNOWN},
        {"Contributors", COLUMN_CONTRIBUTORS, HEADING_KNOWN},
        {"Timescale", COLUMN_DUE, HEADING_KNOWN},
        {"Time-scale", COLUMN_DUE, HEADING_KNOWN},
        {"Due", COLUMN_DUE, HEADING_KNOWN},
        {"Deadline", COLUMN_DUE, HEADING_KNOWN},
        {"Target date", COLUMN_DUE, HEADING_KNOWN},
        {"By when?", COLUMN_DUE, HEADING_KNOWN},
        {"Timescale (end date)", COLUMN_DUE, HEADING_KNOWN},
        {"Success measure", COLUMN_MEASURE, HEADING_KNOWN},
        {"How will we know?", COLUMN_MEASURE, HEADING_KNOWN},
        {"How will we know it has made a difference?", COLUMN_MEASURE, HEADING_KNOWN},
        {"How will we", COLUMN_PRINTED, HEADING_UNKNOWN},
        {"KPI", COLUMN_MEASURE, HEADING_KNOWN},
        {"Impact", COLUMN_OUTCOME, HEADING_KNOWN},
        {"Desired outcome", COLUMN_OUTCOME, HEADING_KNOWN},
        {"Outcome/Impact", COLUMN_OUTCOME, HEADING_KNOWN},
        {"What will be different?", COLUMN_OUTCOME, HEADING_KNOWN},
        {"Progress", COLUMN_PROGRESS, HEADING_KNOWN},
        {"Progress to date", COLUMN_PROGRESS, HEADING_KNOWN},
        {"Update – January 2017", COLUMN_PROGRESS, HEADING_KNOWN},
        {"Status", COLUMN_STATUS, HEADING_KNOWN},
        {"R.A.G.", COLUMN_PRINTED, HEADING_UNKNOWN},
        {"RAG", COLUMN_STATUS, HEADING_KNOWN},
        {"Status / RAG rating", COLUMN_STATUS, HEADING_KNOWN},
        {"Evidence", COLUMN_EVIDENCE, HEADING_KNOWN},
        {"Theme", COLUMN_THEME, HEADING_KNOWN},
        {"Priority", COLUMN_THEME, HEADING_KNOWN},
        {"Progress and outcome", COLUMN_PROGRESS, HEADING_KNOWN}, /* "progress" and anything */
        {"Outcome and progress", COLUMN_PRINTED, HEADING_UNKNOWN}, /* two meanings */
        {"Recommendation and risk", COLUMN_PRINTED, HEADING_UNKNOWN},
        {"Completion date", COLUMN_PRINTED, HEADING_AMBIGUOUS},
        {"Target", COLUMN_PRINTED, HEADING_AMBIGUOUS},
        {"Cost", COLUMN_PRINTED, HEADING_UNKNOWN},
        {"", COLUMN_PRINTED, HEADING_EMPTY},
        {" - ", COLUMN_PRINTED, HEADING_EMPTY},
        {"(lead)", COLUMN_LEAD, HEADING_KNOWN},
        {"/", COLUMN_PRINTED, HEADING_EMPTY},
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum heading_note note;
        enum column got = heading_column(rows[i].heading, &note);
        if (got != rows[i].want || note != rows[i].note)
            FAIL_WITH("\"%s\": want %s, note %d; got %s, note %d", rows[i].heading,
                      column_name(rows[i].want), (int)rows[i].note, column_name(got), (int)note);
    }
}

static bool
find(struct headings *out, struct table **t, const char *text)
{
    struct fault why;

    CHECK_INT(1, table_parse(t, text, strlen(text), &why));
    return headings_find(out, *t, &why);
}

TEST(headings_are_found_below_titles)
{
    struct headings h;
    struct table *t;

    CHECK(find(&h, &t,
               "Domestic abuse action plan,,,\nLead agency,,,\n"
               "No.,Action,Lead,Cost,Action owner,\n1.1,Do it,Police,Low,Health,x\n"));
    CHECK_INT(2, h.row);
    CHECK_INT(6, h.count);
    CHECK_INT(0, h.at[COLUMN_REF]);
    CHECK_INT(1, h.at[COLUMN_ACTION]);
    CHECK_INT(2, h.at[COLUMN_LEAD]);
    CHECK_INT(-1, h.at[COLUMN_DUE]);
    CHECK_INT(HEADING_UNKNOWN, h.note[3]);
    CHECK_INT(HEADING_REPEATED, h.note[4]);
    CHECK_INT(COLUMN_PRINTED, h.column[4]);
    CHECK_INT(HEADING_EMPTY, h.note[5]);
    CHECK_STR("Police", headings_cell(&h, t, 3, COLUMN_LEAD));
    CHECK_STR("", headings_cell(&h, t, 3, COLUMN_DUE));
    table_free(&t);
}

TEST(headings_keep_the_first_of_two_alike)
{
    struct headings h;
    struct table *t;

    CHECK(find(&h, &t, "Action,Lead,Actions\n"));
    CHECK_INT(0, h.at[COLUMN_ACTION]);
    CHECK_INT(HEADING_REPEATED, h.note[2]);
    table_free(&t);
}

TEST(headings_need_an_action_and_another_column)
{
    /* clang-format off */
    static const struct { const char *text; bool want; } rows[] = {
        {"Action,Lead\n", true},
        {"Recommendation,Timescale\n", true},
        {"Action,Cost\n", false},
        {"Ref,Lead,Timescale\n", false},
        {"", false},
        {"x\nx\nx\nx\nx\nx\nx\nx\nx\nAction,Lead\n", true},     /* the tenth row */
        {"x\nx\nx\nx\nx\nx\nx\nx\nx\nx\nAction,Lead\n", false}, /* the eleventh */
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct headings h;
        struct table *t;
        CHECK_INT(rows[i].want, find(&h, &t, rows[i].text));
        table_free(&t);
    }
}
