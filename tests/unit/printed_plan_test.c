/* A published plan and what the board has -> actions, and what is odd. */
#include "agents/cli/printed/plan.h"

#include <stdarg.h>
#include <string.h>

#include "schema/codec.h"
#include "schema/days.h"
#include "schema/json.h"
#include "tests/t.h"

static const struct {
    const char *id, *name;
    enum sector sector;
    bool ended;
} known[] = {
    {"police", "Police", SECTOR_POLICE, false},
    {"childrens-social-care", "Children's Social Care", SECTOR_SOCIAL_CARE, false},
    {"health", "Health", SECTOR_HEALTH, false},
    {"probation-crc", "Probation CRC", SECTOR_PROBATION, true},
    {"housing", "Housing", SECTOR_HOUSING, false}, /* no member of the plan `few` */
};
enum { KNOWN = sizeof known / sizeof *known };

struct reading {
    struct arena *arena;
    struct table *table;
    struct agency_row agencies[KNOWN];
    struct registered registry[KNOWN];
    struct joined members[KNOWN - 1];
    struct plan_row plan;
    struct guard guard;
    struct printed_rules rules;
    struct printed_plan got;
    struct fault why;
    bool read;
};

static void
set_up(struct reading *r)
{
    *r = (struct reading){.arena = arena_new()};
    for (size_t i = 0; i < KNOWN; i++) {
        r->agencies[i] = (struct agency_row){
            .id = text_of(known[i].id), .name = text_of(known[i].name), .sector = known[i].sector};
        r->agencies[i].has.ended = known[i].ended;
        r->registry[i] = (struct registered){known[i].id, known[i].name};
        if (i + 1 < KNOWN)
            r->members[i].agency = r->agencies[i].id;
    }
    r->plan = (struct plan_row){.id = text_of("da"), .title = text_of("Domestic abuse")};
    r->plan.has.all = 1;
    r->rules = (struct printed_rules){.agencies = r->agencies,
                                      .registry = r->registry,
                                      .agency_count = KNOWN,
                                      .plan = &r->plan,
                                      .source = text_of("da"),
                                      .guard = &r->guard};
}

static void
tear_down(struct reading *r)
{
    table_free(&r->table);
    arena_destroy(&r->arena);
}

static struct reading *
read_plan(struct reading *r, const char *csv)
{
    table_free(&r->table);
    CHECK_INT(1, table_parse(&r->table, csv, strlen(csv), &r->why));
    r->read = printed_plan_read(&r->got, r->arena, r->table, &r->rules, &r->why);
    return r;
}

/* The plan's action i as JSON holds this. */
static void
holds(struct reading *r, size_t i, const char *what)
{
    struct text json;

    CHECK(r->read && i < r->got.count);
    json = record_to_json(r->arena, &action_record, &r->got.actions[i].action);
    if (!memmem(json.at, json.len, what, strlen(what)))
        FAIL_WITH("%s is not in %.*s", what, (int)json.len, json.at);
}

/* Something odd of this kind is said of that line, with these words. */
static void
says(struct reading *r, enum odd_kind kind, size_t line, const char *column, const char *words)
{
    for (size_t i = 0; i < r->got.odd_count; i++) {
        const struct odd *o = &r->got.odd[i];
        if (o->kind == kind && o->line == line && strcmp(o->column, column) == 0
            && strstr(o->said, words))
            return;
    }
    for (size_t i = 0; i < r->got.odd_count; i++)
        printf("    %zu %s: %s\n", r->got.odd[i].line, r->got.odd[i].column, r->got.odd[i].said);
    FAIL_WITH("line %zu, %s: nothing says \"%s\"", line, column, words);
}

#define HEADINGS "Ref,Action,Lead,Date,Progress\n"

