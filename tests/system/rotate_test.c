/* maat-agent rotate: another key for an agent that runs, cut off at any point. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/machine.h"
#include "tests/t.h"
#include "tests/typed.h"

#define ROTATE "maat-agent rotate --config agent.zpl"

static struct rig *
open_board(void)
{
    struct rig *r = typed_board();

    rig_write(r, "agent.zpl",
              "key = \"police.zpl\"\noutbox = \"outbox\"\nsocket = \"agent.sock\"\n");
    typed(r, 0, "", "cp -p police.zpl old.zpl");
    return r;
}

static struct rig_program *
start(struct rig *r)
{
    struct rig_program *agent =
        rig_start(r, (const char *const[]){"maat-agent", "run", "--config", "agent.zpl", NULL});

    rig_until(r, "maat-agent status --json --config agent.zpl | grep '\"link\":\"open\"'");
    return agent;
}

static void
push(struct rig *r, int percent)
{
    char command[300];

    (void)snprintf(command, sizeof command,
                   "maat --agent agent.sock --wait update da-2016/1.1 --percent %d", percent);
    typed(r, 0, "accepted", command);
}

TEST(rotate_gives_an_agent_that_runs_another_key_and_loses_nothing)
{
    struct rig *r = open_board();
    struct rig_program *agent = start(r);
    char command[RIG_PATH + 100];

    push(r, 10);
    typed(r, 0, "police/crm has a new key now, in police.zpl", ROTATE);
    CHECK(strstr(r->output, "The agent that runs has taken it up."));
    (void)snprintf(command, sizeof command, "grep event=key-taken %s", agent->log);
    typed(r, 0, "", command);
    rig_until(r, "maat-agent status --json --config agent.zpl | grep '\"link\":\"open\"'");
    push(r, 20);
    CHECK(typed_shows(r, "da-2016/1.1", "\"percent\":20"));
    typed(r, 3, "does not know this key", "maat whoami -c old.zpl");
    typed(r, 0, "600", "stat -c %a police.zpl");
    typed(r, 1, "", "cmp -s police.zpl old.zpl");
    typed(r, 0, "agent.sock", "ls -d *.sock police.zpl*");
    CHECK(!rig_exists(r, "police.zpl.next") && !rig_exists(r, "police.zpl.rotation"));
    rig_signal(agent, SIGTERM);
    CHECK_INT(0, rig_wait(agent));
    typed_end(r);
}

/* As a service that systemd hands a copy of its key when it starts. */
static struct rig_program *
start_with_a_copy(struct rig *r)
{
    typed(r, 0, "", "cp -p police.zpl copy.zpl");
    struct rig_program *agent =
        rig_start(r, (const char *const[]){"maat-agent", "run", "--config", "agent.zpl", "--key",
                                           "copy.zpl", NULL});
    rig_until(r, "maat-agent status --json --config agent.zpl | grep '\"link\":\"open\"'");
    return agent;
}

/* The next rotation would end the key that it still has. */
TEST(rotate_does_not_shut_out_an_agent_that_has_not_taken_the_last_key)
{
    struct rig *r = open_board();
    struct rig_program *agent = start_with_a_copy(r);

    typed(r, 0, "The agent that runs has not taken it up: restart it", ROTATE " --timeout 1");
    typed(r, 1, "with another key than the file's", "maat-agent doctor --config agent.zpl");
    typed(r, 0, "", "cp -p police.zpl before.zpl");
    typed(r, 1, "the agent that runs has another key than police.zpl", ROTATE " --timeout 1");
    typed(r, 0, "", "cmp police.zpl before.zpl");
    push(r, 10); /* it goes on */
    rig_signal(agent, SIGTERM);
    CHECK_INT(0, rig_wait(agent));
    agent = start_with_a_copy(r);
    typed(r, 0, "has a new key now", ROTATE " --timeout 1"); /* with what was made before */
    push(r, 20);
    rig_signal(agent, SIGTERM);
    CHECK_INT(0, rig_wait(agent));
    typed(r, 0, "An agent takes it up when it is started.", ROTATE);
    typed_end(r);
}

TEST(rotate_leaves_the_old_key_valid_until_the_new_one_is_used)
{
    struct rig *r = open_board();

    typed(r, 0, "has a new key now", ROTATE);
    typed(r, 0, "police/crm (agency)", "maat whoami -c old.zpl");
    typed(r, 0, "police/crm (agency)", "maat whoami -c police.zpl");
    typed(r, 3, "does not know this key", "maat whoami -c old.zpl");
    typed_end(r);
}

