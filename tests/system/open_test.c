/* What the broker says of a directory that is not as it should be, and that it says
   so: exit code 4, or 1 where there is no board, the file and what to do; never a signal. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/caller.h"
#include "tests/t.h"
#include "tests/watchman.h"

/* --- a board to spoil ---------------------------------------------------------------- */

static const char *const brokers_file[] = {"journal/data.mdb", "state/data.mdb"};
enum { JOURNAL, STATE };

/* With so many agencies and five entries more; then all is copied to `good`. */
enum { SOME = 300, MANY = 2100 };

static struct rig *
begin(int agencies)
{
    char said[40];
    struct rig *r = rig_open();

    rig_init_board(r);
    rig_start_broker(r, NULL);
    struct caller *operator= caller_open(r, "board/operator.zpl");
    for (int i = 0; i < agencies; i++)
        caller_queue(operator, "{'kind': 'agency', 'id': 'a%d', 'name': 'needle in the hay', "
                               "'sector': 'health', 'seen': 0, 'epoch': 0}",
                     i);
    snprintf(said, sizeof said, "accepted %d", agencies + 5);
    CHECK_STR(said, caller_say(operator, "{'kind': 'agency', 'id': 'last', 'name': 'L', 'sector': "
                                         "'health', 'seen': 0, 'epoch': 0}"));
    caller_close(&operator);
    rig_stop_broker(r);
    CHECK_INT(0, rig_run(r, "cp -r board good"));
    return r;
}

static void
mend(struct rig *r)
{
    CHECK_INT(0, rig_run(r, "rm -rf board && cp -r good board"));
}

static long
size_of(struct rig *r, const char *file)
{
    struct stat st;
    char path[80];

    snprintf(path, sizeof path, "board/%s", file);
    CHECK_INT(0, stat(rig_path(r, path), &st));
    return (long)st.st_size;
}

/* --- what is to be seen ----------------------------------------------------------------- */

/* It ends by itself, and says all of these words. */
static void
check_ends(struct rig *r, int want, const char *file, const char *what)
{
    int code = rig_run(r, "timeout 60 maat-broker run board --listen 'tcp://127.0.0.1:*'");

    if (code != want || !strstr(r->output, file) || !strstr(r->output, what))
        FAIL_WITH("exit %d, \"%s\": want %d, %s and \"%s\"", code, r->output, want, file, what);
}

/* For a person to mend: its supervisor does not start it again. */
static void
check_refuses(struct rig *r, const char *file, const char *what)
{
    check_ends(r, 1, file, what);
}

/* It serves, having said so in its log; then everything is in order. */
static void
check_rebuilds(struct rig *r, const char *reason)
{
    rig_start_broker(r, NULL);
    char log[RIG_PATH];
    snprintf(log, sizeof log, "%s", r->broker->log);
    rig_stop_broker(r);
    CHECK_INT(0, rig_run(r, "cat %s && : > %s", log, log));
    if (!strstr(r->output, "event=state-rebuilt") || !strstr(r->output, reason))
        FAIL_WITH("no \"%s\" in \"%s\"", reason, r->output);
    CHECK_INT(0, rig_run(r, "maat-broker verify board"));
    CHECK(strstr(r->output, "state       equals refold, to entry 305"));
}

/* --- cut off, and something else -------------------------------------------------------- */

TEST(open_a_journal_that_is_cut_off_is_refused)
{
    struct rig *r = begin(SOME);
    const long size = size_of(r, brokers_file[JOURNAL]);
    const long sizes[] = {0, 1, 4095, 4096, 8192, size / 2, size - 4096};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        CHECK_INT(0, rig_run(r, "truncate -s %ld board/journal/data.mdb", sizes[i]));
        check_refuses(r, "board/journal/data.mdb", "restore the journal from a backup");
        CHECK_INT(1, rig_run(r, "maat-broker verify board"));
        mend(r);
    }
    CHECK_INT(0, rig_run(r, "rm -r board/journal"));
    check_refuses(r, "board/journal/data.mdb", "restore the journal from a backup");
    rig_close(r);
}

