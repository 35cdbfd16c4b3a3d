/* Two days on the real broker, and what each of them looked like afterwards. */
#include "tests/caller.h"
#include "tests/t.h"

static void
first_day(struct rig *r)
{
    rig_stop_clock(r, "2016-04-01");
    rig_init_board(r);
    rig_start_broker(r, NULL);
    struct caller *operator= caller_open(r, "board/operator.zpl");
    struct caller *lead = caller_open(r, "board/lead.zpl");
    caller_must(operator,
                "{'kind': 'agency', 'id': 'police', 'name': 'Police', 'sector': 'police', "
                "'seen': 0, 'epoch': 0}");
    caller_enrol(r, operator, "police/crm", "agency", "police.zpl");
    caller_must(lead,
                "{'kind': 'plan', 'id': 'da', 'title': 'Domestic abuse', 'type': 'action-plan', "
                "'marking': 'OFFICIAL', 'members': 'all', 'seen': 0, 'epoch': 0}");
    caller_must(lead, "{'kind': 'action', 'id': 'da/1', 'ref': '1', 'title': 'Support', 'leads': "
                      "['police'], 'due': '2016-04-03', 'seen': 0, 'epoch': 0}");
    caller_close(&lead);
    caller_close(&operator);
    rig_stop_broker(r);
}

static void
second_day(struct rig *r)
{
    rig_stop_clock(r, "2016-04-05");
    rig_start_broker(r, NULL);
    struct caller *police = caller_open(r, "police.zpl");
    struct caller *lead = caller_open(r, "board/lead.zpl");
    caller_must(police, "{'kind': 'progress', 'action': 'da/1', 'on': '2016-04-05', 'status': "
                        "'in-progress', 'note': 'begun'}");
    caller_must(lead, "{'kind': 'plan', 'id': 'neglect', 'title': 'Neglect', 'type': 'strategy', "
                      "'marking': 'OFFICIAL-SENSITIVE', 'members': [], 'seen': 0, 'epoch': 0}");
    caller_must(lead,
                "{'kind': 'action', 'id': 'neglect/1', 'ref': '1', 'title': 'Profile', 'leads': "
                "[], 'seen': 0, 'epoch': 0}");
    caller_close(&lead);
    caller_close(&police);
}

static void
must_say(const char *answer, const char *words)
{
    if (!strstr(answer, words))
        FAIL_WITH("no %s in %s", words, answer);
}

TEST(as_at_two_days_differ)
{
    struct rig *r = rig_open();

    first_day(r);
    second_day(r);
    struct caller *lead = caller_open(r, "board/lead.zpl");
    struct caller *police = caller_open(r, "police.zpl");

    /* the first day: nothing said yet, and due in two days */
    const char *then =
        caller_ask(lead, "{'id': 1, 'what': 'show', 'action': 'da/1', 'as_at': '2016-04-01'}");
    must_say(then, "\"day\":\"2016-04-01\"");
    must_say(then, "\"rating\":\"amber\"");
    CHECK(!strstr(then, "begun"));

    /* the day after it was due, though nothing was entered on it */
    must_say(caller_ask(lead, "{'id': 2, 'what': 'status', 'plan': 'da', 'as_at': '2016-04-04'}"),
             "\"rating\":\"red\"");

    /* today: the same as without saying so */
    must_say(caller_ask(lead, "{'id': 3, 'what': 'show', 'action': 'da/1', 'as_at': '2016-04-05'}"),
             "\"note\":\"begun\"");

    /* a plan that came later, and one that may not be seen */
    CHECK_STR("not-found",
              caller_ask(
                  lead, "{'id': 4, 'what': 'show', 'action': 'neglect/1', 'as_at': '2016-04-01'}"));
    CHECK_STR("not-found", caller_ask(police, "{'id': 5, 'what': 'status', 'plan': 'neglect', "
                                              "'as_at': '2016-04-05'}"));

    /* all plans, one a page: the last is neglect's */
    must_say(caller_ask(lead, "{'id': 6, 'what': 'status', 'as_at': '2016-04-05'}"), "neglect/1");
    must_say(caller_ask(police, "{'id': 7, 'what': 'status', 'as_at': '2016-04-05'}"), "da/1");
    must_say(caller_ask(lead, "{'id': 8, 'what': 'plans', 'as_at': '2016-04-01'}"), "\"plans\":[]");

    /* days that there are not */
    CHECK_STR("that day is still to come: today is 2016-04-05",
              caller_ask(lead, "{'id': 9, 'what': 'status', 'as_at': '2016-04-06'}"));
    CHECK_STR("the journal holds nothing of that day: it begins on 2016-04-01",
              caller_ask(lead, "{'id': 10, 'what': 'status', 'as_at': '2016-03-31'}"));
    caller_close(&police);
    caller_close(&lead);
    rig_stop_broker(r);
    rig_close(r);
}
