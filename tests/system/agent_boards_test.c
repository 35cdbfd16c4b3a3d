/* One agency with two boards: maat-agent in front of an agent for each, on two real brokers. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/desk.h"
#include "tests/t.h"

enum { BETWEEN_TRIES = 2 };

#define ACCEPTED "\"accepted\""

struct two {
    struct rig *north, *south;
    struct desk *desk; /* in the folder of the north */
};

/* --- the boards ----------------------------------------------------------------------- */

static void
found_plan(struct caller *lead, const char *plan)
{
    caller_must(lead,
                "{'kind': 'plan', 'id': '%s', 'title': 'A plan', 'type': 'action-plan', "
                "'marking': 'OFFICIAL', 'members': 'all', 'seen': 0, 'epoch': 0}",
                plan);
    caller_must(lead,
                "{'kind': 'action', 'id': '%s/1', 'ref': '1', 'title': 'Train staff', 'leads': "
                "['police'], 'seen': 0, 'epoch': 0}",
                plan);
}

static void
start_broker(struct rig *r)
{
    static char address[RIG_PATH + 20];

    (void)snprintf(address, sizeof address, "ipc://%s", rig_path(r, "broker.sock"));
    rig_start_broker(r, (const char *const[]){"--listen", address, NULL});
}

static void
stop_broker(struct rig *r)
{
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
}

/* A board with a plan of its own, and one whose id both have. */
static struct rig *
found_board(const char *plan)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    start_broker(r);
    struct caller *operator= caller_open(r, "board/operator.zpl");
    struct caller *lead = caller_open(r, "board/lead.zpl");
    caller_must(operator,
                "{'kind': 'agency', 'id': 'police', 'name': 'Police', 'sector': 'police', "
                "'seen': 0, 'epoch': 0}");
    caller_enrol(r, operator, "police/crm", "agency", "police.zpl");
    found_plan(lead, plan);
    found_plan(lead, "both");
    caller_close(&lead);
    caller_close(&operator);
    return r;
}

static void
write_config(struct two *t, const char *more_of_south)
{
    char config[4096];
    char of_south[RIG_PATH];

    (void)snprintf(of_south, sizeof of_south, "%s", rig_path(t->south, ""));
    (void)snprintf(config, sizeof config,
                   "spool = \"spool\"\nsocket = \"agent.sock\"\n"
                   "boards\n"
                   "    north\n"
                   "        key = \"police.zpl\"\n"
                   "        outbox = \"north.box\"\n"
                   "        broker = \"ipc://%s\"\n"
                   "    south\n"
                   "        key = \"%s/police.zpl\"\n"
                   "        outbox = \"south.box\"\n"
                   "        broker = \"ipc://%s/broker.sock\"\n%s",
                   rig_path(t->north, "broker.sock"), of_south, of_south, more_of_south);
    rig_write(t->north, "agent.zpl", config);
}

/* Both brokers run, and the agent. */
static struct two
open_two(void)
{
    struct two t = {.north = found_board("n"), .south = found_board("s")};

    t.desk = calloc(1, sizeof *t.desk);
    t.desk->rig = t.north;
    t.desk->arena = arena_new();
    t.desk->answer = malloc(500 * 1024);
    write_config(&t, "");
    return t;
}

static void
close_two(struct two *t)
{
    CHECK_INT(0, desk_stop(t->desk, SIGTERM));
    rig_close(t->south);
    desk_close(&t->desk); /* and with it the north */
}

static int64_t
now_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Says it until the answer holds what is wanted: at first not all plans are known. */
static const char *
say_until(struct two *t, const char *action, const char *wanted)
{
    int64_t until = now_ms() + RIG_PATIENCE;
    const char *said;

    while (!strstr(said = desk_say(t->desk,
                                   "{'kind': 'progress', 'action': '%s', 'percent': 40, 'wait': "
                                   "true}",
                                   action),
                   wanted)) {
        if (now_ms() > until)
            FAIL_WITH("of %s it goes on saying %s", action, said);
        (void)poll(NULL, 0, BETWEEN_TRIES);
    }
    return said;
}

/* One update to each. */
static void
know_both(struct two *t)
{
    (void)say_until(t, "n/1", ACCEPTED);
    (void)say_until(t, "s/1", ACCEPTED);
}

static unsigned
count_of(const char *text, const char *part)
{
    unsigned count = 0;

    for (; (text = strstr(text, part)); text += strlen(part))
        count++;
    return count;
}

/* --- the socket ------------------------------------------------------------------------- */

