/* The state's file: what a commit keeps and a rollback forgets, and what is said of
   a file that is not as it should be.                                         */
#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/codec.h"
#include "store/state_lmdb.h"
#include "tests/rows.h"
#include "tests/scratch.h"
#include "tests/t.h"

enum { MAP = 64 * 1024 * 1024, SMALL_MAP = 256 * 1024, PAGE = 4096 };

struct kept {
    struct scratch dir;
    char path[300], file[320];
    struct state *s;
    struct state_mark mark;
    struct why why;
};

static int
reopen(struct kept *k, const char *board, size_t map)
{
    state_lmdb_close(&k->s);
    memset(&k->why, 0, sizeof k->why);
    return state_lmdb_open(&k->s, k->path, board, map, &k->mark, &k->why);
}

static void
begin(struct kept *k)
{
    *k = (struct kept){.s = NULL};
    scratch_make(&k->dir);
    (void)snprintf(k->path, sizeof k->path, "%s/state", k->dir.path);
    (void)snprintf(k->file, sizeof k->file, "%s/data.mdb", k->path);
    CHECK_INT(0, reopen(k, "board", MAP));
}

static void
end(struct kept *k)
{
    state_lmdb_close(&k->s);
    scratch_remove(&k->dir);
}

static void
commit(struct kept *k, int64_t applied)
{
    struct state_mark mark = {.applied = applied};

    memset(&mark.root, (int)applied, sizeof mark.root);
    CHECK_INT(0, state_lmdb_commit(k->s, &mark));
}

static void
put_plan(struct kept *k, const char *id, int64_t changed)
{
    struct plan_row row = {.id = text_of(id), .changed = changed};
    rows_put(k->s, TABLE_PLANS, state_key_of(row.id), &row);
}

static void
put_part(struct kept *k, const char *agency, int64_t changed)
{
    struct part row = {.action = text_of("p/1"), .agency = text_of(agency), .changed = changed};
    rows_put(k->s, TABLE_PARTS, state_key_pair(row.action, row.agency), &row);
}

/* By which entry a row was changed; -1: it is not there. */
static int64_t
plan_changed(struct kept *k, const char *id)
{
    struct arena *arena = arena_new();
    struct plan_row row;
    int rc = state_get_plan(k->s, arena, text_of(id), &row);

    CHECK(rc >= 0);
    arena_destroy(&arena);
    return rc ? row.changed : -1;
}

static int64_t
part_changed(struct kept *k, const char *agency)
{
    struct arena *arena = arena_new();
    struct part row;
    int rc = state_get_part(k->s, arena, text_of("p/1"), text_of(agency), &row);

    CHECK(rc >= 0);
    arena_destroy(&arena);
    return rc ? row.changed : -1;
}

/* --- commits ---------------------------------------------------------------------- */

TEST(state_file_keeps_what_was_committed)
{
    struct kept k;

    begin(&k);
    CHECK_INT(0, k.mark.applied);
    put_plan(&k, "p", 1);
    put_part(&k, "police", 1);
    commit(&k, 7);
    put_plan(&k, "p", 8);
    put_plan(&k, "q", 8);
    put_part(&k, "police", 8);
    put_part(&k, "health", 8);
    CHECK_INT(0, reopen(&k, "board", MAP));
    CHECK_INT(7, k.mark.applied);
    CHECK_INT(7, k.mark.root.bytes[31]);
    CHECK_INT(1, plan_changed(&k, "p"));
    CHECK_INT(-1, plan_changed(&k, "q"));
    CHECK_INT(1, part_changed(&k, "police"));
    CHECK_INT(-1, part_changed(&k, "health"));
    end(&k);
}

