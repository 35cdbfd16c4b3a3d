/* maat watch --exec: one run of a program per event, whatever the program does. */
#include <stdarg.h>

#include "tests/t.h"
#include "tests/typed.h"

#define WITH_LEAD " -c board/lead.zpl"

/* A program that notes each event's number in `ran` and then does this. */
static void
program(struct rig *r, const char *then)
{
    char text[1000];

    (void)snprintf(text, sizeof text, "#!/bin/sh\nn=$(jq .number) && echo $n >> ran\n%s\n", then);
    rig_write(r, "hook", text);
    CHECK_INT(0, rig_run(r, "chmod +x hook"));
}

static struct rig_program *
watch(struct rig *r, const char *more)
{
    static char command[300];
    const char *const argv[] = {"sh", "-c", command, NULL};

    (void)snprintf(command, sizeof command,
                   "exec maat watch --exec ./hook --state s --since %ld %s" WITH_LEAD,
                   typed_newest(r) + 1, more);
    return rig_start(r, argv);
}

static void
note(struct rig *r, const char *what)
{
    char command[200];

    (void)snprintf(command, sizeof command, "maat update da-2016/1.1 --note %s -c police.zpl",
                   what);
    typed(r, 0, "accepted", command);
}

__attribute__((format(printf, 2, 3))) static void
await(struct rig *r, const char *format, ...)
{
    char command[600];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(command, sizeof command, format, args);
    va_end(args);
    rig_until(r, command);
}

static void
end(struct rig *r, struct rig_program *p)
{
    rig_signal(p, SIGTERM);
    CHECK_INT(0, rig_wait(p));
    typed_end(r);
}

/* What it had when it was ended goes on. */
TEST(maat_watch_exec_runs_a_program_once_an_event)
{
    struct rig *r = typed_board();

    program(r, "");
    long first = typed_newest(r) + 1;
    struct rig_program *p = watch(r, "");
    note(r, "one");
    note(r, "two");
    await(r, "test $(wc -l < ran) = 2");
    rig_signal(p, SIGKILL);
    (void)rig_wait(p);
    note(r, "three");
    p = watch(r, "");
    await(r, "test $(sort -u ran | wc -l) = 3");
    CHECK_INT(0, rig_run(r,
                         "sort -un ran | tr '\\n' ' ' > once; read a b c < once; test $a = %ld && "
                         "test $c = %ld",
                         first, first + 2));
    CHECK_INT(0, rig_run(r, "test ! -e s.set-aside"));
    end(r, p);
}

TEST(maat_watch_exec_tries_again)
{
    struct rig *r = typed_board();

    program(r, "echo >> tries; test $(wc -l < tries) -ge 3");
    struct rig_program *p = watch(r, "");
    note(r, "one");
    await(r, "test $(wc -l < ran) = 3");
    note(r, "two");
    await(r, "test $(wc -l < ran) = 4");
    CHECK_INT(0, rig_run(r,
                         "test $(sort -u ran | wc -l) = 2 && grep -q 'exit code 1; again in 1 s' "
                         "%s && grep -q 'again in 2 s' %s && test ! -e s.set-aside",
                         p->log, p->log));
    end(r, p);
}

TEST(maat_watch_exec_sets_aside_what_is_never_taken_and_goes_on)
{
    struct rig *r = typed_board();

    program(r, "test ! -e ill");
    CHECK_INT(0, rig_run(r, "touch ill"));
    struct rig_program *p = watch(r, "--exec-tries 2");
    note(r, "one");
    await(r, "grep -q 'set aside in s.set-aside' %s", p->log);
    CHECK_INT(0, rig_run(r, "rm ill && test $(wc -l < ran) = 2 && "
                            "jq -e '.body.note == \"one\"' s.set-aside"));
    note(r, "two");
    await(r, "test $(wc -l < ran) = 3");
    CHECK_INT(0, rig_run(r, "test $(wc -l < s.set-aside) = 1"));
    end(r, p);
}

TEST(maat_watch_exec_kills_what_hangs_with_all_that_it_began)
{
    struct rig *r = typed_board();

    program(r, "test -e well || { sleep 1000 & echo $! > child; sleep 1000; }");
    struct rig_program *p = watch(r, "--exec-tries 1 --exec-seconds 1");
    note(r, "one");
    await(r, "grep -q 'did not end within 1 s' %s && test -s s.set-aside && touch well", p->log);
    await(r, "! kill -0 $(cat child) 2> gone");
    note(r, "two");
    await(r, "test $(wc -l < ran) = 2");
    end(r, p);
}

TEST(maat_watch_exec_survives_what_dies_prints_or_reads_nothing)
{
    struct rig *r = typed_board();

    program(r, "test -e well || kill -SEGV $$");
    struct rig_program *p = watch(r, "--exec-tries 1");
    note(r, "one");
    await(r, "grep -q 'signal 11' %s && test -s s.set-aside && touch well", p->log);
    rig_write(r, "hook",
              "#!/bin/sh\nexec 0<&-\necho $$ >> ran2\nhead -c 5000000 /dev/zero | tr "
              "'\\0' x\nhead -c 1000000 /dev/zero >&2\n");
    note(r, "two");
    await(r, "grep -q . ran2");
    note(r, "three");
    await(r, "test $(wc -l < ran2) = 2");
    await(r, "grep -aq 'printed 6000000 bytes' %s", p->log);
    CHECK_INT(0, rig_run(r, "test $(wc -c < %s) -lt 300000", p->log));
    end(r, p);
}

TEST(maat_watch_exec_waits_a_little_for_what_is_under_way)
{
    struct rig *r = typed_board();

    program(r, "trap 'echo >> ended; exit 0' TERM; touch begun; while :; do sleep 0.05; done");
    struct rig_program *p = watch(r, "");
    note(r, "one");
    await(r, "test -e begun");
    rig_signal(p, SIGTERM);
    CHECK_INT(0, rig_wait(p));
    CHECK_INT(0, rig_run(r, "test -e ended && jq -e '.upto == %ld' s", typed_newest(r)));
    typed(r, 2, "there is no program ./none", "maat watch --exec ./none" WITH_LEAD);
    typed_end(r);
}
