/* One agency with two boards: the commands beside the agent tell of both, each under its
   name. */
#include <string.h>

#include "tests/t.h"
#include "tests/two_boards.h"

/* Ends with `rc`, and says both, the one before the other. */
static void
says(const struct two_boards *t, int rc, const char *command, const char *first, const char *then)
{
    int ended = rig_run(t->north, "%s", command);
    const char *at = strstr(t->north->output, first);

    if (ended != rc || !at || !strstr(at, then))
        FAIL_WITH("%s: %d, not \"%s\" and \"%s\": %s", command, ended, first, then,
                  t->north->output);
}

#define SETTINGS " --config agent.zpl"

TEST(agent_of_two_boards_has_a_doctor_for_both)
{
    struct two_boards t = two_boards_open();

    says(&t, 1, "maat-agent doctor" SETTINGS, "board       north\nok   settings    agent.zpl\n",
         "!!   running     no");
    desk_start(t.desk);
    two_boards_know_both(&t);
    says(&t, 0, "maat-agent doctor" SETTINGS, "ok   spool       spool",
         "board       north\nok   settings ");
    says(&t, 0, "maat-agent doctor" SETTINGS, "ok   handshake   police/crm",
         "\n\nboard       south\nok   settings ");
    says(&t, 0, "maat-agent doctor" SETTINGS, "board       south", "ok   handshake   police/crm");
    rig_stop_broker(t.south);
    rig_until(t.north, "maat-agent doctor" SETTINGS "; test $? = 1");
    says(&t, 1, "maat-agent doctor" SETTINGS, "board       south", "!!   connect ");
    CHECK_INT(1, two_boards_count(t.north->output, "!!   connect "));
    says(&t, 0, "maat-agent doctor --at north" SETTINGS, "ok   settings", "all is well");
    CHECK(!strstr(t.north->output, "board  "));
    two_boards_start_broker(t.south);
    two_boards_close(&t);
}

TEST(agent_of_two_boards_lists_what_waits_and_what_was_refused_of_both)
{
    struct two_boards t = two_boards_open();

    desk_start(t.desk);
    two_boards_know_both(&t);
    says(&t, 0, "maat-agent waiting" SETTINGS, "board       north\nnorth.box: 0 not sent",
         "\n\nboard       south\nsouth.box: 0 not sent");
    says(&t, 0, "maat-agent refused" SETTINGS, "board       north\nnothing was refused",
         "board       south\nnothing was refused");
    (void)two_boards_say_until(&t, "s/2", "\"not-found\"");
    rig_until(t.north, "maat-agent refused" SETTINGS " | grep 'progress not-found action'");
    says(&t, 0, "maat-agent refused" SETTINGS, "board       north\nnothing was refused",
         "board       south\n2 ");
    says(&t, 0, "maat-agent refused --json" SETTINGS, "{\"which\":\"2\",", ",\"board\":\"south\"}");
    CHECK(!strstr(t.north->output, "north"));
    says(&t, 1, "maat-agent refused --seen 2" SETTINGS, "name the board by --at", "");
    says(&t, 1, "maat-agent waiting" SETTINGS, "north.box: 0 not sent, 0 refused",
         "south.box: 0 not sent, 1 refused");
    says(&t, 2, "maat-agent waiting --outbox north.box" SETTINGS, "outbox is each board's own", "");
    says(&t, 0, "maat-agent waiting --at north" SETTINGS, "north.box: 0 not sent", "");
    CHECK(!strstr(t.north->output, "south"));
    two_boards_close(&t);
}

/* Where the agent has no socket for callers, each board's agent is asked at its outbox. */
TEST(agent_of_two_boards_without_a_socket_tells_how_both_are)
{
    struct two_boards t = two_boards_open();

    desk_start(t.desk);
    two_boards_know_both(&t);
    CHECK_INT(0, rig_run(t.north, "grep -v ^socket agent.zpl > without.zpl"));
    says(&t, 0, "maat-agent status --config without.zpl",
         "board       north\nagent       maat-agent",
         "\n\nboard       south\nagent       maat-agent");
    says(&t, 0, "maat-agent status --json --config without.zpl",
         "{\"boards\":[{\"board\":\"north\",\"status\":{", "{\"board\":\"south\",\"status\":{");
    CHECK_INT(0, desk_stop(t.desk, SIGTERM));
    says(&t, 3, "maat-agent status --config without.zpl", "board       north\nagent       ",
         "board       south\nagent       ");
    says(&t, 3, "maat-agent status --json --config without.zpl",
         "{\"board\":\"north\",\"later\":", "{\"board\":\"south\",\"later\":");
    desk_start(t.desk);
    two_boards_close(&t);
}

/* One spool, so one form; whole, or nothing of it. */
TEST(agent_of_two_boards_prints_one_template_of_both)
{
    struct two_boards t = two_boards_open();

    desk_start(t.desk);
    says(&t, 0, "maat-agent template" SETTINGS, "\n\"n/1\",\"police\",", "\n\"s/1\",\"police\",");
    CHECK_INT(4, two_boards_count(t.north->output, "\n")); /* with that of the headings */
    CHECK_INT(1, two_boards_count(t.north->output, "\n\"both/1\","));
    says(&t, 0, "maat-agent template --at south" SETTINGS, "action", "\n\"s/1\",\"police\",");
    CHECK(!strstr(t.north->output, "\"n/1\""));
    says(&t, 0, "maat-agent template s --at south" SETTINGS, "action", "\n\"s/1\",\"police\",");
    says(&t, 2, "maat-agent template s" SETTINGS, "names one of the configuration's boards", "");
    rig_stop_broker(t.south);
    CHECK_INT(0, rig_run(t.north, "mv %s/police.zpl %s/away.zpl", t.south->dir, t.south->dir));
    says(&t, 2, "maat-agent template" SETTINGS, "police.zpl", "");
    CHECK(!strstr(t.north->output, "n/1"));
    CHECK_INT(0, rig_run(t.north, "mv %s/away.zpl %s/police.zpl", t.south->dir, t.south->dir));
    two_boards_start_broker(t.south);
    two_boards_close(&t);
}