TEST(state_file_rolls_back_to_the_last_commit)
{
    struct state_key key = state_key_pair(text_of("p/1"), text_of("police"));
    struct kept k;

    begin(&k);
    put_plan(&k, "p", 1);
    put_part(&k, "police", 1);
    commit(&k, 1);
    put_plan(&k, "p", 2);
    put_plan(&k, "q", 2);
    put_part(&k, "health", 2);
    CHECK_INT(1, state_remove(k.s, TABLE_PARTS, &key));
    state_lmdb_rollback(k.s);
    CHECK_INT(1, plan_changed(&k, "p"));
    CHECK_INT(-1, plan_changed(&k, "q"));
    CHECK_INT(1, part_changed(&k, "police"));
    CHECK_INT(-1, part_changed(&k, "health"));
    put_plan(&k, "q", 3);
    commit(&k, 3);
    CHECK_INT(0, reopen(&k, "board", MAP));
    put_plan(&k, "p", 4);
    state_lmdb_rollback(k.s); /* also the first thing that happens */
    CHECK_INT(3, plan_changed(&k, "q"));
    CHECK_INT(1, plan_changed(&k, "p"));
    end(&k);
}

/* Also to whoever reads on with the same arena. */
TEST(state_file_does_not_remember_what_was_rolled_back)
{
    const struct state_key key = state_key_of(text_of("p"));
    struct arena *arena = arena_new();
    struct plan_row row;
    struct kept k;

    begin(&k);
    put_plan(&k, "p", 1);
    commit(&k, 1);
    put_plan(&k, "p", 2);
    CHECK_INT(1, state_get(k.s, arena, TABLE_PLANS, &key, &row));
    CHECK_INT(2, row.changed);
    state_lmdb_rollback(k.s);
    CHECK_INT(1, state_get(k.s, arena, TABLE_PLANS, &key, &row));
    CHECK_INT(1, row.changed);
    arena_destroy(&arena);
    end(&k);
}

/* Rows that every entry changes cost nothing until the commit. */
TEST(state_file_writes_hot_rows_at_the_commit)
{
    struct kept k;
    struct stat before;
    struct stat after;

    begin(&k);
    put_plan(&k, "p", 1);
    commit(&k, 1);
    CHECK_INT(1, plan_changed(&k, "p"));
    CHECK_INT(1, plan_changed(&k, "p"));
    CHECK_INT(0, stat(k.file, &before));
    for (int64_t i = 2; i < 20000; i++)
        put_plan(&k, "p", i);
    commit(&k, 20000);
    CHECK_INT(0, stat(k.file, &after));
    CHECK_INT(19999, plan_changed(&k, "p"));
    CHECK(after.st_size <= before.st_size + 16 * PAGE);
    end(&k);
}

TEST(state_file_is_walked_on_where_it_was_written_meanwhile)
{
    static const char *const plans[] = {"a", "c", "e", "g"};
    const struct state_key all = {.len = 0};
    struct arena *arena = arena_new();
    struct plan_row row;
    struct state_walk walk;
    struct kept k;

    begin(&k);
    for (size_t i = 0; i < 4; i++)
        put_plan(&k, plans[i], 1);
    commit(&k, 1);
    state_walk_begin(&walk, TABLE_PLANS, &all);
    CHECK_INT(1, state_walk_next(k.s, arena, &walk, &row));
    CHECK_INT(1, state_walk_next(k.s, arena, &walk, &row));
    CHECK(text_is(row.id, "c"));
    put_plan(&k, "b", 2);
    put_plan(&k, "d", 2);
    commit(&k, 2);
    CHECK_INT(1, state_walk_next(k.s, arena, &walk, &row));
    CHECK(text_is(row.id, "d"));
    CHECK_INT(1, state_remove(k.s, TABLE_PLANS, &(struct state_key){.at = "e", .len = 1}));
    commit(&k, 3);
    CHECK_INT(1, state_walk_next(k.s, arena, &walk, &row));
    CHECK(text_is(row.id, "g"));
    CHECK_INT(0, state_walk_next(k.s, arena, &walk, &row));
    CHECK_INT(0, state_walk_next(k.s, arena, &walk, &row));
    arena_destroy(&arena);
    end(&k);
}