TEST(printed_plan_dates_are_read_or_kept_as_text)
{
    /* clang-format off */
    static const struct { const char *row, *holds, *odd; } rows[] = {
        {"1,Act,Police,March 2015,",        "\"due\":\"2015-03-31\",\"due_printed\":\"March 2015\"", NULL},
        {"1,Act,Police,June/July 2012,",    "\"due\":\"2012-07-31\"",                               NULL},
        {"1,Act,Police,2015-03-31,",        "\"due\":\"2015-03-31\",\"due_printed\":\"2015-03-31\"", NULL},
        {"1,Act,Police,ongoing,",           "\"leads\":[\"police\"],\"due_printed\":\"ongoing\"",   "there is no last day"},
        {"1,Act,Police,31 September 2020,", "\"leads\":[\"police\"],\"due_printed\":\"31 September", "kept as text, without a due date"},
        {"1,Act,Police,within three months,", "\"leads\":[\"police\"],\"due_printed\":\"within",    "a day that is not printed"},
        {"1,Act,Police,\"Sept 2017 (revised from April 2017)\",", "\"due\":\"2017-09-30\"",         "is read as 2017-09-30"},
        {"1,Act,Police,,",                  "\"leads\":[\"police\"]}",                              NULL},
    };
    /* clang-format on */
    struct reading r;

    set_up(&r);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char csv[300];
        (void)snprintf(csv, sizeof csv, HEADINGS "%s\n", rows[i].row);
        holds(read_plan(&r, csv), 0, rows[i].holds);
        CHECK_INT(rows[i].odd != NULL, r.got.odd_count);
        if (rows[i].odd)
            says(&r, ODD_SAID, 2, "Date", rows[i].odd);
        CHECK(!r.got.actions[0].stopped);
    }
    tear_down(&r);
}

TEST(printed_plan_leads_are_held_against_the_registry)
{
    struct reading r;

    set_up(&r);
    holds(read_plan(&r, HEADINGS "1,Act,Police / CSC,,\n"), 0,
          "\"leads\":[\"police\",\"childrens-social-care\"]}");
    CHECK_INT(0, r.got.odd_count);
    holds(read_plan(&r, HEADINGS "1,Act,All agencies,,\n"), 0, "\"leads\":\"all\"}");
    CHECK_INT(0, r.got.odd_count);

    /* What is no agency stays as printed. */
    holds(read_plan(&r, HEADINGS "1,Act,\"Head of Service, Health\",,\n"), 0,
          "\"leads\":[\"health\"],\"cells\":[{\"heading\":\"Lead\",\"text\":\"Head of Service, "
          "Health\"}]");
    CHECK_INT(0, r.got.odd_count);
    holds(read_plan(&r, HEADINGS "1,Act,All agencies and Police,,\n"), 0,
          "\"leads\":\"all\",\"cells\":[{\"heading\":\"Lead\"");
    says(&r, ODD_SAID, 2, "Lead", "all is taken");
    holds(read_plan(&r, HEADINGS "1,Act,,,\n"), 0, "\"leads\":[]");
    says(&r, ODD_SAID, 2, "Lead", "no agency leads it");

    read_plan(&r, HEADINGS "1,Act,Probation CRC,,\n");
    says(&r, ODD_STOPS, 2, "Lead", "probation-crc is closed");
    CHECK_INT(1, r.got.stopped);
    r.plan.has.all = 0;
    r.plan.members.at = r.members;
    r.plan.members.count = KNOWN - 1;
    read_plan(&r, HEADINGS "1,Act,Housing,,\n");
    says(&r, ODD_STOPS, 2, "Lead", "maat plan member add da housing");
    CHECK_INT(1, r.got.stopped);
    tear_down(&r);
}

