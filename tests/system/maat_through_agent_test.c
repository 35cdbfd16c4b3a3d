/* maat's submissions through the local agent. */
#include <stdlib.h>

#include "tests/desk.h"
#include "tests/t.h"
#include "tests/typed.h"

TEST(maat_update_through_the_agent_is_queued_or_waits_for_the_verdict)
{
    struct desk *d = desk_open(NULL);
    struct rig *r = d->rig;

    typed(r, 0, "da/1: queued as n 1\n", "maat update da/1 --agent agent.sock --percent 10");
    typed(r, 0, "da/1: accepted as entry ",
          "maat update da/1 --agent agent.sock --wait --percent 20 --note 'on the way'");
    typed(r, 1, "da/2: refused (entry ", "maat update da/2 --agent agent.sock --wait --percent 20");
    CHECK(strstr(r->output, "rule: agency: "));
    typed(r, 1, "da/1: refused: personal-data: note: ",
          "maat update da/1 --agent agent.sock --note 'ring 07700 900123'");
    typed(r, 0, "\"state\":\"queued\",\"n\":4}",
          "maat update da/1 --agent agent.sock --percent 30 --json");
    typed(r, 0, "would be sent: progress ",
          "maat update da/1 --agent agent.sock --percent 40 --dry-run");
    (void)desk_settle(d);
    CHECK(typed_shows(r, "da/1", "\"percent\":30,\"note\":\"on the way\""));
    CHECK_INT(4, desk_verify(d));
    desk_close(&d);
}

TEST(maat_finds_the_agent_in_its_configuration)
{
    struct desk *d = desk_open(NULL);

    rig_write(d->rig, "maat.zpl", "boards\n    riverside\n        agent = \"agent.sock\"\n");
    typed(d->rig, 0, "queued as n 1", "maat update da/1 -c maat.zpl --percent 10");
    typed(d->rig, 2, "this needs a key of your own", "maat whoami -c maat.zpl");
    typed(d->rig, 2, "this needs a key of your own",
          "maat update da/1 -c maat.zpl --withdraw-evidence 7");
    desk_close(&d);
}

TEST(maat_send_through_the_agent_says_what_became_of_each_line)
{
    static char lines[300 * 100];
    struct desk *d = desk_open(NULL);
    size_t len = 0;

    for (int i = 0; i < 300; i++)
        len += (size_t)snprintf(
            lines + len, sizeof lines - len,
            "{\"kind\": \"progress\", \"action\": \"da/1\", \"note\": \"%d\"}\n", i);
    rig_write(d->rig, "lines", lines);
    typed(d->rig, 0, "line 300: progress da/1: queued as n 300\n",
          "maat send lines --agent agent.sock");
    CHECK(strstr(d->rig->output, "300 submissions: 0 accepted, 0 refused, 300 without a verdict"));
    typed(d->rig, 0, "300 submissions: 300 accepted", "maat send lines --agent agent.sock --wait");
    rig_write(d->rig, "lines",
              "{\"kind\": \"decision\", \"action\": \"da/1\", \"what\": \"void\", \"reason\": "
              "\"twice\"}\n");
    typed(d->rig, 1, "an agent can't fill in `seen`: nothing was sent",
          "maat send lines --agent agent.sock");
    CHECK_INT(600, desk_verify(d));
    desk_close(&d);
}

TEST(maat_says_where_no_agent_answers_and_when_a_verdict_is_late)
{
    struct desk *d = desk_open(NULL);

    typed(d->rig, 3, "nowhere.sock: ", "maat update da/1 --agent nowhere.sock --percent 10");
    rig_signal(d->rig->broker, SIGSTOP);
    typed(d->rig, 0, "queued as n 1", "maat update da/1 --agent agent.sock --percent 10");
    typed(d->rig, 3, "the agent at agent.sock has no answer yet",
          "maat update da/1 --agent agent.sock --percent 20 --wait --timeout 1");
    rig_signal(d->rig->broker, SIGCONT);
    (void)desk_settle(d);
    CHECK_INT(2, desk_verify(d));
    typed(d->rig, 3, "agent.sock: ", "maat update da/1 --agent agent.sock --percent 10");
    desk_close(&d);
}