/* More rows than the file has room for. */
static void
put_too_many(struct kept *k)
{
    char id[16];

    for (int i = 0; i < 8000; i++) {
        (void)snprintf(id, sizeof id, "q%d", i);
        put_plan(k, id, 2);
    }
}

TEST(state_file_that_is_full_keeps_the_last_commit)
{
    const struct state_mark mark = {.applied = 2};
    struct kept k;

    begin(&k);
    put_plan(&k, "p", 1);
    commit(&k, 1);
    CHECK_INT(0, reopen(&k, "board", SMALL_MAP));
    put_too_many(&k);
    CHECK_INT(MDB_MAP_FULL, state_lmdb_commit(k.s, &mark));
    CHECK_INT(-1, plan_changed(&k, "q1"));
    CHECK_INT(1, plan_changed(&k, "p"));
    CHECK_INT(0, reopen(&k, "board", MAP));
    CHECK_INT(1, k.mark.applied);
    CHECK_INT(1, plan_changed(&k, "p"));
    end(&k);
}

/* --- freezing ------------------------------------------------------------------------- */

TEST(state_file_gets_what_was_frozen_and_nothing_since)
{
    const struct state_mark mark = {.applied = 2};
    struct kept k;

    begin(&k);
    put_plan(&k, "p", 1);
    put_plan(&k, "q", 1);
    commit(&k, 1);
    put_plan(&k, "p", 2);
    state_lmdb_freeze(k.s);
    CHECK_INT(2, plan_changed(&k, "p"));
    put_plan(&k, "p", 3);
    put_plan(&k, "r", 3);
    CHECK_INT(0, state_lmdb_write(k.s, &mark));
    CHECK_INT(3, plan_changed(&k, "p"));
    CHECK_INT(0, state_lmdb_written(k.s));
    CHECK_INT(3, plan_changed(&k, "p"));
    CHECK_INT(3, plan_changed(&k, "r"));
    CHECK_INT(0, reopen(&k, "board", MAP));
    CHECK_INT(2, k.mark.applied);
    CHECK_INT(2, plan_changed(&k, "p"));
    CHECK_INT(1, plan_changed(&k, "q"));
    CHECK_INT(-1, plan_changed(&k, "r"));
    end(&k);
}

/* What is frozen, over the file, under what was put since. */
TEST(state_file_rolls_back_over_what_is_frozen)
{
    struct state_key key = state_key_of(text_of("q"));
    struct kept k;

    begin(&k);
    put_plan(&k, "p", 1);
    put_plan(&k, "q", 1);
    commit(&k, 1);
    put_plan(&k, "p", 2);
    CHECK_INT(1, state_remove(k.s, TABLE_PLANS, &key));
    state_lmdb_freeze(k.s);
    CHECK_INT(-1, plan_changed(&k, "q"));
    put_plan(&k, "q", 3);
    CHECK_INT(3, plan_changed(&k, "q"));
    state_lmdb_rollback(k.s);
    CHECK_INT(1, plan_changed(&k, "p"));
    CHECK_INT(1, plan_changed(&k, "q"));
    put_plan(&k, "q", 4);
    commit(&k, 4);
    CHECK_INT(4, plan_changed(&k, "q"));
    end(&k);
}

/* Where there is no room nothing of it is in the file, and nothing is lost. */
TEST(state_file_that_was_full_keeps_what_is_frozen)
{
    const struct state_mark mark = {.applied = 2};
    struct kept k;

    begin(&k);
    CHECK_INT(0, reopen(&k, "board", SMALL_MAP));
    put_too_many(&k);
    state_lmdb_freeze(k.s);
    CHECK_INT(MDB_MAP_FULL, state_lmdb_write(k.s, &mark));
    CHECK_INT(2, plan_changed(&k, "q1"));
    CHECK_INT(MDB_MAP_FULL, state_lmdb_write(k.s, &mark));
    CHECK_INT(2, plan_changed(&k, "q7999"));
    CHECK_INT(0, reopen(&k, "board", MAP));
    CHECK_INT(0, k.mark.applied);
    CHECK_INT(-1, plan_changed(&k, "q1"));
    end(&k);
}

