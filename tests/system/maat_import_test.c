/* maat plan import, on the real programs: the demo's plan and odd ones. */
#include <stdlib.h>
#include <string.h>

#include "tests/caller.h"
#include "tests/t.h"

#define OPERATOR "maat -c board/operator.zpl "
#define LEAD "maat -c board/lead.zpl "
#define NEW \
    "--plan da-2016 --title 'Domestic abuse' --type action-plan --marking OFFICIAL --members all "
#define HEADINGS "Ref,Action,Lead,Timescale,Progress\n"

static struct rig *
open_board(void)
{
    static const char *const agencies[] = {
        "police --name Police --sector police",
        "childrens-social-care --name \"Children's Social Care\" --sector social-care",
        "health --name Health --sector health",
        "schools --name Schools --sector education",
        "probation --name Probation --sector probation",
        "housing --name Housing --sector housing",
        "domestic-abuse-charity --name 'Domestic Abuse Charity' --sector voluntary",
    };
    struct rig *r = rig_open();

    rig_init_board(r);
    rig_start_broker(r, NULL);
    for (size_t i = 0; i < sizeof agencies / sizeof *agencies; i++)
        CHECK_INT(0, rig_run(r, OPERATOR "agency add %s", agencies[i]));
    return r;
}

/* The broker ends, and what it leaves is whole. */
static void
close_board(struct rig *r)
{
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    CHECK_INT(0, rig_run(r, "maat-broker verify board"));
    rig_close(r);
}

/* The last command said this. */
static void
said(const struct rig *r, const char *words)
{
    if (!strstr(r->output, words))
        FAIL_WITH("\"%s\" is not in: %s", words, r->output);
}

#define SAYS(code, words, ...)                    \
    do {                                          \
        int got_ = rig_run(r, __VA_ARGS__);       \
        if (got_ != (code))                       \
            FAIL_WITH("%d: %s", got_, r->output); \
        said(r, words);                           \
    } while (0)

/* How many entries the journal holds. */
static long
entries(struct rig *r)
{
    CHECK_INT(0, rig_run(r, LEAD "log --json | wc -l"));
    return strtol(r->output, NULL, 10);
}

/* The demo's plan, in the rig's folder. */
static void
bring_demo(const struct rig *r)
{
    static char text[1 << 16];
    FILE *in = fopen("tests/demo/domestic-abuse-action-plan.csv", "r");

    CHECK(in != NULL);
    size_t len = fread(text, 1, sizeof text, in);
    (void)fclose(in);
    rig_write_bytes(r, "demo.csv", text, len);
}

TEST(maat_import_of_the_demo_shows_then_sends_then_has_it)
{
    struct rig *r = open_board();
    long before = entries(r);

    bring_demo(r);
    SAYS(1, "a new one needs --title", LEAD "plan import demo.csv --plan da-2016");
    SAYS(0, "nothing was sent: the same with --yes sends it", LEAD "plan import demo.csv " NEW);
    said(r, "actions 14: new 14, there already 0, there otherwise 0, can't be sent 0; printed as "
            "complete 1");
    said(r, "2017-07-31: \"June/July 2017\", the last day of the period");
    said(r, "kept as text: \"Ongoing\"");
    said(r, "line 21, Timescale: is kept as text");
    SAYS(0, "nothing was sent", LEAD "plan import demo.csv --yes --dry-run " NEW);
    SAYS(0, "\"state\":\"new\"", LEAD "plan import demo.csv --json " NEW);
    CHECK_INT(before, entries(r));

    SAYS(0, "da-2016/1.1 assure: accepted", LEAD "plan import demo.csv --yes " NEW);
    CHECK_INT(before + 1 + 14 + 2 + 1, entries(r));
    SAYS(0, "complete in Domestic abuse, imported on ", LEAD "show da-2016/1.1");
    said(r, "assured");
    said(r, "claimed-complete, on 2016-09-30");
    said(r, "Within existing budgets");

    /* Again: it is there. Printed otherwise: it stays as it is. */
    SAYS(0, "actions 14: new 0, there already 14", LEAD "plan import demo.csv --yes " NEW);
    SAYS(1, "da-2016/4.2  line 16  differs: the board's has another due, due_printed",
         "sed 's/September 2017 (rev.*2017)/May 2017/' demo.csv > moved.csv; " LEAD
         "plan import moved.csv --yes --plan da-2016");
    said(r, "actions 14: new 0, there already 13, there otherwise 1");
    SAYS(1, "exists, with another title",
         LEAD "plan import demo.csv --yes --plan da-2016 --title Other");
    CHECK_INT(before + 1 + 14 + 2 + 1, entries(r));
    close_board(r);
}