TEST(agent_of_two_boards_sends_to_those_whose_plans_name_it)
{
    struct two t = open_two();

    desk_start(t.desk);
    const char *said = say_until(&t, "n/1", ACCEPTED);
    CHECK(strstr(said, "{\"queued\":1,\"accepted\":"));
    CHECK(strstr(said, "\"boards\":[{\"board\":\"north\",\"queued\":1,\"accepted\":"));
    CHECK(!strstr(said, "south"));
    said = say_until(&t, "s/1", ACCEPTED);
    CHECK(strstr(said, "\"boards\":[{\"board\":\"south\",\"queued\":1,\"accepted\":"));
    CHECK(!strstr(said, "north"));
    said = say_until(&t, "both/1", ACCEPTED);
    CHECK_INT(1, count_of(said, "\"board\":\"north\",\"queued\":2,\"accepted\":"));
    CHECK_INT(1, count_of(said, "\"board\":\"south\",\"queued\":2,\"accepted\":"));
    CHECK_STR(
        "{\"refused\":{\"code\":\"not-found\",\"field\":\"action\",\"reason\":\"is of no plan of "
        "these boards: north, south; a new one is known after a minute\"}}",
        desk_say(t.desk, "{'kind': 'progress', 'action': 'x/1', 'percent': 40}"));
    said = desk_say(t.desk, "{'kind': 'progress', 'action': 'n/1', 'percent': 101}");
    CHECK(strstr(said, "\"field\":\"percent\""));
    said = desk_say(t.desk, "{'ask': 'status'}");
    CHECK_INT(2, count_of(said, "\"client\":\"police/crm\""));
    CHECK_INT(2, count_of(said, "\"last\":2"));
    said = desk_say(t.desk, "{'ask': 'refused'}");
    CHECK(strstr(said, "maat-agent refused --at NAME"));
    CHECK_INT(0, rig_run(t.north, "maat-agent status -c agent.zpl"));
    CHECK(strstr(t.north->output, "board       north\nagent "));
    CHECK(strstr(t.north->output, "\nboard       south\nagent "));
    CHECK_INT(0, rig_run(t.north, "maat-agent refused -c agent.zpl --at south"));
    CHECK_INT(0, rig_run(t.north, "grep 'event=connected at=south' %s", t.desk->agent->log));
    close_two(&t);
}

TEST(agent_of_two_boards_goes_on_where_one_is_down)
{
    struct two t = open_two();

    desk_start(t.desk);
    know_both(&t);
    stop_broker(t.south);
    (void)say_until(&t, "n/1", ACCEPTED);
    const char *said = desk_say(t.desk, "{'kind': 'progress', 'action': 'both/1', 'percent': 41}");
    CHECK_STR("{\"queued\":3,\"boards\":[{\"board\":\"north\",\"queued\":3},{\"board\":\"south\","
              "\"queued\":2}]}",
              said);
    CHECK_INT(0, desk_stop(t.desk, SIGTERM));
    desk_start(t.desk); /* its plans are remembered */
    (void)say_until(&t, "n/1", "\"north\",\"queued\":4,\"accepted\"");
    start_broker(t.south);
    (void)say_until(&t, "both/1", "\"south\",\"queued\":3,\"accepted\"");
    close_two(&t);
}

/* Nothing of the other board's is lost, or sent to it on suspicion. */
TEST(agent_of_two_boards_takes_nothing_for_a_board_it_does_not_know)
{
    struct two t = open_two();

    stop_broker(t.south);
    desk_start(t.desk);
    (void)say_until(&t, "n/1", ACCEPTED);
    const char *said = desk_say(t.desk, "{'kind': 'progress', 'action': 's/1', 'percent': 40}");
    CHECK_STR(
        "{\"later\":\"action is of no known plan, and these boards have not shown theirs yet: "
        "south\"}",
        said);
    start_broker(t.south);
    said = say_until(&t, "s/1", ACCEPTED);
    CHECK(strstr(said, "\"boards\":[{\"board\":\"south\",\"queued\":1,\"accepted\":"));
    close_two(&t);
}

TEST(agent_of_two_boards_knows_plans_that_are_configured)
{
    struct two t = open_two();

    stop_broker(t.south);
    write_config(&t, "        plans = \"s\"\n        plans = \"bo*\"\n");
    CHECK_INT(0,
              rig_run(t.north, "mkdir keys && cp police.zpl keys/north.zpl && cp %s keys/south.zpl",
                      rig_path(t.south, "police.zpl")));
    CHECK_INT(0, rig_run(t.north, "sed -i -e '1i keys = \"keys\"' -e 's/key = .*/key = \"none\"/' "
                                  "agent.zpl"));
    desk_start(t.desk);
    const char *said;
    do
        said = desk_say(t.desk, "{'kind': 'progress', 'action': 's/1', 'percent': 40}");
    while (strstr(said, "\"later\"")); /* its agent is being started */
    CHECK_STR("{\"queued\":1,\"boards\":[{\"board\":\"south\",\"queued\":1}]}", said);
    start_broker(t.south);
    (void)say_until(&t, "both/1", "\"south\",\"queued\":2,\"accepted\"");
    close_two(&t);
}