TEST(printed_plan_unknown_leads_stop_their_row_unless_skipped)
{
    static const char csv[] =
        HEADINGS "1,Act,\"Police, Refuge\",,\n2,Act,Refuge,,\n3,Act,Police,,\n";
    struct reading r;

    set_up(&r);
    read_plan(&r, csv);
    says(&r, ODD_LEAD, 2, "Lead", "\"Refuge\" is not one of the board's agencies");
    CHECK_INT(2, r.got.stopped);
    CHECK(r.got.actions[0].stopped && r.got.actions[1].stopped && !r.got.actions[2].stopped);
    CHECK_INT(1, r.got.missing_count);
    CHECK(text_is(r.got.missing[0], "Refuge"));

    r.rules.skip_leads = true;
    read_plan(&r, csv);
    says(&r, ODD_SAID, 2, "Lead", "left out, kept as printed");
    says(&r, ODD_SAID, 3, "Lead", "no agency leads it");
    CHECK_INT(0, r.got.stopped);
    holds(&r, 0,
          "\"leads\":[\"police\"],\"cells\":[{\"heading\":\"Lead\",\"text\":\"Police, Refuge\"}]");
    holds(&r, 1, "\"leads\":[],\"cells\":[{\"heading\":\"Lead\",\"text\":\"Refuge\"}]");
    tear_down(&r);
}

TEST(printed_plan_contributors_help_and_never_stop_a_row)
{
    struct reading r;

    set_up(&r);
    holds(read_plan(&r, "Action,Lead,Partners\nAct,Police,\"Health, Police\"\n"), 0,
          "\"contributors\":[\"health\"]}");
    holds(read_plan(&r, "Action,Lead,Partners\nAct,Police,\"Health, Refuge\"\n"), 0,
          "\"contributors\":[\"health\"],\"cells\":[{\"heading\":\"Partners\"");
    says(&r, ODD_SAID, 2, "Partners", "left out, kept as printed");
    holds(read_plan(&r, "Action,Lead,Partners\nAct,Police,All agencies\n"), 0,
          "\"leads\":[\"police\"],\"cells\":[{\"heading\":\"Partners\"");
    says(&r, ODD_SAID, 2, "Partners", "can lead, but not contribute");
    CHECK_INT(0, r.got.stopped);
    tear_down(&r);
}

TEST(printed_plan_references_are_kept_made_and_never_merged)
{
    struct reading r;

    set_up(&r);
    holds(read_plan(&r, HEADINGS "1(a),Act,Police,,\n"), 0, "\"id\":\"da/1-a\",\"ref\":\"1(a)\"");
    holds(read_plan(&r, "Action,Lead\nOne,Police\nTwo,Police\n"), 1,
          "\"id\":\"da/2\",\"ref\":\"2\"");
    says(&r, ODD_SAID, 3, "", "it is called 2");
    holds(read_plan(&r, HEADINGS "2,One,Police,,\n,Two,Police,,\n"), 1,
          "\"id\":\"da/row-2\",\"ref\":\"row 2\"");
    says(&r, ODD_SAID, 3, "Ref", "it is called row 2");
    holds(read_plan(&r, HEADINGS "***,One,Police,,\n"), 0,
          "\"cells\":[{\"heading\":\"Ref\",\"text\":\"***\"}]");

    read_plan(&r,
              HEADINGS "1.1,One,Police,,\n2,Two,Police,,\n1-1,Three,Police,,\n1.1,Four,Police,,\n");
    CHECK_INT(4, r.got.count);
    says(&r, ODD_STOPS, 5, "", "the row on line 2 has the reference 1.1 too");
    says(&r, ODD_STOPS, 2, "", "the row on line 5 has the reference 1.1 too");
    CHECK_INT(2, r.got.stopped);
    CHECK(!r.got.actions[1].stopped && !r.got.actions[2].stopped);
    tear_down(&r);
}

