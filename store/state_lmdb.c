#include "store/state_lmdb.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/codec.h"
#include "schema/days.h"
#include "store/environment.h"
#include "store/state_memory.h"

/* clang-format off */
#define STATE_META_FIELDS(F, S)                                                                    \
    F(S, layout,  REQUIRED, INT(1, 1000000), "STATE_LAYOUT")                                       \
    F(S, fold,    REQUIRED, INT(1, 1000000), "STATE_FOLD")                                         \
    F(S, board,   REQUIRED, ID,              "the board's id")                                     \
    F(S, applied, REQUIRED, NUMBER,          "the newest entry folded in")                         \
    F(S, root,    REQUIRED, BIN(32, 32),     "the tree's root there")
#define STATE_META(X) X(state_meta, STATE_META_FIELDS, CLOSED, "What a state says of itself.")
STATE_META(RECORD_STRUCT)
STATE_META(RECORD_EXTERN)
STATE_META(RECORD_TABLE)

/* clang-format on */

/* Changed by nearly every entry, and few. No row of them is ever removed. */
static const bool hot[STATE_TABLE_COUNT] = {
    [TABLE_BOARD] = true, [TABLE_PLANS] = true, [TABLE_CHAINS] = true};

enum { META_CAP = 512 };
static const char meta_key[] = "state";

struct lmdb_state {
    struct state base;
    MDB_env *env;
    MDB_txn *txn; /* the one that stays open */
    MDB_dbi tables[STATE_TABLE_COUNT], meta;
    struct state *changed; /* hot rows since the last commit */
    char board[ID_MAX + 1];
};

static struct lmdb_state *
self(struct state *s)
{
    return (struct lmdb_state *)s;
}

static int
error_of(int rc)
{
    return rc > 0 ? -rc : rc;
}

/* LMDB takes keys and values through pointers to non-const, but does not write
   through them. */
static MDB_val
val_of(const void *data, size_t len)
{
    union {
        const void *in;
        void *out;
    } u = {data};
    return (MDB_val){len, u.out};
}

/* LMDB has no empty keys: the board's row has one zero byte. */
static MDB_val
key_of(const struct state_key *key)
{
    return key->len ? val_of(key->at, key->len) : val_of("", 1);
}

static void
key_from(const MDB_val *k, struct state_key *key)
{
    const uint8_t *at = k->mv_data;
    key->len = k->mv_size == 1 && *at == 0 ? 0 : (uint32_t)k->mv_size;
    memcpy(key->at, at, key->len);
}

/* --- rows -------------------------------------------------------------------------- */

static int
get(struct state *s, enum state_table table, const struct state_key *key, struct bytes *value)
{
    struct lmdb_state *l = self(s);
    MDB_val k = key_of(key);
    MDB_val v;

    if (hot[table] && l->changed->ops->get(l->changed, table, key, value) == 1)
        return 1;
    int rc = mdb_get(l->txn, l->tables[table], &k, &v);
    if (rc)
        return rc == MDB_NOTFOUND ? 0 : error_of(rc);
    *value = (struct bytes){v.mv_data, (uint32_t)v.mv_size};
    return 1;
}

static int
put(struct state *s, enum state_table table, const struct state_key *key, struct bytes value)
{
    struct lmdb_state *l = self(s);
    MDB_val k = key_of(key);
    MDB_val v = val_of(value.at, value.len);

    if (hot[table])
        return l->changed->ops->put(l->changed, table, key, value);
    return error_of(mdb_put(l->txn, l->tables[table], &k, &v, 0));
}

static int
remove_row(struct state *s, enum state_table table, const struct state_key *key)
{
    struct lmdb_state *l = self(s);
    MDB_val k = key_of(key);

    assert(!hot[table]);
    int rc = mdb_del(l->txn, l->tables[table], &k, NULL);
    return rc == MDB_NOTFOUND ? 0 : rc ? error_of(rc) : 1;
}

static int
next_stored(struct lmdb_state *l, enum state_table table, struct state_key *at, bool inclusive,
            struct bytes *value)
{
    MDB_val k = key_of(at);
    MDB_val v;
    MDB_cursor *c;
    int rc = mdb_cursor_open(l->txn, l->tables[table], &c);

