/* Two programs by one agent's key, on a real broker: both agents are told, and each update
   is in the journal once; what is an agent's own is no other. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tests/scraped.h"
#include "tests/t.h"
#include "tests/typed.h"

enum { COMMAND = 600 };

/* A broker that is to be heard from each second: within that whoever is there is told. */
static struct rig *
open_board(void)
{
    struct rig *r = typed_board();

    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    rig_start_broker(r, (const char *const[]){"--ping-ms", "1000", NULL});
    return r;
}

__attribute__((format(printf, 2, 3))) static void
until(struct rig *r, const char *format, ...)
{
    char command[COMMAND];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(command, sizeof command, format, args);
    va_end(args);
    rig_until(r, command);
}

/* An agent by a copy of the key, with an outbox of its own, once it is connected. */
static struct rig_program *
start(struct rig *r, const char *name)
{
    char file[40], text[300];

    (void)snprintf(file, sizeof file, "%s.zpl", name);
    (void)snprintf(text, sizeof text,
                   "key = \"%s.key\"\noutbox = \"%s.outbox\"\nsocket = \"%s.sock\"\n", name, name,
                   name);
    rig_write(r, file, text);
    CHECK_INT(0, rig_run(r, "test -e %s.key || cp -p police.zpl %s.key", name, name));
    struct rig_program *agent =
        rig_start(r, (const char *const[]){"maat-agent", "run", "--config", file, NULL});
    until(r, "maat-agent status --json --config %s | grep '\"link\":\"open\"'", file);
    return agent;
}

static void
until_status_says(struct rig *r, const char *name, const char *what)
{
    until(r, "maat-agent status --config %s.zpl | grep '%s'", name, what);
}

static void
push(struct rig *r, const char *name, int percent)
{
    char command[COMMAND];

    (void)snprintf(command, sizeof command,
                   "maat --agent %s.sock --wait update da-2016/1.1 --percent %d", name, percent);
    typed(r, 0, "accepted", command);
}

static void
end(struct rig_program *p)
{
    rig_signal(p, SIGTERM);
    CHECK_INT(0, rig_wait(p));
}

/* Nobody was told of anything, neither then nor before. */
static void
check_alone(struct rig *r, const char *name, const struct rig_program *agent)
{
    CHECK_INT(0, rig_run(r, "! grep event=key-shared %s %s", r->broker->log, agent->log));
    CHECK_INT(0, rig_run(r, "! maat-agent status --config %s.zpl | grep 'another program'", name));
}

TEST(twins_two_agents_with_one_key_are_told_of_each_other_and_nothing_is_lost_or_twice)
{
    struct rig *r = open_board();
    struct rig_program *one = start(r, "one");

    push(r, "one", 1);
    check_alone(r, "one", one);
    long before = typed_newest(r);
    struct rig_program *two = start(r, "two");
    until_status_says(r, "two", "another program works by it, .* from 127.0.0.1: see");
    until_status_says(r, "one", "another program works by it, .* from 127.0.0.1: see");
    for (int i = 0; i < 5; i++) {
        push(r, "one", 10 + i);
        push(r, "two", 20 + i);
    }
    CHECK_INT(before + 10, typed_newest(r));

    until(r, "grep 'event=key-shared since=.* address=127.0.0.1' %s", one->log);
    until(r, "grep 'event=key-shared since=.* address=127.0.0.1' %s", two->log);
    until(r, "grep 'event=key-shared client=police/crm address=127.0.0.1 other=127.0.0.1' %s",
          r->broker->log);
    typed(r, 0, "\"shared\":true,", "maat-agent status --json --config two.zpl");
    typed(r, 1, "!!   shared      another program works by this key",
          "maat-agent doctor --config one.zpl");
    typed(r, 0, "of which 2 share a key", "maat-broker status board");
    typed(r, 1, "!!   keys        2 programs share a key", "maat-broker doctor board");
    CHECK_INT(200, scraped_get(r, "one.outbox/status.sock", "/metrics"));
    CHECK(scraped_value(r->output, "maat_agent_key_shared") == 1);
    CHECK_INT(200, scraped_get(r, "board/status.sock", "/metrics"));
    CHECK(scraped_value(r->output, "maat_broker_sessions_sharing_key") == 2);

    end(two);
    until_status_says(r, "one", "another program worked by it, .* and is gone");
    until(r, "grep event=key-shared-no-longer %s", one->log);
    typed(r, 0, "ok   shared      another program worked by this key",
          "maat-agent doctor --config one.zpl");
    CHECK_INT(200, scraped_get(r, "one.outbox/status.sock", "/metrics"));
    CHECK(scraped_value(r->output, "maat_agent_key_shared") == 0);
    push(r, "one", 99);
    CHECK_INT(before + 11, typed_newest(r));
    end(one);
    typed_end(r);
}

