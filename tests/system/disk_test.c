/* The real broker with a disk that fails or is full, and with a clock that jumps. */
#include "schema/days.h"
#include "tests/crowd.h"
#include "tests/machine.h"
#include "tests/raw.h"
#include "tests/t.h"

#define PROGRESS "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-02-28', 'percent': 7}"

enum { QUEUED_EACH = 50, DAY = 24 * 60 * 60 };

/* Leaks can't be looked for in a program that is traced. */
static char no_leaks[] = "ASAN_OPTIONS=detect_leaks=0";
static char *settings[] = {no_leaks, NULL};

static bool
runs(struct rig *r, const char *command)
{
    return rig_run(r, "%s", command) == 0;
}

/* A board whose broker was started by `starter`. */
static struct stage
open_started_by(struct rig *r, const char *const starter[], const char *const more[])
{
    rig_init_board(r);
    r->settings = settings;
    r->starter = starter;
    rig_start_broker(r, more);
    return stage_build(r);
}

static int64_t
entries(struct stage *s)
{
    (void)caller_ask(s->lead, "{'id': 1, 'what': 'plans'}");
    return s->lead->seen;
}

/* --- a sync that fails ------------------------------------------------------------------ */

/* In each of the broker's threads once: that of the journal, and the one that
   commits the state. */
TEST(disk_a_sync_that_fails_once_loses_and_doubles_nothing)
{
    static const char *const starter[] = {"strace", "-D",
                                          "-f",     "-q",
                                          "-o",     "trace",
                                          "-e",     "trace=fdatasync",
                                          "-e",     "inject=fdatasync:error=EIO:when=25",
                                          NULL};
    struct rig *r = rig_open();
    struct crowd w;

    if (!machine_may_trace(r)) {
        rig_close(r);
        SKIP_WITH(MACHINE_NO_TRACE);
    }
    struct stage s = open_started_by(r, starter, NULL);
    crowd_open(&w, &s);
    int64_t before = entries(&s);
    for (int i = 0; i < 30 && !runs(r, "grep -q event=write-failed 0.log"); i++) {
        crowd_queue(&w, QUEUED_EACH / 10);
        crowd_settle(&w);
    }
    crowd_queue(&w, QUEUED_EACH);
    crowd_settle(&w);
    crowd_check(&w);
    crowd_close(&w);
    stage_leave(&s);
    stage_stop(&s);
    CHECK_INT(0, rig_run(r, "grep event=write-failed 0.log"));
    CHECK_INT(0, rig_run(r, "grep INJECTED trace"));
    r->starter = NULL;
    crowd_count(&w, &s, before);
    stage_close(&s);
}

/* While one batch is on its way to a slow disk, what comes after SIGTERM is put
   off; what was taken before is answered. */
TEST(disk_what_comes_while_the_broker_is_stopped_is_put_off)
{
    static const char *const starter[] = {"strace", "-D",
                                          "-f",     "-q",
                                          "-o",     "trace",
                                          "-e",     "trace=fdatasync",
                                          "-e",     "inject=fdatasync:delay_enter=1200000:when=20+",
                                          NULL};
    struct rig *r = rig_open();

    if (!machine_may_trace(r)) {
        rig_close(r);
        SKIP_WITH(MACHINE_NO_TRACE);
    }
    struct stage s = open_started_by(r, starter, NULL);
    struct raw *c = raw_open(r, "police.zpl", 'a');
    raw_hello(c);
    CHECK_STR("WELCOME 0", raw_hear(c));
    int64_t n = 0;
    while (!runs(r, "grep -q DELAYED trace")) { /* till the disk is slow */
        raw_submit(c, ++n, PROGRESS);
        CHECK(strncmp("ACK", raw_hear(c), 3) == 0);
    }
    const struct ping ping = {.id = 0};
    raw_submit(c, ++n, PROGRESS);
    raw_say(c, SAY_PING, &ping);
    CHECK_STR("PONG", raw_hear(c)); /* n is on its way to the disk */
    rig_signal(r->broker, SIGTERM);
    rig_until(r, "grep event=stopping 0.log");
    raw_submit(c, ++n, PROGRESS);
    CHECK(strncmp("RETRY", raw_hear(c), 5) == 0);
    CHECK_INT(n, c->message.retry.n);
    CHECK_STR("the broker is being stopped", raw_reason(c));
    CHECK(strncmp("ACK", raw_hear(c), 3) == 0);
    CHECK_INT(n - 1, c->message.ack.n);
    CHECK_INT(0, rig_wait(r->broker));
    raw_close(&c);
    stage_leave(&s);
    r->starter = NULL;
    stage_verify(&s);
    stage_close(&s);
}

/* --- a full disk -------------------------------------------------------------------------- */