TEST(open_a_state_that_is_cut_off_is_made_anew)
{
    struct rig *r = begin(SOME);
    const long size = size_of(r, brokers_file[STATE]);
    const long sizes[] = {0, 1, 4096, 8192, size / 2};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        CHECK_INT(0, rig_run(r, "truncate -s %ld board/state/data.mdb", sizes[i]));
        check_rebuilds(r, "board/state/data.mdb");
        mend(r);
    }
    rig_close(r);
}

TEST(open_garbage_is_told_from_a_journal)
{
    struct rig *r = begin(SOME);

    CHECK_INT(0, rig_run(r, "head -c 100000 /dev/urandom > board/journal/data.mdb"));
    check_refuses(r, "board/journal/data.mdb", "restore the journal from a backup");
    mend(r);
    CHECK_INT(0, rig_run(r, "head -c 100000 /dev/urandom > board/state/data.mdb"));
    check_rebuilds(r, "board/state/data.mdb");
    mend(r);
    CHECK_INT(0, rig_run(r, "cp board/state/data.mdb board/journal/data.mdb"));
    check_refuses(r, "board/journal/data.mdb", "is not a journal");
    mend(r);
    CHECK_INT(0, rig_run(r, "cp board/journal/data.mdb board/state/data.mdb"));
    check_rebuilds(r, "lacks a table");
    mend(r);
    CHECK_INT(0, rig_run(r, "head -c 8192 /dev/urandom > board/journal/lock.mdb && head -c 8192 "
                            "/dev/urandom > board/state/lock.mdb"));
    rig_start_broker(r, NULL);
    rig_stop_broker(r);
    CHECK_INT(0, rig_run(r, "head -c 300 /dev/urandom > board/board.zpl"));
    check_refuses(r, "board/board.zpl", "");
    rig_close(r);
}

/* --- swapped ------------------------------------------------------------------------------ */

TEST(open_another_boards_journal_is_refused)
{
    struct rig *r = begin(SOME);

    CHECK_INT(0, rig_run(r, "maat-broker init other --board Hillside && "
                            "maat-broker init same --board 'Riverside Safeguarding Board'"));
    CHECK_INT(0, rig_run(r, "cp other/journal/data.mdb board/journal/data.mdb"));
    check_refuses(r, "board/journal/data.mdb", "is the journal of board hillside");
    mend(r);
    CHECK_INT(0, rig_run(r, "cp same/journal/data.mdb board/journal/data.mdb"));
    check_refuses(r, "board/journal/data.mdb", "with another key");
    rig_close(r);
}

TEST(open_another_boards_state_is_left_to_a_person)
{
    struct rig *r = begin(SOME);

    CHECK_INT(0, rig_run(r, "maat-broker init other --board Hillside && mv board aside && mv other "
                            "board"));
    rig_start_broker(r, NULL);
    rig_stop_broker(r);
    CHECK_INT(0, rig_run(r, "mv board other && mv aside board && cp other/state/data.mdb "
                            "board/state/data.mdb"));
    check_refuses(r, "board/state", "of the board hillside");
    rig_close(r);
}

/* A state of the same name, folded from something else; and one of an older copy. */
TEST(open_a_state_of_another_journal_is_made_anew)
{
    struct rig *r = begin(SOME);

    CHECK_INT(0, rig_run(r, "mv board aside && maat-broker init board --board 'Riverside "
                            "Safeguarding Board'"));
    rig_start_broker(r, NULL);
    rig_stop_broker(r);
    CHECK_INT(0, rig_run(r, "cp board/state/data.mdb aside/state/data.mdb && rm -r board && mv "
                            "aside board"));
    check_rebuilds(r, "is of another journal");
    rig_close(r);
}

/* --- missing, and held ------------------------------------------------------------------- */

