/* What agencies and leads submit with maat, on the real programs. */
#include <stdlib.h>

#include "tests/caller.h"
#include "tests/t.h"

/* --- a board to speak to ------------------------------------------------------------ */

static void
say(struct caller *c, const char *line)
{
    const char *said = caller_say(c, "%s", line);

    if (strncmp(said, "accepted", 8) != 0)
        FAIL_WITH("%s: %s", line, said);
}

/* Two agencies, a plan, three actions of the police; the last is measured and is
   health's too. */
static void
found(struct rig *r)
{
    rig_init_board(r);
    rig_start_broker(r, NULL);
    struct caller *operator= caller_open(r, "board/operator.zpl");
    struct caller *lead = caller_open(r, "board/lead.zpl");

    say(operator, "{'kind': 'agency', 'id': 'police', 'name': 'Police', 'sector': 'police', "
                  "'seen': 0, 'epoch': 0}");
    say(operator, "{'kind': 'agency', 'id': 'health', 'name': 'Health', 'sector': 'health', "
                  "'seen': 0, 'epoch': 0}");
    caller_enrol(r, operator, "police/crm", "agency", "police.zpl");
    caller_enrol(r, operator, "health/crm", "agency", "health.zpl");
    say(lead, "{'kind': 'plan', 'id': 'da-2016', 'title': 'Domestic abuse action plan', 'type': "
              "'action-plan', 'marking': 'OFFICIAL', 'members': 'all', 'seen': 0, 'epoch': 0}");
    say(lead, "{'kind': 'action', 'id': 'da-2016/1.1', 'ref': '1.1', 'title': 'Support victims', "
              "'leads': ['police'], 'seen': 0, 'epoch': 0}");
    say(lead, "{'kind': 'action', 'id': 'da-2016/1.2', 'ref': '1.2', 'title': 'Train officers', "
              "'leads': ['police'], 'seen': 0, 'epoch': 0}");
    say(lead, "{'kind': 'action', 'id': 'da-2016/2.1', 'ref': '2.1', 'title': 'Fill places', "
              "'leads': ['police', 'health'], 'measure': {'counted': 'training places', 'unit': "
              "'count', 'comparator': '>', 'target': 2000}, 'seen': 0, 'epoch': 0}");
    caller_close(&lead);
    caller_close(&operator);
}

/* Runs and wants this exit code, and this said. */
static void
wants(struct rig *r, int exit_code, const char *said, const char *command)
{
    int got = rig_run(r, "%s", command);

    if (got != exit_code || !strstr(r->output, said))
        FAIL_WITH("%s\n    exited with %d, want %d and \"%s\":\n%s", command, got, exit_code, said,
                  r->output);
}

/* Does the lead's view of the action hold this? */
static bool
shows(struct rig *r, const char *action, const char *what)
{
    struct caller *lead = caller_open(r, "board/lead.zpl");
    bool found_it =
        strstr(caller_ask(lead, "{'id': 1, 'what': 'show', 'action': '%s'}", action), what) != NULL;
    caller_close(&lead);
    return found_it;
}

static long
newest_entry(struct rig *r)
{
    CHECK_INT(0, rig_run(r, "maat whoami -c board/lead.zpl"));
    const char *at = strstr(r->output, "journal  entry ");
    CHECK(at != NULL);
    return strtol(at + strlen("journal  entry "), NULL, 10);
}

/* Stops the broker and has its journal looked at. */
static void
verify(struct rig *r)
{
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    wants(r, 0, "state       equals refold", "maat-broker verify board");
}

/* --- update ---------------------------------------------------------------------------- */

