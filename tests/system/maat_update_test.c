/* maat update, on the real programs. */
#include "tests/t.h"
#include "tests/typed.h"

TEST(maat_update_says_how_a_part_stands)
{
    struct rig *r = typed_board();

    typed(r, 0, "da-2016/1.1: accepted as entry ",
          "maat update da-2016/1.1 -c police.zpl --status in-progress --percent 40 --note begun "
          "--post 'Head of public protection' --date 2016-04-01 --opinion amber "
          "--forecast 2016-09-01 --forecast-reason 'a second course'");
    CHECK(typed_shows(r, "da-2016/1.1",
                      "\"status\":\"in-progress\",\"percent\":40,\"note\":\"begun\""));
    CHECK(typed_shows(r, "da-2016/1.1", "\"on\":\"2016-04-01\""));
    typed(r, 0, "accepted",
          "maat update da-2016/1.1 -c police.zpl --evidence 'Course record' "
          "--evidence-kind training --evidence-held 'Force intranet' --evidence-date 2016-03-30");
    CHECK(typed_shows(r, "da-2016/1.1", "\"title\":\"Course record\",\"kind\":\"training\""));
    typed(r, 0, "accepted",
          "maat update da-2016/2.1 -c police.zpl --measure 812.5 --label e-learning "
          "--measure-date 2016-03-31");
    CHECK(typed_shows(r, "da-2016/2.1",
                      "\"amount\":812.5,\"date\":\"2016-03-31\",\"label\":\"e-learning"));
    typed_end(r);
}

TEST(maat_update_takes_back_evidence_and_values)
{
    struct rig *r = typed_board();
    char command[200];

    typed(r, 0, "accepted",
          "maat update da-2016/2.1 -c police.zpl --measure 900 --evidence Report "
          "--evidence-kind data --evidence-held 'Force intranet'");
    long entry = typed_newest(r);
    CHECK(typed_shows(r, "da-2016/2.1", "\"title\":\"Report\""));
    (void)snprintf(command, sizeof command,
                   "maat update da-2016/2.1 -c police.zpl --withdraw-evidence %ld", entry);
    typed(r, 0, "accepted", command);
    CHECK(!typed_shows(r, "da-2016/2.1", "\"title\":\"Report\""));
    CHECK(typed_shows(r, "da-2016/2.1", "\"amount\":900"));
    (void)snprintf(command, sizeof command,
                   "maat update da-2016/2.1 -c police.zpl --withdraw-value %ld", entry);
    typed(r, 0, "accepted", command);
    CHECK(!typed_shows(r, "da-2016/2.1", "\"amount\":900"));
    typed(r, 1, "withdraw_value: this part holds no value of that entry", command);
    rig_close(r);
}

TEST(maat_update_by_a_lead_names_the_agency_and_how_it_told)
{
    struct rig *r = typed_board();

    long before = typed_newest(r);
    typed(r, 2, "--on-behalf-of: is missing: a lead says for which agency it reports",
          "maat update da-2016/1.1 -c board/lead.zpl --status in-progress");
    CHECK_INT(before, typed_newest(r));
    typed(r, 1, "refused (entry ",
          "maat update da-2016/1.1 -c board/lead.zpl --status in-progress --on-behalf-of police");
    typed(r, 0, "accepted",
          "maat update da-2016/1.1 -c board/lead.zpl --status in-progress --on-behalf-of police "
          "--reported 'by telephone'");
    CHECK(typed_shows(r, "da-2016/1.1", "\"behalf\":true"));
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
    struct rig *r = typed_board();

    long before = typed_newest(r);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        typed(r, rows[i].exit_code, rows[i].said, rows[i].command);
    typed(r, 1, "personal-data", rows[1].command);
    CHECK(!strstr(r->output, "9434765919"));
    CHECK_INT(before, typed_newest(r));
    typed(r, 1, "refused (entry ", "maat update da-2016/9.9 -c police.zpl --note x");
    typed(r, 1, "refused (entry ",
          "maat update da-2016/1.1 -c health.zpl --status in-progress --date 2016-04-01");
    rig_close(r);
}

TEST(maat_update_that_finds_no_broker_says_so)
{
    struct rig *r = typed_board();

    rig_signal(r->broker, SIGKILL);
    (void)rig_wait(r->broker);
    typed(r, 3, "can't be reached",
          "maat update da-2016/1.1 -c police.zpl --note later --timeout 1");
    rig_close(r);
}
