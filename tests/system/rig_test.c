/* What system tests rest on: a clock that is set for the programs, and nothing left behind. */
#include <stdlib.h>
#include <time.h>

#include "tests/rig.h"
#include "tests/t.h"

TEST(rig_clock_is_what_programs_go_by)
{
    struct rig *r = rig_open();

    rig_stop_clock(r, "2016-02-29");
    CHECK_INT(0, rig_run(r, "date -u '+%%F %%T'"));
    CHECK_STR("2016-02-29 12:00:00\n", r->output);
    CHECK_INT(0, rig_run(r, "test $(date +%%s) -eq $(perl -e 'print time')"));

    int64_t real = (int64_t)time(NULL);
    rig_shift_clock(r, -100000000);
    CHECK_INT(0, rig_run(r, "date +%%s"));
    int64_t behind = strtoll(r->output, NULL, 10) + 100000000 - real;
    CHECK(behind >= 0 && behind <= RIG_PATIENCE);
    rig_close(r);
}

TEST(rig_clock_that_says_nothing_ends_the_program)
{
    static const char *const wrong[] = {"", "\n", "=", "5", "+", "+x", "=5s", "=5\n6\n"};
    struct rig *r = rig_open();

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        rig_write(r, "clock", wrong[i]);
        CHECK_INT(4, rig_run(r, "date"));
        CHECK(strstr(r->output, "must hold +SECONDS, -SECONDS or =SECONDS"));
    }
    CHECK_INT(4, rig_run(r, "rm clock && exec date"));
    CHECK(strstr(r->output, "/clock: No such file or directory"));
    rig_close(r);
}

/* A test in the middle of its work, whose broker runs, ends by the signal. */
static void
end_a_run(int signal)
{
    struct rig *r = rig_open();
    char where[RIG_PATH * 2 + 8];
    const char *argv[] = {"env", "--default-signal=INT", "-u", "SHARE", where, "system", "maat_",
                          NULL};

    (void)snprintf(where, sizeof where, "TMPDIR=%s", rig_path(r, "left"));
    CHECK_INT(0, rig_run(r, "mkdir left"));
    struct rig_program *run = rig_start(r, argv);
    rig_until(r, "ls left/maat.*/*/board/journal/data.mdb");
    rig_signal(run, signal);
    CHECK_INT(-signal, rig_wait(run));
    rig_until(r, "rmdir left");
    rig_close(r);
}

TEST(rig_of_a_run_that_is_ended_leaves_nothing)
{
    end_a_run(SIGINT);
    end_a_run(SIGTERM);
    end_a_run(SIGKILL);
}