    if (rc)
        return error_of(rc);
    bool from_start = inclusive && at->len == 0;
    rc = mdb_cursor_get(c, &k, &v, from_start ? MDB_FIRST : MDB_SET_RANGE);
    struct state_key found;
    if (!rc && !inclusive) {
        key_from(&k, &found);
        if (found.len == at->len && memcmp(found.at, at->at, at->len) == 0)
            rc = mdb_cursor_get(c, &k, &v, MDB_NEXT);
    }
    if (!rc) {
        key_from(&k, at);
        *value = (struct bytes){v.mv_data, (uint32_t)v.mv_size};
    }
    mdb_cursor_close(c);
    return rc == MDB_NOTFOUND ? 0 : rc ? error_of(rc) : 1;
}

static int
compare(const struct state_key *a, const struct state_key *b)
{
    uint32_t len = a->len < b->len ? a->len : b->len;
    int order = len ? memcmp(a->at, b->at, len) : 0;
    return order ? order : (a->len > b->len) - (a->len < b->len);
}

/* Of a hot table both what is stored and what has changed since: the smaller
   key comes first, and the changed row stands for the stored one. */
static int
next(struct state *s, enum state_table table, struct state_key *at, bool inclusive,
     struct bytes *value)
{
    struct lmdb_state *l = self(s);
    struct state_key changed = *at;
    struct bytes row;
    int more = hot[table] ? l->changed->ops->next(l->changed, table, &changed, inclusive, &row) : 0;
    int rc = next_stored(l, table, at, inclusive, value);

    if (rc < 0 || !more || (rc == 1 && compare(at, &changed) < 0))
        return rc;
    *at = changed;
    *value = row;
    return 1;
}

static const struct state_ops ops = {get, put, remove_row, next};

/* --- opening ------------------------------------------------------------------------- */

static int
open_tables(struct lmdb_state *l, unsigned flags)
{
    int rc = mdb_txn_begin(l->env, NULL, 0, &l->txn);

    if (!rc)
        rc = mdb_dbi_open(l->txn, "meta", flags, &l->meta);
    for (int t = 0; t < STATE_TABLE_COUNT && !rc; t++)
        rc = mdb_dbi_open(l->txn, state_tables[t].name, flags, &l->tables[t]);
    return rc;
}

static int
put_meta(struct lmdb_state *l, const struct state_mark *mark)
{
    struct state_meta meta = {.layout = STATE_LAYOUT,
                              .fold = STATE_FOLD,
                              .board = text_of(l->board),
                              .applied = mark->applied,
                              .root = {mark->root.bytes, sizeof mark->root.bytes}};
    uint8_t buf[META_CAP];
    MDB_val k = val_of(meta_key, sizeof meta_key - 1);

    meta.present = (UINT64_C(1) << state_meta_record.count) - 1;
    MDB_val v = val_of(buf, record_encode(&state_meta_record, &meta, buf, sizeof buf));
    return mdb_put(l->txn, l->meta, &k, &v, 0);
}

/* Commits, and opens the next transaction: the handles stay. */
static int
turn(struct lmdb_state *l)
{
    int rc = mdb_txn_commit(l->txn);

    l->txn = NULL; /* LMDB frees it whatever the outcome */
    int again = mdb_txn_begin(l->env, NULL, 0, &l->txn);
    return rc ? rc : again;
}

static int
create(struct lmdb_state *l, const struct environment *e, struct why *why)
{
    const struct state_mark nothing = {0};
    int rc = environment_create(&l->env, e, why);

    if (rc)
        return rc;
    if ((rc = open_tables(l, MDB_CREATE)) || (rc = put_meta(l, &nothing)) || (rc = turn(l)))
        return why_set(why, error_of(rc), "%s: %s", e->path, mdb_strerror(rc));
    return environment_sync_folder(e, why);
}

