/* One agency with two boards: the one spool in front of both, on two real brokers. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/t.h"
#include "tests/two_boards.h"

/* --- the spool ------------------------------------------------------------------------------ */

enum { BETWEEN_TRIES = 2, OF_BOTH = 1 /* n's that know_both takes */ };

#define ROW_OF(plan) "{\"kind\":\"progress\",\"action\":\"" plan "/1\",\"percent\":%d}\n"

/* Written elsewhere and renamed in, as soon as the last one of its name is no more there. */
static void
drop(const struct two_boards *t, const char *name, const char *text)
{
    char to[RIG_PATH];

    rig_write(t->north, "dropped", text);
    (void)snprintf(to, sizeof to, "%s/%s", rig_path(t->north, "spool"), name);
    const char *from = rig_path(t->north, "dropped");
    time_t until = time(NULL) + RIG_PATIENCE / 1000;
    while (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE)) {
        if (errno != EEXIST || time(NULL) > until)
            FAIL_WITH("%s stays in the spool", name);
        (void)poll(NULL, 0, BETWEEN_TRIES);
    }
}

__attribute__((format(printf, 3, 4))) static void
drop_rows(const struct two_boards *t, const char *name, const char *rows, ...)
{
    char text[4096];
    va_list args;

    va_start(args, rows);
    (void)vsnprintf(text, sizeof text, rows, args);
    va_end(args);
    drop(t, name, text);
}

TEST(agent_of_two_boards_splits_what_is_in_the_spool)
{
    struct two_boards t = two_boards_open();

    desk_start(t.desk);
    two_boards_know_both(&t);
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
    two_boards_close(&t);
}

TEST(agent_of_two_boards_has_rows_wait_for_a_board_it_does_not_know)
{
    struct two_boards t = two_boards_open();

    rig_stop_broker(t.south);
    desk_start(t.desk);
    (void)two_boards_say_until(&t, "n/1", TWO_BOARDS_ACCEPTED);
    drop_rows(&t, "a.jsonl", ROW_OF("both") ROW_OF("s"), 41, 41);
    rig_until(t.north, "grep number spool/north/a.jsonl.done");
    CHECK_INT(0, rig_run(t.north, "ls spool/taking/*.1-a.jsonl && ! ls spool/south/*a.jsonl*"));
    drop_rows(&t, "a.jsonl", ROW_OF("s") ROW_OF("both"), 42, 42);
    rig_until(t.north, "grep number spool/north/a.jsonl.done | grep '\"line\":2'");
    CHECK_INT(-SIGKILL, desk_stop(t.desk, SIGKILL));
    two_boards_start_broker(t.south);
    desk_start(t.desk);
    two_boards_settle(&t, 3, 2);
    CHECK(strstr(two_boards_show(t.south, "s/1"), "\"percent\":42,"));
    CHECK_INT(0, rig_run(t.north, "! ls spool/taking/*"));
    two_boards_close(&t);
}

/* --- many ------------------------------------------------------------------------------- */

static int
taken_by_north(const struct two_boards *t)
{
    CHECK_INT(0, rig_run(t->north, "ls spool/north/taken | wc -l"));
    return (int)strtol(t->north->output, NULL, 10);
}

/* One of the agents stands still at first, and the other goes on; then both take them as fast as
   they come. */
TEST(agent_of_two_boards_takes_files_of_one_name_as_they_come)
{
    enum { AT_FIRST = 3, MORE = 20 };
    struct two_boards t = two_boards_open();
    time_t until = time(NULL) + RIG_PATIENCE / 1000;
    int files = 0;

    desk_start(t.desk);
    two_boards_know_both(&t);
    int north = two_boards_agent(&t, "north");
    CHECK_INT(0, kill(north, SIGSTOP));
    while (files < AT_FIRST)
        drop_rows(&t, "export.jsonl", ROW_OF("both"), ++files % 101);
    rig_until(t.north, "test $(ls spool/south/taken | wc -l) = 3");
    CHECK_INT(0, kill(north, SIGCONT));
    while (taken_by_north(&t) < AT_FIRST + MORE && time(NULL) < until)
        drop_rows(&t, "export.jsonl", ROW_OF("both"), ++files % 101);
    CHECK(time(NULL) < until);
    two_boards_settle(&t, OF_BOTH + files, OF_BOTH + files);
    char last[30];
    (void)snprintf(last, sizeof last, "\"percent\":%d,", files % 101);
    CHECK(strstr(two_boards_show(t.north, "both/1"), last));
    CHECK(strstr(two_boards_show(t.south, "both/1"), last));
    CHECK_INT(
        0, rig_run(t.north, "test $(ls spool/taken | wc -l) = %d && ! ls spool/taking/*", files));
    two_boards_close(&t);
}