/* --- files that are not as they should be -------------------------------------------- */

/* A state of many pages, closed. */
static void
begin_large(struct kept *k)
{
    char name[16];

    begin(k);
    for (int i = 0; i < 6000; i++) {
        snprintf(name, sizeof name, "a%d", i);
        put_part(k, name, i);
        put_plan(k, name, i);
    }
    commit(k, 1);
    state_lmdb_close(&k->s);
}

static void
check_unfit(struct kept *k, const char *text)
{
    CHECK_INT(STATE_UNFIT, reopen(k, "board", MAP));
    CHECK(!k->s);
    if (!strstr(k->why.text, k->path) || !strstr(k->why.text, text))
        FAIL_WITH("\"%s\" does not say \"%s\" of %s", k->why.text, text, k->path);
    CHECK_INT(0, state_lmdb_remove(k->path));
    CHECK_INT(0, reopen(k, "board", MAP));
    CHECK_INT(0, k->mark.applied);
    CHECK_INT(-1, plan_changed(k, "a1"));
}

static void
write_at(const struct kept *k, off_t at, const void *bytes, size_t len)
{
    int fd = open(k->file, O_RDWR);

    CHECK(fd >= 0);
    CHECK_INT(len, pwrite(fd, bytes, len, at));
    CHECK_INT(0, close(fd));
}

TEST(state_file_that_is_cut_off_is_unfit)
{
    static const char *const texts[] = {"is empty", "", "", "is cut off", "is cut off"};
    static const off_t sizes[] = {0, 1, PAGE, 2 * PAGE, 100 * PAGE};

    for (int i = 0; i < 5; i++) {
        struct kept k;
        begin_large(&k);
        CHECK_INT(0, truncate(k.file, sizes[i]));
        check_unfit(&k, texts[i]);
        end(&k);
    }
}

TEST(state_file_of_something_else_is_unfit)
{
    struct kept k;
    char noise[3 * PAGE];

    begin_large(&k);
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (char)random_u64();
    CHECK_INT(0, truncate(k.file, 0));
    write_at(&k, 0, noise, sizeof noise);
    check_unfit(&k, "");
    end(&k);
}

/* Whatever page is spoiled: it is found, or it was of no use; never a signal. */
TEST(state_file_with_spoiled_pages_is_never_a_crash)
{
    static const uint8_t noise[PAGE] = {0xff, 0xff, 0xff};
    int found = 0;

    for (int i = 0; i < 12; i++) {
        struct kept k;
        struct stat st;
        begin_large(&k);
        CHECK_INT(0, stat(k.file, &st));
        off_t page = 2 + (off_t)random_below((uint64_t)(st.st_size / PAGE - 2));
        write_at(&k, page * PAGE, noise, sizeof noise);
        int rc = reopen(&k, "board", MAP);
        CHECK(rc == 0 || rc == STATE_UNFIT);
        found += rc == STATE_UNFIT;
        end(&k);
    }
    CHECK(found > 0);
}

/* --- by its own tables ------------------------------------------------------------------ */

/* Replaces a row behind the state's back; with `value` NULL drops the table. */
static void
put_raw(struct kept *k, const char *table, const char *key, const void *value, size_t len)
{
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi;
    char name[64];
    uint8_t bytes[512];
    MDB_val at = {strlen(key), name};
    MDB_val v = {len, bytes};

    snprintf(name, sizeof name, "%s", key);
    CHECK_INT(0, mdb_env_create(&env));
    CHECK_INT(0, mdb_env_set_maxdbs(env, STATE_TABLE_COUNT + 1));
    CHECK_INT(0, mdb_env_set_mapsize(env, MAP));
    CHECK_INT(0, mdb_env_open(env, k->path, 0, 0600));
    CHECK_INT(0, mdb_txn_begin(env, NULL, 0, &txn));
    CHECK_INT(0, mdb_dbi_open(txn, table, 0, &dbi));
    if (value) {
        memcpy(bytes, value, len);
        CHECK_INT(0, mdb_put(txn, dbi, &at, &v, 0));
    } else {
        CHECK_INT(0, mdb_drop(txn, dbi, 1));
    }
    CHECK_INT(0, mdb_txn_commit(txn));
    mdb_env_close(env);
}