/* The key is root's, and the agent another user: what it has seen stays its own to read. */
TEST(rotate_by_root_leaves_the_outbox_to_its_owner)
{
    struct rig *r = open_board();
    struct rig_program *agent = start(r);

    rig_signal(agent, SIGTERM);
    CHECK_INT(0, rig_wait(agent));
    if (geteuid() != 0) {
        typed_end(r);
        SKIP_WITH("only root may give a folder away");
    }
    for (int i = 0; i < 2; i++) {
        typed(r, 0, "", i ? "rm -r outbox/heads" : "rm outbox/heads/*");
        typed(r, 0, "has a new key now",
              "chown -R 12:34 outbox && chown 12:34 police.zpl && " ROTATE);
        typed(r, 0, "600 12 34\n", "stat -c '%a %u %g' outbox/heads/*");
        typed(r, 0, "700 12 34\n", "stat -c '%a %u %g' outbox/heads");
        typed(r, 0, "600 12 34\n", "stat -c '%a %u %g' police.zpl");
    }
    typed_end(r);
}

TEST(rotate_without_a_broker_changes_nothing_and_goes_on_later)
{
    struct rig *r = open_board();

    rig_signal(r->broker, SIGKILL);
    CHECK_INT(-SIGKILL, rig_wait(r->broker));
    typed(r, 3, "Nothing was changed: the same command goes on later", ROTATE " --timeout 1");
    typed(r, 0, "", "cmp police.zpl old.zpl && maat key show police.zpl.next > made");
    rig_start_broker(r, NULL);
    typed(r, 0, "has a new key now", ROTATE);
    typed(r, 0, "", "maat key show police.zpl | cmp - made");
    typed(r, 0, "police/crm (agency)", "maat whoami -c police.zpl");
    typed_end(r);
}

TEST(rotate_of_a_key_that_was_shut_out_says_so)
{
    struct rig *r = open_board();

    typed(r, 0, "accepted", "maat client revoke police/crm --reason lost -c board/operator.zpl");
    typed(r, 3, "The board's operator lets a new one in: maat client renew", ROTATE);
    typed(r, 0, "", "cmp police.zpl old.zpl");
    typed_end(r);
}

/* What was enrolled is not what lies there: somebody took the file away between. */
TEST(rotate_whose_next_key_was_taken_away_enrols_another)
{
    struct rig *r = open_board();

    if (!machine_may_trace(r)) {
        rig_close(r);
        SKIP_WITH(MACHINE_NO_TRACE);
    }
    CHECK(rig_run(r, "ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace -e trace=rename "
                     "-e inject=rename:signal=KILL:when=1 " ROTATE)
          != 0);
    typed(r, 0, "", "rm -f police.zpl.next");
    typed(r, 0, "has a new key now", ROTATE);
    typed(r, 0, "police/crm (agency)", "maat whoami -c police.zpl");
    typed(r, 3, "does not know this key", "maat whoami -c old.zpl");
    typed_end(r);
}

/* At each call that changes what is on the disk, or says something to the broker. */
TEST(rotate_killed_at_any_point_goes_on_and_is_never_locked_out)
{
    static const char *const calls[] = {"openat", "rename",    "unlink", "unlinkat",
                                        "rmdir",  "fdatasync", "fsync",  "pwrite64"};
    struct rig *r = open_board();
    int killed = 0;

    if (!machine_may_trace(r)) {
        rig_close(r);
        SKIP_WITH(MACHINE_NO_TRACE);
    }
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        int step = strcmp(calls[i], "openat") == 0 ? 7 : 1;
        for (int n = step; n < 100; n += step) {
            CHECK_INT(0, rig_run(r, "cp -p police.zpl old.zpl"));
            if (rig_run(r,
                        "ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace -e trace=%s -e "
                        "inject=%s:signal=KILL:when=%d " ROTATE,
                        calls[i], calls[i], n)
                == 0)
                break;
            killed++;
            typed(r, 0, "police/crm (agency)", "maat whoami -c police.zpl");
            typed(r, 0, "has a new key now", ROTATE);
            typed(r, 0, "police/crm (agency)", "maat whoami -c police.zpl");
            typed(r, 3, "does not know this key", "maat whoami -c old.zpl");
            CHECK(!rig_exists(r, "police.zpl.next") && !rig_exists(r, "police.zpl.rotation"));
        }
    }
    CHECK(killed >= 8);
    typed_end(r);
}
