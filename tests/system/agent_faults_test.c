/* maat-agent on a machine that is not as it should be: a spool that can't be written, a
   clock that is wrong, a damaged outbox. */
#include <string.h>

#include "tests/desk.h"
#include "tests/machine.h"
#include "tests/t.h"

enum { HOUR = 3600, DAY = 24 * HOUR };

TEST(agent_with_a_spool_that_is_read_only_says_so_and_goes_on_when_it_is_not)
{
    struct desk *d = desk_open("settle-ms = 100\n");

    if (!machine_small_disk(d->rig, "spool", "1m")) {
        desk_close(&d);
        SKIP_WITH(MACHINE_NO_DISK);
    }
    CHECK_INT(0, desk_stop(d, SIGTERM));
    desk_start(d); /* it makes its folders */
    CHECK_INT(0, rig_run(d->rig, "kill -STOP %d", (int)d->agent->id));
    rig_write(d->rig, "a.csv", "action,percent\nda/1,20\nda/1,30\n");
    CHECK_INT(0, rig_run(d->rig, "cp a.csv spool/b.csv && mv a.csv spool/ && "
                                 "mount -o remount,ro spool"));
    rig_signal(d->agent, SIGCONT);
    rig_until(d->rig, "grep 'event=spool-stands folder=.*spool reason=.*Read-only' *.log");
    /* callers are served meanwhile */
    CHECK(
        strstr(desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'percent': 10}"), "\"queued\""));
    CHECK_INT(0, rig_run(d->rig, "mount -o remount,rw spool"));
    rig_until(d->rig, "test $(wc -l < spool/a.csv.done) = 2 && "
                      "test $(wc -l < spool/b.csv.done) = 2");
    rig_until(d->rig, "grep event=spool-goes-on *.log");
    CHECK_INT(0, rig_run(d->rig, "test $(cat *.log | grep -c event=spool-stands) = 1"));
    CHECK(rig_run(d->rig, "grep event=spool-file-left *.log") != 0);
    CHECK_INT(5, desk_verify(d));
    CHECK_INT(0, rig_run(d->rig, "umount spool"));
    desk_close(&d);
}

/* The agent's clock alone is wrong, by so much. */
static const char *
say_with_clock(struct desk *d, int64_t seconds)
{
    CHECK_INT(0, desk_stop(d, SIGTERM));
    rig_shift_clock(d->rig, seconds);
    desk_start(d);
    return desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'percent': 10, 'wait': true}");
}

TEST(agent_with_a_clock_that_is_wrong)
{
    struct desk *d = desk_open(NULL);

    CHECK(strstr(say_with_clock(d, HOUR), "\"accepted\""));
    CHECK(strstr(say_with_clock(d, -HOUR), "\"accepted\""));
    CHECK(strstr(say_with_clock(d, DAY), "\"accepted\""));
    /* a day that the broker has not reached is no day to describe: it says which field */
    const char *said = say_with_clock(d, 3 * DAY);
    if (!strstr(said, "\"refused\"") || !strstr(said, "\"field\":\"on\""))
        FAIL_WITH("%s", said);
    CHECK(strstr(say_with_clock(d, 0), "\"accepted\""));
    CHECK_INT(5, desk_verify(d));
    desk_close(&d);
}

/* A supervisor goes by the exit code: started again it would end again, until a person has
   moved the folder aside. */
TEST(agent_with_a_damaged_outbox_says_what_to_do_and_is_not_to_be_started_again)
{
    static const char *const damages[] = {
        "dd if=/dev/zero of=outbox/data.mdb bs=64 count=128 conv=notrunc", /* both heads */
        "truncate -s 8192 outbox/data.mdb",
        "echo spoilt > outbox/data.mdb",
    };
    struct desk *d = desk_open(NULL);

    CHECK(strstr(desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'percent': 10, 'wait': true}"),
                 "\"accepted\""));
    CHECK_INT(0, desk_stop(d, SIGTERM));
    CHECK_INT(0, rig_run(d->rig, "cp -r outbox whole"));
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        CHECK_INT(0, rig_run(d->rig, "%s", damages[i]));
        CHECK_INT(1, rig_run(d->rig, "maat-agent run --config agent.zpl"));
        if (!strstr(d->rig->output, "the outbox in outbox can't be opened: it is damaged: move its "
                                    "folder aside"))
            FAIL_WITH("%s: %s", damages[i], d->rig->output);
        CHECK_INT(0, rig_run(d->rig, "rm -r outbox && cp -r whole outbox"));
    }
    CHECK_INT(0, rig_run(d->rig, "echo > file && mv outbox away"));
    CHECK_INT(4, rig_run(d->rig, "maat-agent run --config agent.zpl --outbox file/outbox"));
    desk_start(d); /* aside, it begins a new one */
    CHECK(strstr(desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'percent': 20, 'wait': true}"),
                 "\"accepted\""));
    desk_close(&d);
}