/* Its session of before is still there: twice in a second, whatever ended it. */
TEST(twins_an_agent_that_is_started_again_is_none)
{
    struct rig *r = open_board();
    struct rig_program *one = start(r, "one");

    for (int i = 0; i < 3; i++) {
        push(r, "one", i);
        rig_signal(one, SIGKILL);
        CHECK_INT(-SIGKILL, rig_wait(one));
        one = start(r, "one");
    }
    push(r, "one", 50);
    check_alone(r, "one", one);
    rig_signal(r->broker, SIGKILL);
    CHECK_INT(-SIGKILL, rig_wait(r->broker));
    rig_start_broker(r, NULL);
    push(r, "one", 51);
    check_alone(r, "one", one);
    end(one);
    typed_end(r);
}

/* Each speaks with the broker by the agent's key while the agent does. */
TEST(twins_commands_by_the_agents_key_are_none)
{
    struct rig *r = open_board();
    struct rig_program *one = start(r, "one");

    push(r, "one", 1);
    typed(r, 0, "accepted", "maat -c one.key update da-2016/1.2 --percent 30");
    typed(r, 0, "police/crm", "maat -c one.key whoami");
    typed(r, 0, "", "maat-agent template --config one.zpl");
    typed(r, 0, "ok   handshake", "maat-agent doctor --config one.zpl");
    typed(r, 0, "has a new key now", "maat-agent rotate --config one.zpl");
    until(r, "grep event=key-taken %s", one->log);
    push(r, "one", 2);
    check_alone(r, "one", one);
    end(one);
    typed_end(r);
}

/* By a key that travelled: a command, which does not mean to be alone, on another host. */
TEST(twins_a_command_from_elsewhere_is_one)
{
    struct rig *r = open_board();
    struct rig_program *one = start(r, "one");
    char here[RIG_PATH];

    push(r, "one", 1);
    (void)snprintf(here, sizeof here, "%s", r->address);
    (void)snprintf(r->address, sizeof r->address, "tcp://127.0.0.2:0;%.200s",
                   here + strlen("tcp://"));
    struct caller *thief = caller_open(r, "police.zpl");
    caller_must(thief, "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-02-28', "
                       "'percent': 100}");
    caller_close(&thief);
    (void)snprintf(r->address, sizeof r->address, "%s", here);
    until(r, "grep 'event=key-shared since=.* address=127.0.0.2' %s", one->log);
    until(r, "grep 'event=key-shared client=police/crm address=127.0.0.2 other=127.0.0.1' %s",
          r->broker->log);
    until_status_says(r, "one", "another program worked by it, .* from 127.0.0.2, and is gone");
    end(one);
    typed_end(r);
}

/* Until they differ they are one agent for the broker; then the second goes on in another
   outbox, and is one of two. */
TEST(twins_with_a_copied_outbox_are_told_of_each_other_once_that_is_found)
{
    struct rig *r = open_board();
    struct rig_program *one = start(r, "one");

    push(r, "one", 1);
    end(one);
    typed(r, 0, "", "cp -a one.outbox two.outbox");
    long before = typed_newest(r);
    one = start(r, "one");
    push(r, "one", 2);
    struct rig_program *two = start(r, "two");
    push(r, "two", 3);
    until(r, "grep event=outbox-forked %s", two->log);
    until_status_says(r, "two", "another program works by it");
    until_status_says(r, "one", "another program works by it");
    push(r, "one", 4);
    push(r, "two", 5);
    CHECK_INT(before + 4, typed_newest(r));
    end(two);
    end(one);
    typed_end(r);
}
