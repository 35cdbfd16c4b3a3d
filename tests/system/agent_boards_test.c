/* One agency with two boards: maat-agent in front of an agent for each, on two real brokers. */
#include <string.h>

#include "tests/t.h"
#include "tests/two_boards.h"

/* --- the socket ------------------------------------------------------------------------- */

TEST(agent_of_two_boards_sends_to_those_whose_plans_name_it)
{
    struct two_boards t = two_boards_open();

    desk_start(t.desk);
    const char *said = two_boards_say_until(&t, "n/1", TWO_BOARDS_ACCEPTED);
    CHECK(strstr(said, "{\"queued\":1,\"accepted\":"));
    CHECK(strstr(said, "\"boards\":[{\"board\":\"north\",\"queued\":1,\"accepted\":"));
    CHECK(!strstr(said, "south"));
    said = two_boards_say_until(&t, "s/1", TWO_BOARDS_ACCEPTED);
    CHECK(strstr(said, "\"boards\":[{\"board\":\"south\",\"queued\":1,\"accepted\":"));
    CHECK(!strstr(said, "north"));
    said = two_boards_say_until(&t, "both/1", TWO_BOARDS_ACCEPTED);
    CHECK_INT(1, two_boards_count(said, "\"board\":\"north\",\"queued\":2,\"accepted\":"));
    CHECK_INT(1, two_boards_count(said, "\"board\":\"south\",\"queued\":2,\"accepted\":"));
    CHECK_STR(
        "{\"refused\":{\"code\":\"not-found\",\"field\":\"action\",\"reason\":\"is of no plan of "
        "these boards: north, south; a new one is known after a minute\"}}",
        desk_say(t.desk, "{'kind': 'progress', 'action': 'x/1', 'percent': 40}"));
    said = desk_say(t.desk, "{'kind': 'progress', 'action': 'n/1', 'percent': 101}");
    CHECK(strstr(said, "\"field\":\"percent\""));
    said = desk_say(t.desk, "{'ask': 'status'}");
    CHECK_INT(2, two_boards_count(said, "\"client\":\"police/crm\""));
    CHECK_INT(2, two_boards_count(said, "\"last\":2"));
    said = desk_say(t.desk, "{'ask': 'refused'}");
    CHECK(strstr(said, "name the board by --at"));
    CHECK_INT(0, rig_run(t.north, "maat-agent status -c agent.zpl"));
    CHECK(strstr(t.north->output, "board       north\nagent "));
    CHECK(strstr(t.north->output, "\nboard       south\nagent "));
    CHECK_INT(0, rig_run(t.north, "maat-agent refused -c agent.zpl --at south"));
    CHECK_INT(0, rig_run(t.north, "grep 'event=connected at=south' %s", t.desk->agent->log));
    two_boards_close(&t);
}

TEST(agent_of_two_boards_goes_on_where_one_is_down)
{
    struct two_boards t = two_boards_open();

    desk_start(t.desk);
    two_boards_know_both(&t);
    rig_stop_broker(t.south);
    (void)two_boards_say_until(&t, "n/1", TWO_BOARDS_ACCEPTED);
    const char *said = desk_say(t.desk, "{'kind': 'progress', 'action': 'both/1', 'percent': 41}");
    CHECK_STR("{\"queued\":3,\"boards\":[{\"board\":\"north\",\"queued\":3},{\"board\":\"south\","
              "\"queued\":2}]}",
              said);
    CHECK_INT(0, desk_stop(t.desk, SIGTERM));
    desk_start(t.desk); /* its plans are remembered */
    (void)two_boards_say_until(&t, "n/1", "\"north\",\"queued\":4,\"accepted\"");
    two_boards_start_broker(t.south);
    (void)two_boards_say_until(&t, "both/1", "\"south\",\"queued\":3,\"accepted\"");
    two_boards_close(&t);
}

/* Nothing of the other board's is lost, or sent to it on suspicion. */
TEST(agent_of_two_boards_takes_nothing_for_a_board_it_does_not_know)
{
    struct two_boards t = two_boards_open();

    rig_stop_broker(t.south);
    desk_start(t.desk);
    (void)two_boards_say_until(&t, "n/1", TWO_BOARDS_ACCEPTED);
    const char *said = desk_say(t.desk, "{'kind': 'progress', 'action': 's/1', 'percent': 40}");
    CHECK_STR(
        "{\"later\":\"action is of no known plan, and these boards have not shown theirs yet: "
        "south\"}",
        said);
    two_boards_start_broker(t.south);
    said = two_boards_say_until(&t, "s/1", TWO_BOARDS_ACCEPTED);
    CHECK(strstr(said, "\"boards\":[{\"board\":\"south\",\"queued\":1,\"accepted\":"));
    two_boards_close(&t);
}

TEST(agent_of_two_boards_knows_plans_that_are_configured)
{
    struct two_boards t = two_boards_open();

    rig_stop_broker(t.south);
    two_boards_configure(&t, "        plans = \"s\"\n        plans = \"bo*\"\n");
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
    two_boards_start_broker(t.south);
    (void)two_boards_say_until(&t, "both/1", "\"south\",\"queued\":2,\"accepted\"");
    two_boards_close(&t);
}

/* --- its agents -------------------------------------------------------------------------- */

TEST(agent_of_two_boards_starts_again_what_ends)
{
    struct two_boards t = two_boards_open();

    desk_start(t.desk);
    two_boards_know_both(&t);
    CHECK_INT(0, kill(two_boards_agent(&t, "south"), SIGKILL));
    (void)two_boards_say_until(&t, "n/1", TWO_BOARDS_ACCEPTED);
    (void)two_boards_say_until(&t, "both/1", "\"south\",\"queued\":2,\"accepted\"");
    two_boards_close(&t);
}

/* With it end its agents; what they had queued is in their outboxes. */
TEST(agent_of_two_boards_is_killed_and_goes_on)
{
    struct two_boards t = two_boards_open();

    desk_start(t.desk);
    two_boards_know_both(&t);
    rig_stop_broker(t.south);
    CHECK(strstr(desk_say(t.desk, "{'kind': 'progress', 'action': 'both/1', 'percent': 41}"),
                 "{\"board\":\"south\",\"queued\":2}"));
    CHECK_INT(-SIGKILL, desk_stop(t.desk, SIGKILL));
    two_boards_start_broker(t.south);
    desk_start(t.desk);
    (void)two_boards_say_until(&t, "s/1", "\"south\",\"queued\":3,\"accepted\"");
    CHECK_INT(0, rig_run(t.north, "maat-agent status --json -c agent.zpl"));
    CHECK_INT(2, two_boards_count(t.north->output, "\"queued\":0"));
    two_boards_close(&t);
}
