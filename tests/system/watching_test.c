/* The broker and the agent watched from outside, as they run. */
#include <stdlib.h>
#include <time.h>

#include "tests/desk.h"
#include "tests/scraped.h"
#include "tests/stage.h"
#include "tests/t.h"

#define SOCKET "board/status.sock"

/* The command ends with the code, and says this. */
static void
says(struct rig *r, int code, const char *command, const char *text)
{
    int got = rig_run(r, "%s", command);

    if (got != code || !strstr(r->output, text))
        FAIL_WITH("%s: %d, %s", command, got, r->output);
}

static double
metric(struct rig *r, const char *sample)
{
    CHECK_INT(200, scraped_get(r, SOCKET, "/metrics"));
    return scraped_value(r->output, sample);
}

/* What was counted is shown at the latest when what was shown before is not fresh. */
static void
await_metric(struct rig *r, const char *sample, int64_t value)
{
    int64_t patience = (int64_t)time(NULL) + RIG_PATIENCE / 1000;

    while ((int64_t)metric(r, sample) != value)
        if (time(NULL) > patience)
            FAIL_WITH("%s does not become %" PRId64 ": %s", sample, value, r->output);
}

TEST(watching_metrics_say_what_the_broker_has_done)
{
    struct stage s = stage_open(NULL);
    struct rig *r = s.rig;

    int64_t accepted = (int64_t)metric(r, "maat_broker_accepted_total");
    scraped_check(r->output);
    CHECK_INT(200, scraped_get(r, SOCKET, "/health"));
    CHECK_STR("well\n", r->output);
    caller_must(s.police, "{'kind': 'progress', 'action': 'da-2016/1.1', 'status': 'in-progress', "
                          "'on': '2016-01-01'}");
    CHECK_STR("missing-field note",
              caller_say(s.police, "{'kind': 'progress', 'action': 'da-2016/1.1', "
                                   "'status': 'paused', 'on': '2016-01-01'}"));
    await_metric(r, "maat_broker_refused_total{code=\"missing-field\"}", 1);
    await_metric(r, "maat_broker_accepted_total", accepted + 1);
    await_metric(r, "maat_broker_acknowledgement_seconds_count", accepted + 2);
    CHECK(metric(r, "maat_broker_sync_seconds_sum") > 0);
    CHECK(metric(r, "maat_broker_journal_bytes") > 4096);
    CHECK(metric(r, "maat_broker_disk_free_bytes") > 0);
    CHECK(metric(r, "maat_broker_clients") >= 3);
    CHECK_INT(1, (int)metric(r, "maat_broker_intake_state{state=\"open\"}"));
    stage_end(&s);
}

TEST(watching_status_is_for_a_person_and_for_programs)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    says(r, 3, "maat-broker status board", "maat-broker run board");
    says(r, 3, "maat-broker status nowhere", "no broker serves nowhere");
    rig_start_broker(r, NULL);
    says(r, 0, "maat-broker status board", "health      well");
    says(r, 0, "maat-broker status --json board | jq -r .well", "true");
    rig_signal(r->broker, SIGKILL);
    (void)rig_wait(r->broker);
    says(r, 3, "maat-broker status board", "maat-broker run board");
    rig_start_broker(r, NULL); /* the dead one's socket is no hindrance */
    says(r, 0, "maat-broker status board", "health      well");
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    CHECK(!rig_exists(r, SOCKET));
    rig_close(r);
}

TEST(watching_port_is_of_this_host_unless_said_otherwise)
{
    static const char *const loopback[] = {"--metrics", "tcp://127.0.0.1:*", NULL};
    struct rig *r = rig_open();

    rig_init_board(r);
    says(r, 2, "maat-broker run board --metrics 'tcp://0.0.0.0:*'", "metrics-open");
    says(r, 2, "maat-broker run board --metrics 'tcp://:9'", "write tcp://127.0.0.1:PORT");
    says(r, 2, "maat-broker run board --metrics 'tcp://nowhere.invalid:9'", "is not found");
    rig_start_broker(r, loopback);
    char *log = r->broker->log;
    CHECK_INT(0, rig_run(r,
                         "port=$(sed -n 's#event=watched address=tcp://127.0.0.1:##p' '%s') && "
                         "printf 'GET /health HTTP/1.0\\r\\n\\r\\n' | socat - "
                         "TCP:127.0.0.1:$port",
                         log));
    CHECK(strstr(r->output, "200 OK") && strstr(r->output, "well"));
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    rig_close(r);
}

/* --- the agent ---------------------------------------------------------------------------- */

#define AGENT_SOCKET "outbox/status.sock"