TEST(printed_plan_recommendations_are_numbered)
{
    struct reading r;

    set_up(&r);
    holds(read_plan(&r, "Recommendation No,Recommendation,Action\n3,Listen,Act\n"), 0,
          "\"recommendations\":[{\"source\":\"da\",\"number\":\"3\",\"printed\":\"3\",\"text\":"
          "\"Listen\"}]");
    holds(read_plan(&r, "Recommendation No,Recommendation,Action\n\"3, 5\",Listen,Act\n"), 0,
          "\"recommendations\":[{\"source\":\"da\",\"number\":\"3\",\"printed\":\"3\"},{\"source\":"
          "\"da\",\"number\":\"5\",\"printed\":\"5\"}]");
    holds(&r, 0, "\"cells\":[{\"heading\":\"Recommendation\",\"text\":\"Listen\"}]");
    holds(read_plan(&r, "Recommendation No,Recommendation,Action\n,Listen,Act\n"), 0,
          "\"leads\":[],\"cells\":[{\"heading\":\"Recommendation\",\"text\":\"Listen\"}]");
    says(&r, ODD_SAID, 2, "Recommendation", "has no number");

    /* Without numbers, in the order of their texts; the same text is the same one. */
    read_plan(&r, "Recommendation,Action\nListen,One\nTell,Two\nListen,Three\n");
    holds(&r, 1, "\"number\":\"2\",\"text\":\"Tell\"");
    holds(&r, 2, "\"number\":\"1\",\"text\":\"Listen\"");
    tear_down(&r);
}

TEST(printed_plan_merged_cells_are_filled_only_when_asked)
{
    static const char csv[] = "Theme,Rec No,Recommendation,Action\n"
                              "Voice,1,Listen,One\n"
                              ",,,Two\n"
                              ",2,Tell,\n"
                              ",,,Three\n"
                              ",4,,Four\n";
    struct reading r;

    set_up(&r);
    holds(read_plan(&r, csv), 1, "\"title\":\"Two\",\"leads\":[]}");
    CHECK_INT(2, r.got.unrecommended);
    says(&r, ODD_SAID, 4, "Action", "holds no action");
    CHECK_INT(4, r.got.count);

    r.rules.fill_down = true;
    holds(read_plan(&r, csv), 1, "\"number\":\"1\",\"printed\":\"1\",\"text\":\"Listen\"");
    holds(&r, 1, "\"themes\":[\"voice\"]");
    holds(&r, 2, "\"number\":\"2\",\"printed\":\"2\",\"text\":\"Tell\"");
    holds(&r, 3, "\"number\":\"4\",\"printed\":\"4\"}]");
    CHECK_INT(0, r.got.unrecommended);
    tear_down(&r);
}

TEST(printed_plan_complete_is_what_nothing_contradicts)
{
    /* clang-format off */
    static const struct { const char *row; enum progress_kind kind; const char *done; } rows[] = {
        {"1,Act,March 2015,Completed March 2015,", PROGRESS_COMPLETE,    "2015-03-31"},
        {"1,Act,March 2015,,Blue",                 PROGRESS_COMPLETE,    ""},
        {"1,Act,March 2015,Complete,Complete",     PROGRESS_COMPLETE,    ""},
        {"1,Act,Completed March 2015,,",           PROGRESS_COMPLETE,    "2015-03-31"},
        {"1,Act,March 2015,Complete,In progress",  PROGRESS_UNDER_WAY,   ""},
        {"1,Act,March 2015,Not started,",          PROGRESS_NOT_STARTED, ""},
        {"1,Act,March 2015,Complete by May,",      PROGRESS_UNKNOWN,     ""},
        {"1,Act,March 2015,,",                     PROGRESS_UNKNOWN,     ""},
    };
    /* clang-format on */
    struct reading r;

    set_up(&r);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char csv[300];
        char day[DAY_TEXT] = "";
        (void)snprintf(csv, sizeof csv, "Ref,Action,Date,Progress,RAG\n%s\n", rows[i].row);
        read_plan(&r, csv);
        CHECK_INT(1, r.got.count);
        CHECK_INT(rows[i].kind, r.got.actions[0].progress);
        if (rows[i].kind == PROGRESS_COMPLETE && r.got.actions[0].done != DAY_UNSAID)
            day_format(r.got.actions[0].done, day);
        CHECK_STR(rows[i].done, day);
    }
    read_plan(&r, "Ref,Action,Progress,RAG\n1,Act,Complete,In progress\n");
    says(&r, ODD_SAID, 2, "Progress", "not taken as complete");
    tear_down(&r);
}

