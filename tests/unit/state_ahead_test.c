/* A state's many rows are written in several transactions: wherever that is stopped, all of
   them are there, or none. What stops it is how little room the file has, a little more each
   time.                                                                               */
#include <lmdb.h>

#include "store/state_lmdb.h"
#include "tests/rows.h"
#include "tests/scratch.h"
#include "tests/t.h"

enum {
    ROWS = 9000,
    TITLE = 100,
    GONE_EVERY = 7,
    MAP = 64 << 20,
    MAP_LEAST = 512 << 10,
    MAP_STEP = 256 << 10
};

struct kept {
    struct scratch dir;
    struct state *s;
    struct state_mark mark;
};

static void
open_anew(struct kept *k, size_t map)
{
    struct why why;

    state_lmdb_close(&k->s);
    CHECK_INT(0,
              state_lmdb_open(&k->s, scratch_file(&k->dir, "state"), "board", map, &k->mark, &why));
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

/* A file with all of them by entry 1, if it has room for that. */
static bool
begin(struct kept *k, size_t map)
{
    const struct state_mark mark = {.applied = 1};

    state_lmdb_close(&k->s);
    CHECK_INT(0, state_lmdb_remove(scratch_file(&k->dir, "state")));
    open_anew(k, map);
    put_all(k, 1);
    return state_lmdb_commit(k->s, &mark) == 0;
}

/* By entry 2: did it stop? What is frozen is read either way. */
static bool
stops_writing(struct kept *k)
{
    const struct state_mark mark = {.applied = 2};

    put_all(k, 2);
    state_lmdb_freeze(k->s);
    int rc = state_lmdb_write(k->s, &mark);
    CHECK(rc == 0 || rc == MDB_MAP_FULL);
    check_all(k, 2);
    if (rc == 0)
        CHECK_INT(0, state_lmdb_written(k->s));
    return rc != 0;
}

TEST(state_ahead_is_all_or_nothing_at_the_next_start)
{
    int stopped[3] = {0}; /* by what was found then */
    struct kept k = {.s = NULL};
    bool stops = true;

    scratch_make(&k.dir);
    for (size_t map = MAP_LEAST; stops; map += MAP_STEP) {
        if (!begin(&k, map))
            continue;
        stops = stops_writing(&k);
        open_anew(&k, MAP);
        CHECK(k.mark.applied == 2 || (stops && k.mark.applied == 1));
        check_all(&k, k.mark.applied);
        stopped[k.mark.applied] += stops;
        k.mark.applied = 3;
        put_all(&k, 3);
        CHECK_INT(0, state_lmdb_commit(k.s, &k.mark));
        check_all(&k, 3);
    }
    CHECK(stopped[1] > 0);
    CHECK(stopped[2] > 0);
    state_lmdb_close(&k.s);
    scratch_remove(&k.dir);
}

/* As far as it can go back where there is so little room: then it says how far. */
TEST(state_ahead_is_all_or_nothing_when_going_back)
{
    int stopped[3] = {0};
    struct kept k = {.s = NULL};
    bool stops = true;

    scratch_make(&k.dir);
    for (size_t map = MAP_LEAST; stops; map += MAP_STEP) {
        int64_t applied = 0;
        if (!begin(&k, map))
            continue;
        stops = stops_writing(&k);
        put_all(&k, 3);
        if (state_lmdb_rollback(k.s, &applied))
            continue;
        CHECK(applied == 2 || (stops && applied == 1));
        check_all(&k, applied);
        stopped[applied] += stops;
    }
    CHECK(stopped[1] > 0);
    CHECK(stopped[2] > 0);
    state_lmdb_close(&k.s);
    scratch_remove(&k.dir);
}
