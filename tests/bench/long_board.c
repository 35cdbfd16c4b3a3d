#include "tests/bench/long_board.h"

#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "schema/days.h"
#include "schema/judge.h"
#include "store/state_lmdb.h"
#include "tests/bench/made_journal.h"
#include "tests/t.h"

enum { PATIENCE = 600000 /* ms */ };

/* Beside the programs' folder. */
static void
find_folder(char path[PATH_MAX])
{
    int len = snprintf(path, PATH_MAX, "%s/../boards", getenv("BIN"));

    CHECK(len > 0 && len < PATH_MAX);
}

/* What it is made of is in the name. */
static void
name_kept(const struct bench_board *b, int64_t entries, char path[PATH_MAX])
{
    char folder[PATH_MAX];
    char today[DAY_TEXT];

    find_folder(folder);
    day_format(b->updates.today, today);
    int len = snprintf(path, PATH_MAX,
                       "%s/%u-actions-%u-plans-%" PRId64 "-entries-%d-clients-%d.%d.%d-%s", folder,
                       b->updates.actions, b->updates.plans, entries, PRODUCERS_MAX, RULES_VERSION,
                       STATE_LAYOUT, STATE_FOLD, today);
    CHECK(len > 0 && len < PATH_MAX);
}

static void
make(struct bench_board *b, int64_t entries)
{
    rig_shift_clock(b->rig, LONG_BOARD_DAYS * INT64_C(-86400));
    bench_board_found(b);
    bench_board_stop(b);
    CHECK_INT(0, unlink(rig_path(b->rig, "clock")));
    made_journal_add(rig_path(b->rig, "board"), &b->updates, entries);
}

/* Whole or not at all; and those of other days make room. */
static void
keep(struct bench_board *b, const char *path)
{
    CHECK_INT(0, rig_run(b->rig,
                         "to='%s' && in=$(dirname \"$to\") && mkdir -p \"$in\""
                         " && find \"$in\" -mindepth 1 -maxdepth 1 ! -name \"*-$(date +%%F)\""
                         " -exec rm -rf {} + && mkdir \"$to.new\""
                         " && cp -a --sparse=always board *.zpl \"$to.new\""
                         " && mv \"$to.new\" \"$to\"",
                         path));
}

void
long_board_open(struct bench_board *b, unsigned actions, unsigned plans, int64_t entries)
{
    char path[PATH_MAX];

    bench_board_begin(b, actions, plans);
    b->rig->patience = PATIENCE; /* for its state, where that is built anew */
    name_kept(b, entries, path);
    if (access(path, F_OK) == 0) {
        CHECK_INT(0, rig_run(b->rig, "cp -a --sparse=always '%s'/. .", path));
        bench_board_load(b);
        return;
    }
    make(b, entries);
    keep(b, path);
}

static uintmax_t blocks; /* that nftw has met */

static int
add_blocks(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)path;
    (void)kind;
    (void)at;
    blocks += (uintmax_t)st->st_blocks;
    return 0;
}

void
long_board_tell_kept(FILE *out)
{
    char folder[PATH_MAX];
    char whole[PATH_MAX];

    find_folder(folder);
    blocks = 0;
    if (!realpath(folder, whole) || nftw(whole, add_blocks, 8, FTW_PHYS))
        return;
    (void)fprintf(out,
                  "\nBoards with long histories are kept for the rest of the day in %s: %.1f GB. "
                  "To remove them: rm -r %s\n",
                  whole, (double)blocks * 512 / 1e9, whole);
}