TEST(agent_of_two_boards_takes_what_waited_for_its_start)
{
    enum { FILES = 3000 };
    struct two_boards t = two_boards_open();

    desk_start(t.desk);
    two_boards_know_both(&t);
    CHECK_INT(0, desk_stop(t.desk, SIGTERM));
    for (int i = 0; i < FILES; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "%04d.jsonl", i);
        drop_rows(&t, name, ROW_OF("both") ROW_OF("n"), i % 101, 1);
    }
    desk_start(t.desk);
    two_boards_settle(&t, OF_BOTH + 2 * FILES, OF_BOTH + FILES);
    two_boards_close(&t);
}

/* --- faults ------------------------------------------------------------------------------ */

/* Its agent can't start: its key may be read by others. */
TEST(agent_of_two_boards_splits_on_while_the_agent_of_one_ends)
{
    struct two_boards t = two_boards_open();

    desk_start(t.desk);
    two_boards_know_both(&t);
    CHECK_INT(0, rig_run(t.north, "chmod 644 police.zpl"));
    CHECK_INT(0, kill(two_boards_agent(&t, "north"), SIGKILL));
    rig_until(t.north, "grep 'board-ended board=north exit' *.log");
    for (int i = 1; i <= 3; i++)
        drop_rows(&t, "export.jsonl", ROW_OF("both") ROW_OF("s"), i, 1);
    rig_until(t.north, "test $(ls spool/south/taken | wc -l) = 3");
    rig_until(t.north, "grep number spool/south/export.jsonl.done");
    CHECK(strstr(two_boards_show(t.south, "both/1"), "\"percent\":3,"));
    CHECK_INT(0, rig_run(t.north, "chmod 600 police.zpl"));
    rig_until(t.north, "test $(ls spool/north/taken | wc -l) = 3");
    two_boards_settle(&t, OF_BOTH + 3, OF_BOTH + 6);
    CHECK(strstr(two_boards_show(t.north, "both/1"), "\"percent\":3,"));
    two_boards_close(&t);
}

/* A board is taken out of the configuration, and comes back. */
TEST(agent_of_two_boards_tells_of_rows_for_a_board_that_is_not_configured)
{
    struct two_boards t = two_boards_open();

    desk_start(t.desk);
    two_boards_know_both(&t);
    CHECK_INT(0, desk_stop(t.desk, SIGTERM));
    rig_write(t.north, "spool/south/1467294000000000-a.jsonl",
              "{\"kind\":\"progress\",\"action\":\"s/1\",\"percent\":77}\n");
    rig_write(t.north, "spool/south/.1467294000000001-b.jsonl.tmp", "of what is split anew");
    rig_write(t.north, "spool/taking/1467294000000001-b.jsonl",
              "{\"kind\":\"progress\",\"action\":\"n/1\",\"percent\":78}\n");
    CHECK_INT(0, rig_run(t.north, "cp agent.zpl both.zpl && sed -i '/^    south/,$d' agent.zpl"));
    desk_start(t.desk);
    rig_until(t.north, "grep 'event=spool-board-left board=south files=1' *.log");
    rig_until(t.north, "grep number spool/north/b.jsonl.done");
    CHECK_INT(0, rig_run(t.north, "! ls spool/south/.*.tmp && ls spool/south/*-a.jsonl"));
    CHECK_INT(0, desk_stop(t.desk, SIGTERM));
    CHECK_INT(0, rig_run(t.north, "cp both.zpl agent.zpl"));
    desk_start(t.desk);
    two_boards_settle(&t, OF_BOTH + 1, OF_BOTH + 1);
    CHECK_INT(0, rig_run(t.north, "grep '\"n\":2' spool/south/a.jsonl.done"));
    two_boards_close(&t);
}

/* Killed when some more of the files are at one of the boards: all of them, or the agent of a
   board. */
TEST(agent_of_two_boards_killed_while_splitting_takes_each_row_once)
{
    enum { FILES = 200, KILLS = 8, EACH = FILES / KILLS };
    struct two_boards t = two_boards_open();
    char taken[100];

    desk_start(t.desk);
    two_boards_know_both(&t);
    for (int i = 0; i < FILES; i++) {
        drop_rows(&t, "export.jsonl", ROW_OF("both") ROW_OF("s"), i % 101, 1);
        if (i % EACH != EACH - 1)
            continue;
        (void)snprintf(taken, sizeof taken, "test $(ls spool/south/taken | wc -l) -ge %d",
                       i - EACH / 2);
        rig_until(t.north, taken);
        switch (i / EACH % 3) {
        case 0: CHECK_INT(0, kill(two_boards_agent(&t, "north"), SIGKILL)); break;
        case 1: CHECK_INT(0, kill(two_boards_agent(&t, "south"), SIGKILL)); break;
        default: CHECK_INT(-SIGKILL, desk_stop(t.desk, SIGKILL)); desk_start(t.desk);
        }
    }
    two_boards_settle(&t, OF_BOTH + FILES, OF_BOTH + 2 * FILES);
    two_boards_close(&t);
}
