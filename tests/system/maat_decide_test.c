/* maat decide, on the real programs. */
#include "tests/t.h"
#include "tests/typed.h"

static const char *const claim_with_evidence =
    "maat update da-2016/1.2 -c police.zpl --status claimed-complete --evidence 'Course record' "
    "--evidence-kind training --evidence-held 'Force intranet'";

TEST(maat_decide_meets_the_gate_and_passes_it_by_override)
{
    struct rig *r = typed_board();

    typed(r, 1, "gate: override: completion is not claimed by police",
          "maat decide assure da-2016/1.1 -c board/lead.zpl");
    typed(r, 0, "accepted",
          "maat update da-2016/1.1 -c police.zpl --status claimed-complete --note done");
    typed(r, 1, "da-2016/1.1 assure: refused (entry ",
          "maat decide assure da-2016/1.1 -c board/lead.zpl --reason 'as told'");
    CHECK(strstr(r->output, "gate: override: there is no evidence of its own from police"));
    CHECK(typed_shows(r, "da-2016/1.1", "\"standing\":\"open\""));
    typed(r, 1, "reason", "maat decide assure da-2016/1.1 -c board/lead.zpl --override");
    rig_write(r, "reason.txt", "seen on the visit\n");
    typed(r, 0, "da-2016/1.1 assure: accepted as entry ",
          "maat decide assure da-2016/1.1 -c board/lead.zpl --override --reason @reason.txt "
          "--body 'Scrutiny, Audit and Review Group' --met 2016-04-20");
    CHECK(typed_shows(r, "da-2016/1.1", "\"standing\":\"assured\""));
    CHECK(typed_shows(r, "da-2016/1.1",
                      "\"reason\":\"seen on the visit\",\"body\":\"Scrutiny, Audit"));
    typed_end(r);
}

TEST(maat_decide_of_several_goes_on_past_the_one_that_is_refused)
{
    struct rig *r = typed_board();

    typed(r, 0, "accepted", claim_with_evidence);
    typed(r, 1, "da-2016/1.2 assure: accepted",
          "maat decide assure da-2016/1.1 da-2016/1.2 da-2016/2.1 -c board/lead.zpl");
    CHECK(strstr(r->output, "da-2016/1.1 assure: refused (entry "));
    CHECK(strstr(r->output, "da-2016/2.1 assure: refused (entry "));
    CHECK(typed_shows(r, "da-2016/1.2", "\"standing\":\"assured\""));
    typed(r, 0, "accepted",
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
    struct rig *r = typed_board();

    long before = typed_newest(r);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        typed(r, rows[i].exit_code, rows[i].said, rows[i].command);
    CHECK_INT(before, typed_newest(r));
    rig_close(r);
}

TEST(maat_decide_takes_a_decision_back)
{
    struct rig *r = typed_board();
    char command[200];

    typed(r, 0, "accepted",
          "maat decide withdraw da-2016/1.1 -c board/lead.zpl --reason 'see 1.2' "
          "--continued-by da-2016/1.2");
    (void)snprintf(command, sizeof command,
                   "maat decide rescind da-2016/1.1 -c board/lead.zpl --reason 'not so' "
                   "--rescinds %ld",
                   typed_newest(r));
    typed(r, 0, "accepted", command);
    CHECK(typed_shows(r, "da-2016/1.1", "\"standing\":\"open\""));
    rig_close(r);
}