TEST(disk_that_is_full_puts_all_off_until_there_is_room_again)
{
    static const char *const more[] = {"--reserve-mib", "0", NULL};
    struct rig *r = rig_open();
    struct crowd w;

    if (!machine_small_disk(r, "board", "3m")) {
        rig_close(r);
        SKIP_WITH(MACHINE_NO_DISK);
    }
    struct stage s = open_started_by(r, NULL, more);
    crowd_open(&w, &s);
    int64_t before = entries(&s);
    CHECK(rig_run(r, "cat /dev/zero > board/filling") != 0); /* no byte is left */
    crowd_queue(&w, QUEUED_EACH);
    while (!runs(r, "grep -q 'event=intake-closed why=disk-full' 0.log"))
        (void)crowd_step(&w);
    crowd_queue(&w, QUEUED_EACH);
    for (int i = 0; i < 20; i++)
        CHECK(crowd_step(&w)); /* nobody can get all settled */
    CHECK(strstr(caller_ask(s.lead, "{'id': 2, 'what': 'plans'}"), "da-2016")); /* reads go on */
    CHECK_INT(0, rig_run(r, "rm board/filling"));
    crowd_settle(&w);
    crowd_check(&w);
    crowd_close(&w);
    rig_until(r, "grep 'event=intake-opened why=disk-full' 0.log");
    stage_leave(&s);
    stage_stop(&s);
    CHECK_INT(0, rig_run(r, "test $(grep -c 'event=intake-closed' 0.log) -eq 1"));
    CHECK_INT(0, rig_run(r, "test $(grep -c 'event=intake-opened' 0.log) -eq 1"));
    crowd_count(&w, &s, before);
    CHECK_INT(0, rig_run(r, "umount board"));
    stage_close(&s);
}

TEST(disk_with_less_than_the_reserve_closes_intake)
{
    static const char *const more[] = {"--reserve-mib", "1000000", NULL};
    struct rig *r = rig_open();

    rig_init_board(r);
    rig_start_broker(r, more);
    rig_until(r, "grep 'event=intake-closed why=disk-full' 0.log");
    struct raw *c = raw_open(r, "board/lead.zpl", 'a');
    raw_hello(c);
    CHECK_STR("WELCOME 0", raw_hear(c));
    raw_submit(c, 1,
               "{'kind': 'plan', 'id': 'da-2016', 'title': 'A plan', 'type': 'strategy', "
               "'marking': 'OFFICIAL', 'members': 'all', 'seen': 0, 'epoch': 0}");
    CHECK_STR("RETRY 1", raw_hear(c));
    raw_close(&c);
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    rig_close(r);
}

/* --- a clock that jumps --------------------------------------------------------------------- */

static const char *
said_of_progress(struct raw *c, int64_t n)
{
    raw_submit(c, n, PROGRESS);
    return raw_hear(c);
}

TEST(disk_aside_a_clock_that_jumps_is_held_until_an_operator_confirms_it)
{
    struct rig *r = rig_open();

    rig_shift_clock(r, 0);
    struct stage s = open_started_by(r, NULL, NULL);
    struct raw *c = raw_open(r, "police.zpl", 'a');
    raw_hello(c);
    CHECK_STR("WELCOME 0", raw_hear(c));
    char today[DAY_TEXT];
    day_format(c->message.welcome.today + 8, today);

    CHECK_STR("ACK 1", said_of_progress(c, 1));
    rig_shift_clock(r, -DAY); /* a little: times of entries stand still meanwhile */
    CHECK_STR("ACK 2", said_of_progress(c, 2));
    rig_shift_clock(r, -9 * DAY);
    CHECK_STR("RETRY 3", said_of_progress(c, 3));
    CHECK(strstr(raw_reason(c), "clock"));
    rig_until(r, "grep 'event=intake-closed why=clock' 0.log");
    rig_shift_clock(r, 0);
    CHECK_STR("ACK 3", said_of_progress(c, 3));
    rig_until(r, "grep 'event=intake-opened why=clock' 0.log");
    rig_shift_clock(r, 8 * DAY);
    CHECK_STR("RETRY 4", said_of_progress(c, 4));
    rig_until(r, "test $(grep -c 'event=intake-closed why=clock' 0.log) -eq 2");
    struct raw *operator= raw_open(r, "board/operator.zpl", 'o');
    raw_hello(operator);
    CHECK_STR("WELCOME 0", raw_hear(operator));
    raw_submit(operator, 1, "{'kind': 'board', 'what': 'confirm-clock', 'day': '2016-02-28'}");
    CHECK_STR("RETRY 1", raw_hear(operator));
    CHECK_STR("RETRY 4", said_of_progress(c, 4));
    CHECK(strstr(raw_reason(c), today)); /* what it would be confirmed to be */
    raw_submit(operator, 1, "{'kind': 'board', 'what': 'confirm-clock', 'day': '%s'}", today);
    CHECK_STR("ACK 1", raw_hear(operator));
    CHECK_STR("ACK 4", said_of_progress(c, 4));
    rig_until(r, "test $(grep -c 'event=intake-opened why=clock' 0.log) -eq 2");
    CHECK_INT(0, rig_run(r, "test $(grep -c 'event=intake-closed' 0.log) -eq 2"));
    raw_close(&operator);
    raw_close(&c);
    stage_leave(&s);
    stage_stop(&s);
    stage_verify(&s);
    stage_close(&s);
}
