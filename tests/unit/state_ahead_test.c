/* A state's many rows are written in several transactions: wherever that is stopped, all of
   them are there, or none. What stops it is how large the file may be, a little more each
   time.                                                                               */
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "store/state_lmdb.h"
#include "tests/rows.h"
#include "tests/scratch.h"
#include "tests/t.h"

enum { ROWS = 9000, TITLE = 100, GONE_EVERY = 7, MAP = 64 << 20, STEP = 256 << 10 };

struct kept {
    struct scratch dir;
    struct state *s;
    struct state_mark mark;
};

static void
open_anew(struct kept *k)
{
    struct why why;

    state_lmdb_close(&k->s);
    CHECK_INT(0,
              state_lmdb_open(&k->s, scratch_file(&k->dir, "state"), "board", MAP, &k->mark, &why));
}

/* No file grows beyond that. */
static void
limit_files(rlim_t bytes)
{
    struct rlimit limit;

    CHECK(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    CHECK_INT(0, getrlimit(RLIMIT_FSIZE, &limit));
    limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
    CHECK_INT(0, setrlimit(RLIMIT_FSIZE, &limit));
}

static struct state_key
key_of(int row)
{
    char id[16];

    (void)snprintf(id, sizeof id, "p%d", row);
    return state_key_of(text_of(id));
}

static bool
is_there(int row, int64_t entry)
{
    return entry == 1 || row % GONE_EVERY;
}

/* Each by this entry, but for some that any after the first takes away. */
static void
put_all(struct kept *k, int64_t entry)
{
    char title[TITLE + 1] = "";

    memset(title, 'a', TITLE);
    for (int i = 0; i < ROWS; i++) {
        struct state_key key = key_of(i);
        struct plan_row row = {
            .id = {(const char *)key.at, key.len}, .title = text_of(title), .changed = entry};
        if (is_there(i, entry))
            rows_put(k->s, TABLE_PLANS, key, &row);
        else
            CHECK(state_remove(k->s, TABLE_PLANS, &key) >= 0);
    }
}

static void
check_all(struct kept *k, int64_t entry)
{
    struct arena *arena = arena_new();
    struct plan_row row;

    for (int i = 0; i < ROWS; i++) {
        struct state_key key = key_of(i);
        arena_reset(arena);
        CHECK_INT(is_there(i, entry), state_get(k->s, arena, TABLE_PLANS, &key, &row));
        if (is_there(i, entry))
            CHECK_INT(entry, row.changed);
    }
    arena_destroy(&arena);
}

static void
commit_all(struct kept *k, int64_t entry)
{
    const struct state_mark mark = {.applied = entry};

    put_all(k, entry);
    CHECK_INT(0, state_lmdb_commit(k->s, &mark));
    check_all(k, entry);
}

/* A file with all of them by entry 1, and how large it is. */
static rlim_t
begin(struct kept *k)
{
    struct stat st;

    state_lmdb_close(&k->s);
    CHECK_INT(0, state_lmdb_remove(scratch_file(&k->dir, "state")));
    open_anew(k);
    commit_all(k, 1);
    CHECK_INT(0, stat(scratch_file(&k->dir, "state/data.mdb"), &st));
    return (rlim_t)st.st_size;
}

/* By entry 2, in two attempts: are they stopped by the limit? What is frozen is read either
   way. */
static bool
write_stops(struct kept *k, rlim_t limit)
{
    const struct state_mark mark = {.applied = 2};

    put_all(k, 2);
    state_lmdb_freeze(k->s);
    limit_files(limit);
    int rc = state_lmdb_write(k->s, &mark);
    if (rc)
        rc = state_lmdb_write(k->s, &mark);
    limit_files(RLIM_INFINITY);
    CHECK(rc == 0 || rc == -EFBIG || rc == -EIO);
    check_all(k, 2);
    return rc != 0;
}

/* Stopped at one place after the other, until it is not: what then? */
static void
stop_everywhere(void (*then)(struct kept *k))
{
    struct kept k = {.s = NULL};
    rlim_t more = 0;

    scratch_make(&k.dir);
    for (rlim_t size = begin(&k); write_stops(&k, size + more); size = begin(&k)) {
        then(&k);
        more += STEP;
    }
    CHECK(more > STEP);
    state_lmdb_close(&k.s);
    scratch_remove(&k.dir);
}

static int found[3]; /* by entry */

static void
start_anew(struct kept *k)
{
    open_anew(k);
    CHECK(k->mark.applied == 1 || k->mark.applied == 2);
    check_all(k, k->mark.applied);
    found[k->mark.applied]++;
    commit_all(k, 3);
}

TEST(state_ahead_is_all_or_nothing_at_the_next_start)
{
    memset(found, 0, sizeof found);
    stop_everywhere(start_anew);
    CHECK(found[1] > 0);
    CHECK(found[2] > 0);
}

static void
try_again(struct kept *k)
{
    const struct state_mark mark = {.applied = 2};

    put_all(k, 3);
    CHECK_INT(0, state_lmdb_write(k->s, &mark));
    CHECK_INT(0, state_lmdb_written(k->s));
    check_all(k, 3);
    open_anew(k);
    CHECK_INT(2, k->mark.applied);
    check_all(k, 2);
}

TEST(state_ahead_is_written_when_it_is_tried_again)
{
    stop_everywhere(try_again);
}

/* To what was written last, and on from there. */
static void
go_back(struct kept *k)
{
    put_all(k, 3);
    state_lmdb_rollback(k->s);
    check_all(k, 1);
    commit_all(k, 4);
    open_anew(k);
    CHECK_INT(4, k->mark.applied);
    check_all(k, 4);
}

TEST(state_ahead_is_written_over_when_it_was_rolled_back)
{
    stop_everywhere(go_back);
}
