/* Days begin at the real broker: while it serves, while it is away, and while it is
   killed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/machine.h"
#include "tests/stage.h"
#include "tests/t.h"
#include "tests/typed.h"

#define LEAD " -c board/lead.zpl"
#define POLICE " -c police.zpl"
#define NOTE \
    "{'kind': 'decision', 'action': 'da-2016/1.1', 'what': 'note', 'reason': 'r', 'seen': SEEN}"

static void
add_action(struct stage *s, const char *plan, const char *leads)
{
    caller_must(s->lead,
                "{'kind': 'action', 'id': '%s/2', 'ref': '2', 'title': 'Write a report', 'leads': "
                "%s, 'due': '2016-03-26', 'seen': 0, 'epoch': 0}",
                plan, leads);
}

/* The stage on the day before the clocks change; two actions are due. */
static struct stage
open_in_march(struct rig *r)
{
    rig_stop_clock(r, "2016-03-26");
    rig_init_board(r);
    rig_start_broker(r, NULL);
    struct stage s = stage_build(r);
    add_action(&s, "da-2016", "['police']");
    add_action(&s, "sealed", "[]");
    return s;
}

static int64_t
entry_of(const char *said)
{
    CHECK(strncmp(said, "accepted ", 9) == 0);
    return strtoll(said + 9, NULL, 10);
}

TEST(newday_at_the_broker_is_told_to_those_who_may_see_the_plan)
{
    struct rig *r = rig_open();
    struct stage s = open_in_march(r);

    typed(r, 0, "da-2016/2", "maat status --rag amber" POLICE);
    rig_stop_clock(r, "2016-03-27");
    rig_until(r, "maat log" LEAD " | grep 'day 2016-03-27: rated'");
    typed(r, 0, "day 2016-03-27: da-2016/2 amber to red (overdue)", "maat log da-2016" POLICE);
    typed(r, 0, "day 2016-03-27: sealed/2 amber to red (overdue no-lead)", "maat log" LEAD);
    typed(r, 0, "day 2016-03-27: rated", "maat log" POLICE);
    CHECK(!strstr(r->output, "sealed"));
    CHECK(strstr(r->output, "da-2016/2 amber to red"));
    typed(r, 0, "rating", "maat log --csv" POLICE);
    typed(r, 0, "\"before\":\"amber\",\"after\":\"red\",\"reasons\":[\"overdue\"]",
          "maat log da-2016 --json" POLICE);
    rig_stop_clock(r, "2016-03-28"); /* the day of 23 hours is over */
    rig_until(r, "maat log" LEAD " | grep 'day 2016-03-28: rated'");
    stage_leave(&s);
    stage_stop(&s);
    stage_verify(&s);
    CHECK(strstr(r->output, "rating    4\n"));
    rig_close(r);
}

TEST(newday_at_the_broker_comes_before_whatever_is_judged_that_day)
{
    struct rig *r = rig_open();
    struct stage s = open_in_march(r);

    s.lead->seen = entry_of(caller_say(s.lead, NOTE));
    int64_t before = s.lead->seen;
    stage_leave(&s);
    stage_stop(&s);
    rig_stop_clock(r, "2016-04-01"); /* six days were missed */
    rig_start_broker(r, NULL);
    s.lead = caller_open(r, "board/lead.zpl");
    s.lead->seen = before;
    CHECK_INT(before + 6 + 2 + 1, entry_of(caller_say(s.lead, NOTE)));
    typed(r, 0, "",
          "maat log --json" LEAD " | jq -r 'select(.entry.kind == \"rating\") | "
          ".body.day + \" \" + (.body.plan // \"whole\")'");
    CHECK_STR("2016-04-01 whole\n2016-03-31 whole\n2016-03-30 whole\n2016-03-29 whole\n"
              "2016-03-28 whole\n2016-03-27 whole\n2016-03-27 sealed\n2016-03-27 da-2016\n",
              r->output);
    rig_stop_clock(r, "2016-03-31"); /* the host's clock goes back, and on again */
    s.lead->seen = entry_of(caller_say(s.lead, NOTE));
    rig_stop_clock(r, "2016-04-01");
    CHECK_INT(before + 6 + 2 + 3, entry_of(caller_say(s.lead, NOTE)));
    stage_end(&s);
}

/* --- killed ---------------------------------------------------------------------------- */

enum { MANY_PLANS = 120 }; /* more entries than a slice makes */

static void
add_plans(struct stage *s)
{
    for (int i = 0; i < MANY_PLANS; i++) {
        caller_queue(s->lead,
                     "{'kind': 'plan', 'id': 'p%d', 'title': 'A plan', 'type': 'review', "
                     "'marking': 'OFFICIAL', 'members': 'all', 'seen': 0, 'epoch': 0}",
                     i);
        caller_queue(s->lead,
                     "{'kind': 'action', 'id': 'p%d/1', 'ref': '1', 'title': 'A', 'leads': "
                     "['police'], 'due': '2016-03-26', 'seen': 0, 'epoch': 0}",
                     i);
    }
    CHECK_INT(CLIENT_DONE, client_settle(s->lead->session, RIG_PATIENCE));
}

/* At a sync of the first day: `when` is strace's. */
static void
start_and_be_killed(struct rig *r, char *when)
{
    const char *const starter[] = {"strace",          "-D", "-f", "-q", "-o", "trace", "-e",
                                   "trace=fdatasync", "-e", when, NULL};
    char is_gone[80];

    r->starter = starter;
    rig_start_broker(r, NULL);
    (void)snprintf(is_gone, sizeof is_gone, "grep '^State:.Z' /proc/%d/status", (int)r->broker->id);
    rig_until(r, is_gone);
    CHECK_INT(-SIGKILL, rig_wait(r->broker));
    r->starter = NULL;
}

/* Stopped as soon as it serves: whatever it has rated by then, it ends well. */
static void
start_and_stop(struct stage *s)
{
    rig_start_broker(s->rig, NULL);
    stage_stop(s);
    stage_verify(s);
}

TEST(newday_at_the_broker_survives_being_killed_and_stopped)
{
    static char kill_1[] = "inject=fdatasync:signal=KILL:when=1";
    static char kill_2[] = "inject=fdatasync:signal=KILL:when=2";
    struct rig *r = rig_open();

    if (!machine_may_trace(r)) {
        rig_close(r);
        SKIP_WITH(MACHINE_NO_TRACE);
    }
    struct stage s = open_in_march(r);
    add_plans(&s);
    stage_leave(&s);
    stage_stop(&s);
    rig_stop_clock(r, "2016-03-27");
    start_and_be_killed(r, kill_1);
    stage_verify(&s);
    CHECK(!strstr(r->output, "rating"));
    start_and_be_killed(r, kill_2);
    stage_verify(&s);
    CHECK(strstr(r->output, "rating"));
    start_and_stop(&s);
    rig_start_broker(r, NULL);
    rig_until(r, "maat log" LEAD " | grep 'day 2016-03-27: rated'");
    typed(r, 0, "",
          "maat log --json" LEAD " | jq -r 'select(.entry.kind == \"rating\") | "
          ".body.changes[]?.action' | sort -u | wc -l");
    CHECK_INT(MANY_PLANS + 2, strtol(r->output, NULL, 10));
    stage_stop(&s);
    stage_verify(&s);
    CHECK(strstr(r->output, "rating    123\n")); /* each once, and the day */
    rig_close(r);
}