static int
read_meta(struct lmdb_state *l, const char *path, struct state_mark *mark, struct why *why)
{
    struct arena *arena = arena_new();
    struct state_meta meta = {0};
    struct fault fault;
    MDB_val k = val_of(meta_key, sizeof meta_key - 1);
    MDB_val v;
    int rc = mdb_get(l->txn, l->meta, &k, &v);

    if (rc || !record_decode(arena, &state_meta_record, &meta, v.mv_data, v.mv_size, &fault))
        rc = why_set(why, STATE_UNFIT, "%s does not say what it is", path);
    else if (!text_is(meta.board, l->board))
        rc = why_set(
            why, STATE_FOREIGN,
            "%s is the state of the board %.*s, not of %s: a folder was swapped. Put the right one "
            "there, or remove it: it is rebuilt from the journal",
            path, (int)meta.board.len, meta.board.at, l->board);
    else if (meta.layout != STATE_LAYOUT || meta.fold != STATE_FOLD)
        rc = why_set(why, STATE_UNFIT, "%s was written by another version", path);
    if (!rc) {
        mark->applied = meta.applied;
        memcpy(mark->root.bytes, meta.root.at, sizeof mark->root.bytes);
    }
    arena_destroy(&arena);
    return rc;
}

static int
open_existing(struct lmdb_state *l, const struct environment *e, struct state_mark *mark,
              struct why *why)
{
    int rc = environment_open(&l->env, e, why);

    if (rc == -ENOENT)
        return create(l, e, why);
    if (rc == MDB_CORRUPTED || rc == MDB_INVALID || rc == MDB_VERSION_MISMATCH)
        return STATE_UNFIT;
    if (rc)
        return rc;
    if ((rc = open_tables(l, 0)))
        return why_set(why, rc == MDB_NOTFOUND || rc == MDB_CORRUPTED ? STATE_UNFIT : error_of(rc),
                       "%s lacks a table: %s", e->path, mdb_strerror(rc));
    return read_meta(l, e->path, mark, why);
}

int
state_lmdb_open(struct state **out, const char *path, const char *board, size_t map_bytes,
                struct state_mark *mark, struct why *why)
{
    const struct environment e = {path, map_bytes, STATE_TABLE_COUNT + 1};
    struct lmdb_state *l = calloc(1, sizeof *l);

    *out = NULL;
    *mark = (struct state_mark){0};
    if (!l)
        return -ENOMEM;
    l->base.ops = &ops;
    l->changed = state_memory_open();
    (void)snprintf(l->board, sizeof l->board, "%s", board);
    *out = &l->base;
    int rc = open_existing(l, &e, mark, why);
    if (rc)
        state_lmdb_close(out);
    return rc;
}

void
state_lmdb_close(struct state **s)
{
    if (!*s)
        return;
    struct lmdb_state *l = self(*s);
    if (l->txn)
        mdb_txn_abort(l->txn);
    if (l->env)
        mdb_env_close(l->env);
    state_memory_close(&l->changed);
    free(l);
    *s = NULL;
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

/* --- commits --------------------------------------------------------------------------- */

static int
write_changed(struct lmdb_state *l)
{
    struct bytes value;
    int rc = 0;

    for (int t = 0; t < STATE_TABLE_COUNT && !rc; t++) {
        struct state_key at = {.len = 0};
        bool first = true;
        while (hot[t] && !rc
               && l->changed->ops->next(l->changed, (enum state_table)t, &at, first, &value)) {
            MDB_val k = key_of(&at);
            MDB_val v = val_of(value.at, value.len);
            rc = mdb_put(l->txn, l->tables[t], &k, &v, 0);
            first = false;
        }
    }
    return rc;
}

static void
forget_changed(struct lmdb_state *l)
{
    state_memory_close(&l->changed);
    l->changed = state_memory_open();
}

int
state_lmdb_commit(struct state *s, const struct state_mark *mark)
{
    struct lmdb_state *l = self(s);
    int rc = write_changed(l);

    if (!rc)
        rc = put_meta(l, mark);
    if (rc) {
        (void)state_lmdb_rollback(s);
        return error_of(rc);
    }
    rc = turn(l);
    forget_changed(l);
    return error_of(rc);
}

int
state_lmdb_rollback(struct state *s)
{
    struct lmdb_state *l = self(s);

    if (l->txn)
        mdb_txn_abort(l->txn);
    l->txn = NULL;
    forget_changed(l);
    return error_of(mdb_txn_begin(l->env, NULL, 0, &l->txn));
}

void
state_lmdb_check_readers(struct state *s)
{
    int dead;
    (void)mdb_reader_check(self(s)->env, &dead);
}