TEST(maat_update_says_how_a_part_stands)
{
    struct rig *r = rig_open();

    found(r);
    wants(r, 0, "da-2016/1.1: accepted as entry ",
          "maat update da-2016/1.1 -c police.zpl --status in-progress --percent 40 --note begun "
          "--post 'Head of public protection' --date 2016-04-01 --opinion amber "
          "--forecast 2016-09-01 --forecast-reason 'a second course'");
    CHECK(shows(r, "da-2016/1.1", "\"status\":\"in-progress\",\"percent\":40,\"note\":\"begun\""));
    CHECK(shows(r, "da-2016/1.1", "\"on\":\"2016-04-01\""));
    wants(r, 0, "accepted",
          "maat update da-2016/1.1 -c police.zpl --evidence 'Course record' "
          "--evidence-kind training --evidence-held 'Force intranet' --evidence-date 2016-03-30");
    CHECK(shows(r, "da-2016/1.1", "\"title\":\"Course record\",\"kind\":\"training\""));
    wants(r, 0, "accepted",
          "maat update da-2016/2.1 -c police.zpl --measure 812.5 --label e-learning "
          "--measure-date 2016-03-31");
    CHECK(
        shows(r, "da-2016/2.1", "\"amount\":812.5,\"date\":\"2016-03-31\",\"label\":\"e-learning"));
    verify(r);
    rig_close(r);
}

TEST(maat_update_takes_back_evidence_and_values)
{
    struct rig *r = rig_open();
    char command[200];

    found(r);
    wants(r, 0, "accepted",
          "maat update da-2016/2.1 -c police.zpl --measure 900 --evidence Report "
          "--evidence-kind data --evidence-held 'Force intranet'");
    long entry = newest_entry(r);
    CHECK(shows(r, "da-2016/2.1", "\"title\":\"Report\""));
    (void)snprintf(command, sizeof command,
                   "maat update da-2016/2.1 -c police.zpl --withdraw-evidence %ld", entry);
    wants(r, 0, "accepted", command);
    CHECK(!shows(r, "da-2016/2.1", "\"title\":\"Report\""));
    CHECK(shows(r, "da-2016/2.1", "\"amount\":900"));
    (void)snprintf(command, sizeof command,
                   "maat update da-2016/2.1 -c police.zpl --withdraw-value %ld", entry);
    wants(r, 0, "accepted", command);
    CHECK(!shows(r, "da-2016/2.1", "\"amount\":900"));
    wants(r, 1, "withdraw_value: this part holds no value of that entry", command);
    rig_close(r);
}

TEST(maat_update_by_a_lead_names_the_agency_and_how_it_told)
{
    struct rig *r = rig_open();

    found(r);
    long before = newest_entry(r);
    wants(r, 2, "--on-behalf-of: is missing: a lead says for which agency it reports",
          "maat update da-2016/1.1 -c board/lead.zpl --status in-progress");
    CHECK_INT(before, newest_entry(r));
    wants(r, 1, "refused (entry ",
          "maat update da-2016/1.1 -c board/lead.zpl --status in-progress --on-behalf-of police");
    wants(r, 0, "accepted",
          "maat update da-2016/1.1 -c board/lead.zpl --status in-progress --on-behalf-of police "
          "--reported 'by telephone'");
    CHECK(shows(r, "da-2016/1.1", "\"behalf\":true"));
    rig_close(r);
}