/* --- the spool ------------------------------------------------------------------------------ */

TEST(agent_of_two_boards_splits_what_is_in_the_spool)
{
    struct two t = open_two();

    desk_start(t.desk);
    know_both(&t);
    rig_write(t.north, "rows.csv",
              "action,percent\nn/1,41\ns/1,42\nx/1,43\n\"both/1\",44\nn/1,450\n");
    CHECK_INT(0, rig_run(t.north, "mv rows.csv spool/"));
    rig_until(t.north, "grep -c number spool/north/rows.csv.jsonl.done | grep -q 2 && grep -c "
                       "number spool/south/rows.csv.jsonl.done | grep -q 2");
    CHECK_INT(0, rig_run(t.north, "cat spool/north/rows.csv.jsonl.done"));
    CHECK(strstr(t.north->output, "\"line\":2,\"n\":2,"));
    CHECK(strstr(t.north->output, "\"line\":5,\"n\":3,"));
    CHECK_INT(0, rig_run(t.north, "cat spool/south/rows.csv.jsonl.done"));
    CHECK(strstr(t.north->output, "\"line\":3,\"n\":2,"));
    CHECK(strstr(t.north->output, "\"line\":5,\"n\":3,"));
    CHECK_INT(0, rig_run(t.north, "cat spool/rows.csv.refused"));
    CHECK(strstr(t.north->output, "\"line\":4,\"code\":\"not-found\",\"field\":\"action\""));
    CHECK(strstr(t.north->output, "\"line\":6,\"code\":\"invalid-field\",\"field\":\"percent\""));
    CHECK_INT(0, rig_run(t.north, "ls spool/taken/*-rows.csv && ! ls spool/taking/*"));
    close_two(&t);
}

TEST(agent_of_two_boards_has_a_file_wait_for_a_board_it_does_not_know)
{
    struct two t = open_two();

    stop_broker(t.south);
    desk_start(t.desk);
    (void)say_until(&t, "n/1", ACCEPTED);
    rig_write(t.north, "a.jsonl",
              "{\"kind\":\"progress\",\"action\":\"both/1\",\"percent\":41}\n"
              "{\"kind\":\"progress\",\"action\":\"s/1\",\"percent\":42}\n");
    CHECK_INT(0, rig_run(t.north, "mv a.jsonl spool/"));
    rig_until(t.north, "ls spool/taking/*-a.jsonl");
    CHECK_INT(0, rig_run(t.north, "! ls spool/north/a.jsonl* spool/south/a.jsonl*"));
    start_broker(t.south);
    rig_until(t.north,
              "grep number spool/south/a.jsonl.done && grep number spool/north/a.jsonl.done");
    CHECK_INT(0, rig_run(t.north, "wc -l < spool/north/a.jsonl.done"));
    CHECK_STR("1\n", t.north->output);
    close_two(&t);
}

/* --- its agents -------------------------------------------------------------------------- */

TEST(agent_of_two_boards_starts_again_what_ends)
{
    struct two t = open_two();

    desk_start(t.desk);
    know_both(&t);
    CHECK_INT(0, rig_run(t.north,
                         "kill -9 $(sed -n 's/.*board-started board=south "
                         "process=\\([0-9]*\\).*/\\1/p' %s)",
                         t.desk->agent->log));
    (void)say_until(&t, "n/1", ACCEPTED);
    (void)say_until(&t, "both/1", "\"south\",\"queued\":2,\"accepted\"");
    close_two(&t);
}

/* With it end its agents; what they had queued is in their outboxes. */
TEST(agent_of_two_boards_is_killed_and_goes_on)
{
    struct two t = open_two();

    desk_start(t.desk);
    know_both(&t);
    stop_broker(t.south);
    CHECK(strstr(desk_say(t.desk, "{'kind': 'progress', 'action': 'both/1', 'percent': 41}"),
                 "{\"board\":\"south\",\"queued\":2}"));
    CHECK_INT(-SIGKILL, desk_stop(t.desk, SIGKILL));
    start_broker(t.south);
    desk_start(t.desk);
    (void)say_until(&t, "s/1", "\"south\",\"queued\":3,\"accepted\"");
    CHECK_INT(0, rig_run(t.north, "maat-agent status --json -c agent.zpl"));
    CHECK_INT(2, count_of(t.north->output, "\"queued\":0"));
    close_two(&t);
}
