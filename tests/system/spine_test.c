/* One update, end to end, on the real broker. */
#include "tests/caller.h"
#include "tests/t.h"

TEST(spine_an_update_goes_from_an_agency_to_a_lead)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    rig_start_broker(r, NULL);
    struct caller *operator= caller_open(r, "board/operator.zpl");
    struct caller *lead = caller_open(r, "board/lead.zpl");
    CHECK_STR("accepted 5",
              caller_say(operator, "{'kind': 'agency', 'id': 'police', 'name': 'Police', 'sector': "
                                   "'police', 'seen': 0, 'epoch': 0}"));
    caller_enrol(r, operator, "police/crm", "agency", "police.zpl");
    CHECK_STR(
        "accepted 7",
        caller_say(
            lead,
            "{'kind': 'plan', 'id': 'da-2016', 'title': 'Domestic abuse action plan', 'type': "
            "'action-plan', 'marking': 'OFFICIAL', 'members': 'all', 'seen': 0, 'epoch': 0}"));
    CHECK_STR("accepted 8",
              caller_say(lead, "{'kind': 'action', 'id': 'da-2016/1.1', 'ref': '1.1', 'title': "
                               "'Support victims', 'leads': ['police'], 'seen': 0, 'epoch': 0}"));
    struct caller *police = caller_open(r, "police.zpl");
    CHECK_STR("accepted 9",
              caller_say(police, "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': "
                                 "'2016-04-01', 'status': 'in-progress', 'note': 'begun'}"));
    CHECK_STR(
        "not-found action",
        caller_say(police,
                   "{'kind': 'progress', 'action': 'none/1', 'on': '2016-04-01', 'note': 'x'}"));
    CHECK(strstr(caller_ask(lead, "{'id': 1, 'what': 'show', 'action': 'da-2016/1.1'}"),
                 "\"note\":\"begun\""));
    CHECK(strstr(caller_ask(lead, "{'id': 2, 'what': 'history', 'action': 'da-2016/1.1'}"),
                 "\"number\":9"));
    CHECK_STR("not-found",
              caller_ask(operator, "{'id': 3, 'what': 'show', 'action': 'da-2016/1.1'}"));
    caller_close(&police);
    caller_close(&lead);
    caller_close(&operator);
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    CHECK_INT(0, rig_run(r, "maat-broker verify board"));
    CHECK(strstr(r->output, "state       equals refold, to entry 10"));
    rig_close(r);
}