/* Nothing of it reaches the journal. */
TEST(maat_update_refuses_at_once_what_can_be_known_at_once)
{
    static const struct {
        int exit_code;
        const char *said, *command;
    } rows[] = {
        {1, "refused: personal-data: note: ",
         "maat update da-2016/1.1 -c police.zpl --note 'her number is 943 476 5919'"},
        {1, "at byte 15",
         "maat update da-2016/1.1 -c police.zpl --note 'her number is 9434765919'"},
        {2, "--status: ", "maat update da-2016/1.1 -c police.zpl --status done"},
        {2, "--percent: ", "maat update da-2016/1.1 -c police.zpl --percent 101"},
        {2, "--date: ", "maat update da-2016/1.1 -c police.zpl --note x --date 2016-02-30"},
        {2, "nothing is said of the action", "maat update da-2016/1.1 -c police.zpl"},
        {2, "--evidence-held: is missing",
         "maat update da-2016/1.1 -c police.zpl --evidence T --evidence-kind data"},
        {2, "--evidence-kind: is missing", "maat update da-2016/1.1 -c police.zpl --evidence T"},
        {2, "--measure: is missing", "maat update da-2016/1.1 -c police.zpl --label a --note x"},
        {1, "refused: invalid-field: action: ", "maat update da-2016 -c police.zpl --note x"},
        {2, "did you mean note?", "maat update da-2016/1.1 -c police.zpl --noet x"},
        {2, "did you mean update?", "maat updat da-2016/1.1 -c police.zpl --note x"},
        {0, "would be sent: progress {\"action\":\"da-2016/1.1\"",
         "maat update da-2016/1.1 -c police.zpl --note x --dry-run"},
    };
    struct rig *r = rig_open();

    found(r);
    long before = newest_entry(r);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        wants(r, rows[i].exit_code, rows[i].said, rows[i].command);
    wants(r, 1, "personal-data", rows[1].command);
    CHECK(!strstr(r->output, "9434765919"));
    CHECK_INT(before, newest_entry(r));
    wants(r, 1, "refused (entry ", "maat update da-2016/9.9 -c police.zpl --note x");
    wants(r, 1, "refused (entry ",
          "maat update da-2016/1.1 -c health.zpl --status in-progress --date 2016-04-01");
    rig_close(r);
}

TEST(maat_update_that_finds_no_broker_says_so)
{
    struct rig *r = rig_open();

    found(r);
    rig_signal(r->broker, SIGKILL);
    (void)rig_wait(r->broker);
    wants(r, 3, "can't be reached",
          "maat update da-2016/1.1 -c police.zpl --note later --timeout 1");
    rig_close(r);
}

/* --- decide ---------------------------------------------------------------------------- */

static const char *const claim_with_evidence =
    "maat update da-2016/1.2 -c police.zpl --status claimed-complete --evidence 'Course record' "
    "--evidence-kind training --evidence-held 'Force intranet'";

TEST(maat_decide_meets_the_gate_and_passes_it_by_override)
{
    struct rig *r = rig_open();

    found(r);
    wants(r, 1, "gate: override: completion is not claimed by police",
          "maat decide assure da-2016/1.1 -c board/lead.zpl");
    wants(r, 0, "accepted",
          "maat update da-2016/1.1 -c police.zpl --status claimed-complete --note done");
    wants(r, 1, "da-2016/1.1 assure: refused (entry ",
          "maat decide assure da-2016/1.1 -c board/lead.zpl --reason 'as told'");
    CHECK(strstr(r->output, "gate: override: there is no evidence of its own from police"));
    CHECK(shows(r, "da-2016/1.1", "\"standing\":\"open\""));
    wants(r, 1, "reason", "maat decide assure da-2016/1.1 -c board/lead.zpl --override");
    rig_write(r, "reason.txt", "seen on the visit\n");
    wants(r, 0, "da-2016/1.1 assure: accepted as entry ",
          "maat decide assure da-2016/1.1 -c board/lead.zpl --override --reason @reason.txt "
          "--body 'Scrutiny, Audit and Review Group' --met 2016-04-20");
    CHECK(shows(r, "da-2016/1.1", "\"standing\":\"assured\""));
    CHECK(shows(r, "da-2016/1.1", "\"reason\":\"seen on the visit\",\"body\":\"Scrutiny, Audit"));
    verify(r);
    rig_close(r);
}

TEST(maat_decide_of_several_goes_on_past_the_one_that_is_refused)
{
    struct rig *r = rig_open();

    found(r);
    wants(r, 0, "accepted", claim_with_evidence);
    wants(r, 1, "da-2016/1.2 assure: accepted",
          "maat decide assure da-2016/1.1 da-2016/1.2 da-2016/2.1 -c board/lead.zpl");
    CHECK(strstr(r->output, "da-2016/1.1 assure: refused (entry "));
    CHECK(strstr(r->output, "da-2016/2.1 assure: refused (entry "));
    CHECK(shows(r, "da-2016/1.2", "\"standing\":\"assured\""));
    wants(r, 0, "accepted",
          "maat decide note da-2016/1.1 da-2016/2.1 -c board/lead.zpl --agency police "
          "--reason 'What was done?' --reply-by 2199-01-01");
    rig_close(r);
}