static void
await_of_agent(struct rig *r, const char *sample, int64_t value)
{
    int64_t patience = (int64_t)time(NULL) + RIG_PATIENCE / 1000;

    do
        CHECK_INT(200, scraped_get(r, AGENT_SOCKET, "/metrics"));
    while ((int64_t)scraped_value(r->output, sample) != value && time(NULL) < patience);
    CHECK_INT(value, (int64_t)scraped_value(r->output, sample));
}

TEST(watching_metrics_say_what_the_agent_has_done)
{
    struct desk *d = desk_open(NULL);
    struct rig *r = d->rig;

    desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'percent': 40, 'wait': true}");
    desk_say(d, "{'kind': 'progress', 'action': 'da/2', 'percent': 40, 'wait': true}");
    await_of_agent(r, "maat_agent_accepted_total", 1);
    await_of_agent(r, "maat_agent_refused_total", 1);
    await_of_agent(r, "maat_agent_undealt_refusals", 1);
    await_of_agent(r, "maat_agent_connection_state{state=\"open\"}", 1);
    await_of_agent(r, "maat_agent_callers", 1);
    desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'percent': 101}");
    desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'percent': 102}");
    desk_say(d, "{'ask': 'plans'}");
    CHECK_INT(0, rig_run(r, "echo '[]' >.rows && mv .rows spool/rows.jsonl"));
    await_of_agent(r, "maat_agent_rejected_total{code=\"malformed\"}", 1);
    await_of_agent(r, "maat_agent_rejected_total{code=\"invalid-field\"}", 2);
    await_of_agent(r, "maat_agent_rejected_total{code=\"missing-field\"}", 0);
    scraped_check(r->output);
    CHECK_INT(200, scraped_get(r, AGENT_SOCKET, "/health"));

    rig_signal(r->broker, SIGKILL);
    (void)rig_wait(r->broker);
    desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'percent': 50}");
    await_of_agent(r, "maat_agent_waiting_submissions", 1);
    await_of_agent(r, "maat_agent_queued_total", 3);
    CHECK(scraped_value(r->output, "maat_agent_oldest_waiting_seconds") >= 0);
    CHECK_INT(200, scraped_get(r, AGENT_SOCKET, "/health")); /* it is kept, and brought later */
    CHECK_INT(0, desk_stop(d, SIGTERM));
    rig_until(r, "grep event=stopping 1.log");
    CHECK(!rig_exists(r, AGENT_SOCKET));
    desk_close(&d);
}

/* Where callers have no socket, one who may read the outbox can ask. */
TEST(watching_an_agent_without_a_socket_tells_its_status_too)
{
    struct desk *d = desk_open(NULL);
    struct rig *r = d->rig;

    CHECK_INT(0, desk_stop(d, SIGTERM));
    CHECK_INT(0, rig_run(r, "sed -i /socket/d agent.zpl"));
    says(r, 3, "maat-agent status --config agent.zpl", "maat-agent run");
    const char *const argv[] = {"maat-agent", "run", "--config", "agent.zpl", NULL};
    struct rig_program *agent = rig_start(r, argv);
    rig_until(r, "maat-agent status --config agent.zpl");
    CHECK(strstr(r->output, "connection"));
    rig_until(r, "maat-agent status --config agent.zpl --json | jq -e '.link == \"open\"'");
    rig_signal(agent, SIGTERM);
    CHECK_INT(0, rig_wait(agent));
    desk_close(&d);
}

TEST(watching_an_agent_whose_clock_is_off_says_so)
{
    struct desk *d = desk_open(NULL);
    struct rig *r = d->rig;

    says(r, 0, "maat-agent status --config agent.zpl", "MiB free");
    CHECK(strstr(r->output, "accepted since") && !strstr(r->output, "clock"));
    CHECK_INT(0, desk_stop(d, SIGTERM));
    rig_shift_clock(r, 3600);
    desk_start(d);
    rig_until(r, "maat-agent status --config agent.zpl | grep 'seconds ahead of the broker'");
    CHECK_INT(200, scraped_get(r, AGENT_SOCKET, "/metrics"));
    CHECK(scraped_value(r->output, "maat_agent_clock_ahead_seconds") > 3000);
    rig_until(r, "grep 'event=clock-off seconds=3[56]..$' *.log");
    rig_shift_clock(r, 0);
    CHECK_INT(0, rig_run(r, "cp -p police.zpl again.zpl && mv again.zpl police.zpl"));
    rig_until(r, "grep event=clock-right *.log"); /* it has connected anew */
    CHECK_INT(0, desk_stop(d, SIGTERM));
    desk_close(&d);
}