/* The row that says what the state is, as it is on disk: store/LAYOUT.md. */
static size_t
said_of_it(struct kept *k, uint8_t out[512])
{
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi;
    char name[] = "state";
    MDB_val at = {5, name};
    MDB_val v;

    CHECK_INT(0, mdb_env_create(&env));
    CHECK_INT(0, mdb_env_set_maxdbs(env, STATE_TABLE_COUNT + 1));
    CHECK_INT(0, mdb_env_set_mapsize(env, MAP));
    CHECK_INT(0, mdb_env_open(env, k->path, MDB_RDONLY, 0600));
    CHECK_INT(0, mdb_txn_begin(env, NULL, MDB_RDONLY, &txn));
    CHECK_INT(0, mdb_dbi_open(txn, "meta", 0, &dbi));
    CHECK_INT(0, mdb_get(txn, dbi, &at, &v));
    CHECK(v.mv_size <= 512);
    memcpy(out, v.mv_data, v.mv_size);
    size_t len = v.mv_size;
    mdb_txn_abort(txn);
    mdb_env_close(env);
    return len;
}

/* `name` is a field of one byte's value there. */
static void
change_said(struct kept *k, const char *name, uint8_t to)
{
    uint8_t said[512];
    size_t len = said_of_it(k, said);
    uint8_t *at = memmem(said, len, name, strlen(name));

    CHECK(at != NULL);
    CHECK(at[strlen(name)] != to);
    at[strlen(name)] = to;
    put_raw(k, "meta", "state", said, len);
}

TEST(state_file_of_another_layout_or_fold_is_unfit)
{
    struct kept k;

    begin_large(&k);
    change_said(&k, "layout", STATE_LAYOUT + 1);
    check_unfit(&k, "another version");
    end(&k);
    begin_large(&k);
    change_said(&k, "fold", STATE_FOLD + 1);
    check_unfit(&k, "another version");
    end(&k);
}

TEST(state_file_that_does_not_say_what_it_is_is_unfit)
{
    struct kept k;

    begin_large(&k);
    put_raw(&k, "meta", "state", "x", 1);
    check_unfit(&k, "does not say what it is");
    end(&k);
    begin_large(&k);
    put_raw(&k, "by-due", "", NULL, 0);
    check_unfit(&k, "lacks a table");
    end(&k);
}

TEST(state_file_with_a_row_that_is_none_is_unfit)
{
    struct kept k;

    begin_large(&k);
    put_raw(&k, "plans", "a7", "x", 1);
    check_unfit(&k, "is damaged");
    end(&k);
    begin_large(&k);
    put_raw(&k, "ahead", "\003a7", "\001x", 2); /* of plans */
    check_unfit(&k, "is damaged");
    end(&k);
}

TEST(state_file_of_another_board_is_left_to_a_person)
{
    struct kept k;

    begin_large(&k);
    CHECK_INT(STATE_FOREIGN, reopen(&k, "other", MAP));
    CHECK(!k.s);
    CHECK(strstr(k.why.text, k.path) && strstr(k.why.text, "the board board, not of other"));
    CHECK_INT(0, reopen(&k, "board", MAP));
    CHECK_INT(5, plan_changed(&k, "a5"));
    end(&k);
}

TEST(state_file_can_be_removed_and_need_not_be_there)
{
    struct kept k;

    begin_large(&k);
    CHECK_INT(0, state_lmdb_remove(k.path));
    CHECK_INT(0, state_lmdb_remove(k.path));
    CHECK_INT(-1, access(k.file, F_OK));
    end(&k);
}