TEST(maat_decide_sends_nothing_where_one_can_be_known_to_be_wrong)
{
    static const struct {
        int exit_code;
        const char *said, *command;
    } rows[] = {
        {2, "there is no decision asure: did you mean assure?",
         "maat decide asure da-2016/1.1 -c board/lead.zpl"},
        {2, "something is missing", "maat decide assure -c board/lead.zpl"},
        {2, "da-2016/1.1 is named twice",
         "maat decide void da-2016/1.1 da-2016/1.1 -c board/lead.zpl --reason x"},
        {1, "da-2016/9.9: there is none such",
         "maat decide void da-2016/1.1 da-2016/9.9 -c "
         "board/lead.zpl --reason x"},
        {1, "personal-data: reason",
         "maat decide void da-2016/1.1 -c board/lead.zpl --reason "
         "'ring 07700 900123'"},
        {1, "there is none such", "maat decide void da-2016/1.1 -c board/operator.zpl --reason x"},
        {0, "would be sent: decision {\"action\":\"da-2016/1.1\",\"what\":\"void\"",
         "maat decide void da-2016/1.1 -c board/lead.zpl --reason x --dry-run"},
    };
    struct rig *r = rig_open();

    found(r);
    long before = newest_entry(r);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        wants(r, rows[i].exit_code, rows[i].said, rows[i].command);
    CHECK_INT(before, newest_entry(r));
    rig_close(r);
}

TEST(maat_decide_takes_a_decision_back)
{
    struct rig *r = rig_open();
    char command[200];

    found(r);
    wants(r, 0, "accepted",
          "maat decide withdraw da-2016/1.1 -c board/lead.zpl --reason 'see 1.2' "
          "--continued-by da-2016/1.2");
    (void)snprintf(command, sizeof command,
                   "maat decide rescind da-2016/1.1 -c board/lead.zpl --reason 'not so' "
                   "--rescinds %ld",
                   newest_entry(r));
    wants(r, 0, "accepted", command);
    CHECK(shows(r, "da-2016/1.1", "\"standing\":\"open\""));
    rig_close(r);
}

/* --- send ------------------------------------------------------------------------------ */

static const char *const lines_of_police =
    "\xef\xbb\xbf{\"kind\": \"progress\", \"action\": \"da-2016/1.1\", \"percent\": 10}\r\n"
    "\n"
    "{\"kind\": \"progress\", \"action\": \"da-2016/1.2\", \"percent\": 20}\n"
    "{\"kind\": \"progress\", \"action\": \"da-2016/9.9\", \"percent\": 30}\n"
    "{\"kind\": \"progress\", \"action\": \"da-2016/2.1\", \"percent\": 40}";

TEST(maat_send_says_what_became_of_each_line)
{
    struct rig *r = rig_open();

    found(r);
    rig_write(r, "lines", lines_of_police);
    wants(r, 1, "line 1: progress da-2016/1.1: accepted as entry ",
          "maat send lines -c police.zpl");
    CHECK(strstr(r->output, "line 3: progress da-2016/1.2: accepted as entry "));
    CHECK(strstr(r->output, "line 4: progress da-2016/9.9: refused (entry "));
    CHECK(strstr(r->output, "line 5: progress da-2016/2.1: accepted as entry "));
    CHECK(strstr(r->output, "maat: 4 submissions: 3 accepted, 1 refused\n"));
    CHECK(shows(r, "da-2016/2.1", "\"percent\":40"));
    wants(r, 1, "\"line\":4,\"kind\":\"progress\",\"state\":\"refused\"",
          "maat send - -c police.zpl --json < lines");
    verify(r);
    rig_close(r);
}

