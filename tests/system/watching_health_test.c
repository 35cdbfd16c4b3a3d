/* /health says that all is well only if a write would be durable now: with a disk that
   fills, a clock that jumps, and a broker that hangs. */
#include <stdlib.h>
#include <time.h>

#include "tests/machine.h"
#include "tests/raw.h"
#include "tests/scraped.h"
#include "tests/stage.h"
#include "tests/t.h"

#define SOCKET "board/status.sock"
#define PROGRESS "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-02-28', 'percent': 7}"

enum { EIGHT_DAYS = 8 * 24 * 60 * 60 };

static void
await_health(struct rig *r, int status, const char *text)
{
    int64_t patience = (int64_t)time(NULL) + RIG_PATIENCE / 1000;

    while (scraped_get(r, SOCKET, "/health") != status && time(NULL) < patience) {
    }
    if (!strstr(r->output, text))
        FAIL_WITH("health is not \"%s\" but %s", text, r->output);
}

/* As the next submission finds it. */
static void
submits(struct raw *c, int64_t n, const char *answer)
{
    raw_submit(c, n, PROGRESS);
    CHECK_STR(answer, raw_hear(c));
}

TEST(watching_health_ends_with_the_room_on_the_disk_and_comes_back_with_it)
{
    static const char *const more[] = {"--reserve-mib", "1", NULL};
    struct rig *r = rig_open();

    if (!machine_small_disk(r, "board", "16m")) {
        rig_close(r);
        SKIP_WITH(MACHINE_NO_DISK);
    }
    rig_init_board(r);
    rig_start_broker(r, more);
    struct stage s = stage_build(r);
    struct raw *c = raw_open(r, "police.zpl", 'a');
    raw_hello(c);
    CHECK_STR("WELCOME 0", raw_hear(c));
    await_health(r, 200, "well");
    submits(c, 1, "ACK 1");
    (void)rig_run(r, "cat /dev/zero >board/fill");
    await_health(r, 503, "there is no room on the broker's disk");
    rig_until(r, "grep 'event=intake-closed why=disk-full' 0.log"); /* looked at each second */
    submits(c, 2, "RETRY 2");
    CHECK_INT(0, rig_run(r, "rm board/fill"));
    await_health(r, 200, "well");
    submits(c, 2, "ACK 2");
    raw_close(&c);
    stage_leave(&s);
    stage_stop(&s);
    stage_verify(&s);
    CHECK_INT(0, rig_run(r, "umount board"));
    stage_close(&s);
}

TEST(watching_health_ends_where_the_clock_jumps)
{
    struct rig *r = rig_open();

    rig_shift_clock(r, 0);
    rig_init_board(r);
    rig_start_broker(r, NULL);
    struct stage s = stage_build(r);
    await_health(r, 200, "well");
    rig_shift_clock(r, EIGHT_DAYS);
    await_health(r, 503, "clock has jumped");
    CHECK_INT(1, rig_run(r, "maat-broker status board"));
    rig_shift_clock(r, 0);
    await_health(r, 200, "well");
    stage_end(&s);
}

/* Nothing of it runs, so nobody says why: whoever asks is told what to do. */
TEST(watching_status_of_a_broker_that_hangs_ends)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    rig_start_broker(r, NULL);
    rig_signal(r->broker, SIGSTOP);
    CHECK_INT(3, rig_run(r, "maat-broker status board"));
    CHECK(strstr(r->output, "does not answer: if that goes on, restart it"));
    rig_signal(r->broker, SIGCONT);
    rig_until(r, "maat-broker status board");
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    rig_close(r);
}