TEST(maat_import_reads_files_as_offices_save_them)
{
    struct rig *r = open_board();

    rig_write(r, "odd.csv",
              "\xef\xbb\xbf" HEADINGS "1,\"Say \"\"no\"\":\r\n- at once\r\n- always\",Police,"
              "June/July 2012,\r\n2,Two,Police,ongoing,\r\n3,Three,Police,31 September 2020,\r\n"
              "4,Four,Police,within three months,\r\n");
    SAYS(0, "title           Say \"no\":", LEAD "plan import odd.csv --yes " NEW);
    said(r, "2012-07-31: \"June/July 2012\"");
    said(r, "line 5, Timescale: is kept as text, without a due date: goes on");
    said(r, "line 6, Timescale: is kept as text, without a due date");
    said(r, "line 7, Timescale: is kept as text, without a due date: counted from a day");
    SAYS(0, "- at once\\n- always", LEAD "show da-2016/1 --json");
    SAYS(0, "\"due_printed\":\"31 September 2020\"", LEAD "show da-2016/3 --json");
    CHECK(!strstr(r->output, "\"due\":"));
    close_board(r);
}

TEST(maat_import_says_what_is_no_plan)
{
    struct rig *r = open_board();
    static char line[1000];

    memset(line, 'x', sizeof line - 1);
    rig_write(r, "empty.csv", "");
    rig_write(r, "bare.csv", "1,Do it,Police\n2,Do more,Health\n");
    rig_write(r, "quote.csv", HEADINGS "1,a \"quote,Police,,\n");
    SAYS(1, "empty.csv: is empty", LEAD "plan import empty.csv " NEW);
    SAYS(1, "bare.csv: none of the first 10 rows holds headings", LEAD "plan import bare.csv " NEW);
    SAYS(1, "quote.csv: line 2: a quote", LEAD "plan import quote.csv " NEW);
    SAYS(1, "none.csv: No such file", LEAD "plan import none.csv " NEW);
    SAYS(1, "only the board's leads", OPERATOR "plan import bare.csv " NEW);
    SAYS(1, "large.csv: larger than 10 MB",
         "yes '1,%s,Police,,' | head -c 10485761 > large.csv; " LEAD "plan import large.csv " NEW,
         line);
    SAYS(1, "many.csv: holds more than 5000 actions",
         "(printf '" HEADINGS "'; yes 'x,Act,Police,,' | head -c 10000000) > many.csv; " LEAD
         "plan import many.csv " NEW);
    close_board(r);
}

TEST(maat_import_sends_nothing_while_a_row_can_not_be)
{
    struct rig *r = open_board();
    long before = entries(r);

    rig_write(r, "leads.csv", HEADINGS "1,One,\"Police, Women's Refuge\",,\n2,Two,Police,,\n");
    rig_write(r, "twice.csv", HEADINGS "1,One,Police,,\n1,Other,Police,,\n");
    rig_write(r, "person.csv", HEADINGS "1,One,Police,,\n2,Two,Police,,rang 07700 900123\n");
    SAYS(1, "! line 2, Lead: \"Women's Refuge\" is not one of the board's agencies",
         LEAD "plan import leads.csv --yes " NEW);
    said(r, "maat agency add womens-refuge --name \"Women's Refuge\" --sector voluntary");
    said(r, "--skip-unknown-leads");
    SAYS(1, "! line 3: the row on line 2 has the reference 1 too",
         LEAD "plan import twice.csv --yes " NEW);
    SAYS(1, "! line 3, Progress: looks as if it held a UK phone number, at byte 6",
         LEAD "plan import person.csv --yes " NEW);
    CHECK(!strstr(r->output, "900123"));
    CHECK_INT(before, entries(r));

    SAYS(0, "da-2016/1 (line 2): accepted",
         LEAD "plan import leads.csv --yes --skip-unknown-leads " NEW);
    SAYS(0, "Police, Women's Refuge", LEAD "show da-2016/1");
    CHECK_INT(before + 3, entries(r));
    close_board(r);
}

