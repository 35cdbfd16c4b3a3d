/* Making a state, and all that is asked of one before it is believed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/codec.h"
#include "schema/shape.h"
#include "store/environment.h"
#include "store/probe.h"
#include "store/state_lmdb_inside.h"

/* Committed, for tables opened in a transaction that is rolled back are closed by it. */
static int
open_tables(struct lmdb_state *l, const struct state_mark *first)
{
    unsigned flags = first ? MDB_CREATE : 0;
    MDB_txn *txn;
    int rc = mdb_txn_begin(l->env, NULL, 0, &txn);

    if (rc)
        return rc;
    rc = mdb_dbi_open(txn, "meta", flags, &l->meta);
    if (!rc)
        rc = mdb_dbi_open(txn, "ahead", flags, &l->ahead);
    for (int t = 0; t < STATE_TABLE_COUNT && !rc; t++)
        rc = mdb_dbi_open(txn, state_tables[t].name, flags, &l->tables[t]);
    if (!rc && first)
        rc = lmdb_state_put_meta(l, txn, first);
    if (!rc)
        rc = mdb_txn_commit(txn);
    else
        mdb_txn_abort(txn);
    return rc ? rc : lmdb_state_read_anew(l);
}

static int
create(struct lmdb_state *l, const struct environment *e, struct why *why)
{
    const struct state_mark nothing = {0};
    int rc = environment_create(&l->env, e, why);

    if (rc)
        return rc;
    if ((rc = open_tables(l, &nothing)))
        return why_set(why, lmdb_state_error(rc), "%s: %s", e->path, mdb_strerror(rc));
    return environment_sync_folder(e, why);
}

static int
believe(struct lmdb_state *l, const char *path, struct state_mark *mark, struct why *why)
{
    struct state_said said;

    if (lmdb_state_read_meta(l, l->reading, &said))
        return why_set(why, STATE_UNFIT, "%s does not say what it is", path);
    if (strcmp(said.board, l->board) != 0)
        return why_set(
            why, STATE_FOREIGN,
            "%s is the state of the board %s, not of %s: a folder was swapped. Put the right one "
            "there, or remove it: it is rebuilt from the journal",
            path, said.board, l->board);
    if (said.layout != STATE_LAYOUT || said.fold != STATE_FOLD || said.rows != lmdb_state_rows())
        return why_set(why, STATE_UNFIT, "%s was written by another version", path);
    *mark = said.mark;
    return 0;
}

static int
open_existing(struct lmdb_state *l, const struct environment *e, struct state_mark *mark,
              struct why *why)
{
    int rc = environment_open(&l->env, e, why);

    if (rc == MDB_CORRUPTED || rc == MDB_INVALID || rc == MDB_VERSION_MISMATCH)
        return STATE_UNFIT;
    if (rc)
        return rc;
    if ((rc = open_tables(l, NULL)))
        return why_set(
            why, rc == MDB_NOTFOUND || rc == MDB_CORRUPTED ? STATE_UNFIT : lmdb_state_error(rc),
            "%s lacks a table: %s", e->path, mdb_strerror(rc));
    return believe(l, e->path, mark, why);
}

/* --- the attempt ------------------------------------------------------------------------ */

struct attempt {
    const struct environment *e;
    const char *board;
};

static bool
is_row(struct arena *arena, const struct record *record, const MDB_val *k, const MDB_val *v)
{
    struct state_key key;
    struct fault fault;

    arena_reset(arena);
    if (!lmdb_state_key_from(k, &key))
        return false;
    return !record
           || (!shape_fault(v->mv_data, v->mv_size)
               && record_decode_row(arena, record, ROW_WHOLE, arena_take(arena, record->size),
                                    v->mv_data, v->mv_size, &fault));
}

static bool
table_is_whole(struct lmdb_state *l, enum state_table table, struct arena *arena)
{
    MDB_cursor *c;
    MDB_val k;
    MDB_val v;
    int rc = mdb_cursor_open(l->reading, l->tables[table], &c);

    while (!rc && !(rc = mdb_cursor_get(c, &k, &v, MDB_NEXT)))
        if (!is_row(arena, state_tables[table].record, &k, &v))
            return false;
    return rc == MDB_NOTFOUND;
}

static bool
ahead_is_whole(struct lmdb_state *l, struct arena *arena)
{
    struct ahead_row row;
    MDB_cursor *c;
    MDB_val k;
    MDB_val v;
    int rc = mdb_cursor_open(l->reading, l->ahead, &c);

    while (!rc && !(rc = mdb_cursor_get(c, &k, &v, MDB_NEXT)))
        if (!lmdb_state_ahead_from(&k, &v, &row)
            || !is_row(arena, row.gone ? NULL : state_tables[row.table].record, &row.key,
                       &row.value))
            return false;
    return rc == MDB_NOTFOUND;
}

/* In a child: opens it and reads every row. A damaged page ends in a crash, and so
   does a row that is none. What is wrong otherwise is said when it is opened
   afterwards. */
static void
try_reading(void *context)
{
    const struct attempt *a = context;
    struct lmdb_state *l = lmdb_state_make(a->board);
    struct arena *arena = arena_new();
    struct state_mark mark;
    struct why why;

    if (!freopen("/dev/null", "w", stderr) || !l || open_existing(l, a->e, &mark, &why))
        return;
    for (int t = 0; t < STATE_TABLE_COUNT; t++)
        if (!table_is_whole(l, (enum state_table)t, arena))
            abort();
    if (!ahead_is_whole(l, arena))
        abort();
}

/* Where a write was cut short after its rows were safe. */
static int
finish_writing(struct lmdb_state *l, const struct environment *e, struct state_mark *mark,
               struct why *why)
{
    int64_t moved;
    int rc = lmdb_state_move_in(l, &moved);

    if (!rc && moved)
        rc = lmdb_state_read_anew(l);
    if (rc)
        return why_set(why, lmdb_state_error(rc),
                       "%s: what was being written can't be finished: %s; make room for it, or "
                       "remove the folder: it is rebuilt from the journal",
                       e->path, mdb_strerror(rc));
    return moved ? believe(l, e->path, mark, why) : 0;
}

static int
open_tried(struct lmdb_state *l, const struct environment *e, struct state_mark *mark,
           struct why *why)
{
    struct attempt a = {e, l->board};
    int rc = probe_run(try_reading, &a);

    if (rc > 0)
        return why_set(why, STATE_UNFIT, "%s/data.mdb is damaged", e->path);
    if (rc < 0)
        return why_set(why, rc, "%s cannot be tried: %s", e->path, strerror(-rc));
    rc = open_existing(l, e, mark, why);
    if (rc)
        return rc == -ENOENT ? create(l, e, why) : rc;
    return finish_writing(l, e, mark, why);
}

int
state_lmdb_open(struct state **out, const char *path, const char *board, size_t map_bytes,
                struct state_mark *mark, struct why *why)
{
    const struct environment e = {
        .path = path, .map_bytes = map_bytes, .tables = STATE_TABLE_COUNT + 2};
    struct lmdb_state *l = lmdb_state_make(board);

    *out = NULL;
    *mark = (struct state_mark){0};
    if (!l)
        return -ENOMEM;
    *out = &l->base;
    int rc = open_tried(l, &e, mark, why);
    if (rc)
        state_lmdb_close(out);
    return rc;
}

int
state_lmdb_remove(const char *path)
{
    static const char *const files[] = {"data.mdb", "lock.mdb"};
    char name[4096];

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        (void)snprintf(name, sizeof name, "%s/%s", path, files[i]);
        if (unlink(name) && errno != ENOENT)
            return -errno;
    }
    return 0;
}