TEST(maat_send_sends_nothing_if_a_line_is_wrong_unless_told_to_skip_it)
{
    struct rig *r = rig_open();

    found(r);
    rig_write(r, "lines",
              "{\"kind\": \"progress\", \"action\": \"da-2016/1.1\", \"percent\": 10}\n"
              "{\"kind\": \"progress\", \"action\": \"da-2016/1.1\", \"percent\": 110}\n"
              "{\"kind\": \"progress\", \"action\": \"da-2016/1.1\", \"note\": \"9434765919\"}\n"
              "{\"kind\": \"progress\", \"action\": \"da-2016/1.1\"\n"
              "{\"kind\": \"progress\", \"action\": \"da-2016/1.2\", \"percent\": 20}\n");
    long before = newest_entry(r);
    wants(r, 1, "line 2: refused: invalid-field: percent: ", "maat send lines -c police.zpl");
    CHECK(strstr(r->output, "line 3: progress da-2016/1.1: refused: personal-data: note: "));
    CHECK(strstr(r->output, "line 4: refused: malformed: is not JSON"));
    CHECK(strstr(r->output, "3 of 5 submissions in lines are wrong: nothing was sent"));
    CHECK(!strstr(r->output, "9434765919"));
    wants(r, 0, "\"percent\":10}",
          "maat send lines -c police.zpl --skip-wrong --dry-run --json "
          "2> /dev/null > good; r=$?; cat good; test $r -eq 1");
    CHECK_INT(before, newest_entry(r));
    wants(r, 1, "maat: 5 submissions: 2 accepted, 0 refused, 3 wrong and not sent",
          "maat send lines -c police.zpl --skip-wrong");
    CHECK_INT(before + 2, newest_entry(r));
    wants(r, 0, "2 accepted", "maat send good -c police.zpl");
    wants(r, 1, "can't be read: No such file", "maat send nowhere -c police.zpl");
    wants(r, 1, "there is nothing to send in -", "maat send - -c police.zpl < /dev/null");
    rig_close(r);
}

/* A plan made, changed and decided in one file that says nothing of `seen`. */
TEST(maat_send_fills_in_what_was_seen_also_of_its_own_doing)
{
    struct rig *r = rig_open();

    found(r);
    rig_write(r, "lines",
              "{\"kind\": \"plan\", \"id\": \"new\", \"title\": \"A\", \"type\": \"strategy\", "
              "\"marking\": \"OFFICIAL\", \"members\": \"all\"}\n"
              "{\"kind\": \"action\", \"id\": \"new/1\", \"ref\": \"1\", \"title\": \"B\", "
              "\"leads\": [\"police\"]}\n"
              "{\"kind\": \"action\", \"id\": \"new/2\", \"ref\": \"2\", \"title\": \"B\", "
              "\"leads\": [\"police\"]}\n"
              "{\"kind\": \"plan\", \"id\": \"new\", \"title\": \"C\", \"type\": \"strategy\", "
              "\"marking\": \"OFFICIAL\", \"members\": \"all\"}\n"
              "{\"kind\": \"progress\", \"action\": \"new/1\", \"agency\": \"police\", \"status\": "
              "\"in-progress\", \"reported\": \"by telephone\"}\n"
              "{\"kind\": \"decision\", \"action\": \"new/1\", \"what\": \"withdraw\", "
              "\"reason\": \"twice\"}\n"
              "{\"kind\": \"decision\", \"action\": \"new/1\", \"what\": \"reopen\", "
              "\"reason\": \"not so\"}\n");
    wants(r, 0, "7 submissions: 7 accepted, 0 refused", "maat send lines -c board/lead.zpl");
    CHECK(shows(r, "new/1", "\"standing\":\"open\""));
    CHECK(shows(r, "new/1", "\"title\":\"C\""));
    rig_write(r, "old",
              "{\"kind\": \"decision\", \"action\": \"new/1\", \"what\": \"void\", \"reason\": "
              "\"twice\", \"seen\": 1, \"epoch\": 0}\n");
    wants(r, 1, "stale: seen: entry ", "maat send old -c board/lead.zpl");
    verify(r);
    rig_close(r);
}