TEST(printed_plan_personal_data_is_found_where_it_stands)
{
    struct reading r;

    set_up(&r);
    read_plan(&r, HEADINGS "1,One,Police,,\n2,Two,Police,,\"rang 07700 900123\"\n");
    says(&r, ODD_STOPS, 3, "Progress", "at byte 6: take it out");
    CHECK_INT(1, r.got.odd_count);
    CHECK(strstr(r.got.odd[0].said, "0770") == NULL);
    CHECK_INT(1, r.got.count);
    CHECK_INT(1, r.got.unread);
    read_plan(&r, HEADINGS "1,One,Police or 07700 900123,,\n07700 900123,,,,\n");
    CHECK_INT(2, r.got.unread);
    CHECK_INT(2, r.got.odd_count);
    CHECK_INT(0, r.got.missing_count);

    /* A heading is not repeated either. */
    read_plan(&r, "Ref,Action,Lead,ask 07700 900123\n1,One,Police,x\n");
    says(&r, ODD_STOPS, 1, "column 4", "at byte 5");
    CHECK_INT(1, r.got.unread);
    holds(&r, 0, "\"heading\":\"column 4\"");
    tear_down(&r);
}

TEST(printed_plan_rows_without_actions_are_passed_over)
{
    struct reading r;

    set_up(&r);
    read_plan(&r, "A plan,,,,\n" HEADINGS ",,,,\n1,One,Police,,\n" HEADINGS
                  "Priority 2,,,,\n2,Two,Police,,,more\n");
    CHECK_INT(2, r.got.count);
    CHECK_INT(4, r.got.actions[0].line);
    says(&r, ODD_SAID, 6, "Action", "the row is not imported");
    says(&r, ODD_SAID, 7, "column 6", "beyond the last heading");
    holds(&r, 1, "{\"heading\":\"column 6\",\"text\":\"more\"}");
    CHECK_INT(0, r.got.stopped);
    tear_down(&r);
}

TEST(printed_plan_headings_that_are_not_certain_are_said)
{
    struct reading r;

    set_up(&r);
    read_plan(&r, "Ref,Action,Completion date,Task,Budget\n1,One,May 2015,Other,50\n");
    says(&r, ODD_SAID, 1, "Completion date", "used in two ways");
    says(&r, ODD_SAID, 1, "Task", "what a column to the left means");
    says(&r, ODD_SAID, 1, "Budget", "is not known");
    holds(&r, 0,
          "\"cells\":[{\"heading\":\"Completion date\",\"text\":\"May 2015\"},{\"heading\":"
          "\"Task\",\"text\":\"Other\"},{\"heading\":\"Budget\",\"text\":\"50\"}]");
    tear_down(&r);
}

TEST(printed_plan_without_headings_or_rows_is_none)
{
    struct reading r;

    set_up(&r);
    CHECK(!read_plan(&r, "")->read);
    CHECK_STR("is empty", r.why.reason);
    CHECK(!read_plan(&r, "1,Do it,Police\n2,Do more,Health\n")->read);
    CHECK(strstr(r.why.reason, "holds headings"));
    CHECK(read_plan(&r, HEADINGS)->read);
    CHECK_INT(0, r.got.count);
    tear_down(&r);
}

TEST(printed_plan_cells_that_are_too_long_stop_their_row)
{
    enum { LONG = TEXT_MAX + 1 };
    static char csv[LONG + 100];
    struct reading r;
    int at = snprintf(csv, sizeof csv, HEADINGS "1,One,Police,,");

    set_up(&r);
    memset(csv + at, 'x', LONG);
    read_plan(&r, csv);
    says(&r, ODD_STOPS, 2, "Progress", "is longer than 8192 bytes");
    CHECK_INT(1, r.got.unread);
    csv[at + LONG - 1] = '\0';
    read_plan(&r, csv);
    CHECK_INT(0, r.got.unread);
    CHECK_INT(1, r.got.count);
    tear_down(&r);
}