TEST(maat_import_leaves_what_agency_and_board_have_said)
{
    static const char again[] =
        LEAD "plan import plan.csv --yes --plan da-2016 --published 2016-10-01";
    struct rig *r = open_board();

    SAYS(0, "accepted",
         LEAD "plan add da-2016 --title 'Domestic abuse' --type action-plan --marking OFFICIAL "
              "--members all");
    rig_write(r, "plan.csv",
              HEADINGS "1,One,Police,,Complete\n2,Two,Health,,Blue\n3,Three,,,Complete\n");
    SAYS(0, "da-2016/3 assure: accepted", "%s", again);
    SAYS(0, "complete in Domestic abuse, 2016-10-01", LEAD "show da-2016/2");
    said(r, "claimed-complete, on 2016-10-01");

    /* What the board took back is not assured again. */
    struct caller *lead = caller_open(r, "board/lead.zpl");
    (void)caller_ask(lead, "{'id': 1, 'what': 'show', 'action': 'da-2016/2'}");
    (void)caller_say(lead, "{'kind': 'decision', 'action': 'da-2016/2', 'what': 'reopen', "
                           "'reason': 'Not seen in practice', 'seen': SEEN}");
    caller_close(&lead);
    long before = entries(r);
    SAYS(0, "there already 3", "%s", again);
    CHECK_INT(before, entries(r));
    SAYS(0, "standing     open", LEAD "show da-2016/2");
    close_board(r);
}

/* As if it had been cut off after the actions: one lead has spoken meanwhile. */
TEST(maat_import_does_not_assure_what_a_lead_denies)
{
    struct rig *r = open_board();

    rig_write(r, "plan.csv", HEADINGS "1,One,\"Police, Health\",,Complete\n");
    SAYS(0, "accepted",
         LEAD "plan add da-2016 --title 'Domestic abuse' --type action-plan --marking OFFICIAL "
              "--members all");
    struct caller *lead = caller_open(r, "board/lead.zpl");
    (void)caller_say(lead, "{'kind': 'action', 'id': 'da-2016/1', 'ref': '1', 'title': 'One', "
                           "'leads': ['police', 'health'], 'cells': [{'heading': 'Progress', "
                           "'text': 'Complete'}], 'seen': 0, 'epoch': 0}");
    (void)caller_say(lead, "{'kind': 'progress', 'action': 'da-2016/1', 'agency': 'police', 'on': "
                           "'2016-04-01', 'status': 'in-progress', 'reported': 'by telephone'}");
    caller_close(&lead);
    SAYS(0, "da-2016/1 on behalf of health: accepted",
         LEAD "plan import plan.csv --yes --plan da-2016");
    said(r, "actions 1: new 0, there already 1");
    said(r, "da-2016/1: police does not say that it is complete: it is not assured");
    SAYS(0, "standing     open", LEAD "show da-2016/1");
    said(r, "police  in-progress");
    close_board(r);
}

/* Killed at whatever moment, the same again does the rest, and nothing twice. */
TEST(maat_import_goes_on_where_it_was_killed)
{
    struct rig *r = open_board();
    long before = entries(r);

    bring_demo(r);
    for (int ms = 5; ms < 100; ms += 5)
        (void)rig_run(r, "timeout -s KILL 0.%03d " LEAD "plan import demo.csv --yes " NEW, ms);
    rig_until(r, LEAD "plan import demo.csv --yes " NEW);
    said(r, "actions 14:");
    CHECK_INT(0, rig_run(r, LEAD "log --json | grep -c accepted"));
    CHECK_INT(before + 1 + 14 + 2 + 1, strtol(r->output, NULL, 10));
    close_board(r);
}