TEST(open_without_a_state_folds_it_anew)
{
    struct rig *r = begin(MANY);
    struct watchman supervisor;
    char *told[] = {supervisor.environment, NULL};
    char log[RIG_PATH];

    CHECK_INT(0, rig_run(r, "rm -r board/state"));
    CHECK_INT(0, rig_run(r, "maat-broker verify board"));
    CHECK(strstr(r->output, "not there: it is built at the next start"));
    watchman_open(&supervisor, rig_path(r, "notify"));
    r->settings = told;
    rig_start_broker(r, NULL);
    watchman_await(&supervisor, "EXTEND_TIMEOUT_USEC=120000000 STATUS=the state catches up: entry");
    CHECK(!strstr(supervisor.heard, "READY"));
    watchman_await(&supervisor, "READY=1\n");
    watchman_close(&supervisor);
    snprintf(log, sizeof log, "%s", r->broker->log);
    rig_stop_broker(r);
    CHECK_INT(0, rig_run(r, "cat %s", log));
    CHECK(strstr(r->output, "event=state-catches-up"));
    CHECK_INT(0, rig_run(r, "maat-broker verify board"));
    CHECK(strstr(r->output, "state       equals refold, to entry 2105"));
    CHECK_INT(0, rig_run(r, "rm -r board/journal board/state board/*.zpl"));
    check_ends(r, 1, "board/board.zpl", "maat-broker init");
    rig_close(r);
}

TEST(open_a_directory_is_one_programs_alone)
{
    struct rig *r = begin(SOME);
    char holder[40];

    rig_start_broker(r, NULL);
    snprintf(holder, sizeof holder, "held by process %d", (int)r->broker->id);
    check_ends(r, 4, "board/lock", holder); /* which may be about to end */
    CHECK_INT(4, rig_run(r, "maat-broker verify board"));
    CHECK(strstr(r->output, holder));
    rig_signal(r->broker, SIGKILL);
    CHECK_INT(-SIGKILL, rig_wait(r->broker));
    CHECK_INT(0, rig_run(r, "maat-broker verify board"));
    rig_close(r);
}

/* --- damage ---------------------------------------------------------------------------------- */

static void
flip(struct rig *r, long at)
{
    char path[] = "board/journal/data.mdb";
    FILE *f = fopen(rig_path(r, path), "r+");

    CHECK(f != NULL);
    CHECK_INT(0, fseek(f, at, SEEK_SET));
    int byte = fgetc(f);
    CHECK_INT(0, fseek(f, at, SEEK_SET));
    CHECK(fputc(byte ^ 0x20, f) != EOF);
    CHECK_INT(0, fclose(f));
}

/* Where the text is: every copy of it, also those on pages that are free. */
static void
flip_each(struct rig *r, const char *text)
{
    FILE *f = fopen(rig_path(r, "board/journal/data.mdb"), "r");
    const size_t size = (size_t)size_of(r, brokers_file[JOURNAL]);
    char *all = malloc(size);

    CHECK(f && all);
    CHECK_INT(size, fread(all, 1, size, f));
    fclose(f);
    for (char *at = all; (at = memmem(at, size - (size_t)(at - all), text, strlen(text))); at++)
        flip(r, at - all);
    free(all);
}

TEST(open_a_bit_that_turned_is_found_by_verify)
{
    struct rig *r = begin(SOME);

    CHECK_INT(0, rig_run(r, "maat-broker verify board"));
    flip_each(r, "needle in the hay");
    CHECK_INT(1, rig_run(r, "maat-broker verify board"));
    CHECK(strstr(r->output, "entry ") && strstr(r->output, "restore from a backup"));
    rig_close(r);
}

/* Anywhere, also in what LMDB goes by: a clear answer, never a signal. */
TEST(open_any_byte_that_turned_is_no_crash)
{
    struct rig *r = begin(SOME);
    const uint64_t size = (uint64_t)size_of(r, brokers_file[JOURNAL]);
    int found = 0;

    for (int i = 0; i < 40; i++) {
        long at = (long)(2 * 4096 + random_below(size - 2 * 4096));
        /* half of them in a page's head or its list of rows */
        flip(r, i % 2 ? at : at / 4096 * 4096 + (long)random_below(32));
        int code = rig_run(r, "timeout 60 maat-broker verify board");
        if (code != 0 && code != 1 && code != 4)
            FAIL_WITH("byte %ld: exit %d, %s", at, code, r->output);
        found += code != 0;
        mend(r);
    }
    CHECK(found > 0);
    rig_close(r);
}
