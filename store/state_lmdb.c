#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/codec.h"
#include "schema/days.h"
#include "store/state_lmdb_inside.h"

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

enum { META_CAP = 512 };
static const char meta_key[] = "state";

static struct lmdb_state *
self(struct state *s)
{
    return (struct lmdb_state *)s;
}

int
lmdb_state_error(int rc)
{
    return rc > 0 ? -rc : rc;
}

MDB_val
lmdb_state_val(const void *data, size_t len)
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
    return key->len ? lmdb_state_val(key->at, key->len) : lmdb_state_val("", 1);
}

bool
lmdb_state_key_from(const MDB_val *k, struct state_key *key)
{
    const uint8_t *at = k->mv_data;

    if (k->mv_size > sizeof key->at)
        return false;
    key->len = k->mv_size == 1 && *at == 0 ? 0 : (uint32_t)k->mv_size;
    memcpy(key->at, at, key->len);
    return true;
}

/* --- rows -------------------------------------------------------------------------- */

static int
get(struct state *s, enum state_table table, const struct state_key *key, struct bytes *value)
{
    struct lmdb_state *l = self(s);
    MDB_val k = key_of(key);
    MDB_val v;

    int rc = mdb_get(l->txn, l->tables[table], &k, &v);
    if (rc)
        return rc == MDB_NOTFOUND ? 0 : lmdb_state_error(rc);
    *value = (struct bytes){v.mv_data, (uint32_t)v.mv_size};
    return 1;
}

static int
put(struct state *s, enum state_table table, const struct state_key *key, struct bytes value)
{
    struct lmdb_state *l = self(s);
    MDB_val k = key_of(key);
    MDB_val v = lmdb_state_val(value.at, value.len);

    return lmdb_state_error(mdb_put(l->txn, l->tables[table], &k, &v, 0));
}

static int
remove_row(struct state *s, enum state_table table, const struct state_key *key)
{
    struct lmdb_state *l = self(s);
    MDB_val k = key_of(key);

    int rc = mdb_del(l->txn, l->tables[table], &k, NULL);
    return rc == MDB_NOTFOUND ? 0 : rc ? lmdb_state_error(rc) : 1;
}

static int
compare(const struct state_key *a, const struct state_key *b)
{
    uint32_t len = a->len < b->len ? a->len : b->len;
    int order = len ? memcmp(a->at, b->at, len) : 0;
    return order ? order : (a->len > b->len) - (a->len < b->len);
}

/* The cursor at the first row not before *at, or after it. */
static int
seek(MDB_cursor *c, const struct state_key *at, bool inclusive, MDB_val *k, MDB_val *v)
{
    bool from_start = inclusive && at->len == 0;
    struct state_key found;

    *k = key_of(at);
    int rc = mdb_cursor_get(c, k, v, from_start ? MDB_FIRST : MDB_SET_RANGE);
    if (rc || inclusive)
        return rc;
    if (!lmdb_state_key_from(k, &found))
        return MDB_CORRUPTED;
    return compare(&found, at) == 0 ? mdb_cursor_get(c, k, v, MDB_NEXT) : 0;
}

static int
next(struct state *s, enum state_table table, struct state_key *at, bool inclusive,
     struct bytes *value)
{
    struct lmdb_state *l = self(s);
    MDB_val k;
    MDB_val v;
    MDB_cursor *c;
    int rc = mdb_cursor_open(l->txn, l->tables[table], &c);

    if (rc)
        return lmdb_state_error(rc);
    rc = seek(c, at, inclusive, &k, &v);
    if (!rc && !lmdb_state_key_from(&k, at))
        rc = MDB_CORRUPTED;
    if (!rc)
        *value = (struct bytes){v.mv_data, (uint32_t)v.mv_size};
    mdb_cursor_close(c);
    return rc == MDB_NOTFOUND ? 0 : rc ? lmdb_state_error(rc) : 1;
}

static const struct state_ops ops = {get, put, remove_row, next};

/* --- what it says of itself ------------------------------------------------------------ */

int
lmdb_state_put_meta(struct lmdb_state *l, const struct state_mark *mark)
{
    struct state_meta meta = {.layout = STATE_LAYOUT,
                              .fold = STATE_FOLD,
                              .board = text_of(l->board),
                              .applied = mark->applied,
                              .root = {mark->root.bytes, sizeof mark->root.bytes}};
    uint8_t buf[META_CAP];
    MDB_val k = lmdb_state_val(meta_key, sizeof meta_key - 1);

    meta.present = (UINT64_C(1) << state_meta_record.count) - 1;
    MDB_val v = lmdb_state_val(buf, record_encode(&state_meta_record, &meta, buf, sizeof buf));
    return mdb_put(l->txn, l->meta, &k, &v, 0);
}

int
lmdb_state_read_meta(struct lmdb_state *l, struct state_said *out)
{
    struct arena *arena = arena_new();
    struct state_meta meta = {0};
    struct fault fault;
    MDB_val k = lmdb_state_val(meta_key, sizeof meta_key - 1);
    MDB_val v;
    int rc = mdb_get(l->txn, l->meta, &k, &v);

    if (!rc && !record_decode(arena, &state_meta_record, &meta, v.mv_data, v.mv_size, &fault))
        rc = MDB_CORRUPTED;
    if (!rc) {
        *out = (struct state_said){.layout = meta.layout, .fold = meta.fold};
        (void)snprintf(out->board, sizeof out->board, "%.*s", (int)meta.board.len, meta.board.at);
        out->mark.applied = meta.applied;
        memcpy(out->mark.root.bytes, meta.root.at, sizeof out->mark.root.bytes);
    }
    arena_destroy(&arena);
    return rc == MDB_NOTFOUND ? MDB_CORRUPTED : rc;
}

/* --- making and closing -------------------------------------------------------------- */

struct lmdb_state *
lmdb_state_make(const char *board)
{
    struct lmdb_state *l = calloc(1, sizeof *l);

    if (!l)
        return NULL;
    l->base.ops = &ops;
    (void)snprintf(l->board, sizeof l->board, "%s", board);
    return l;
}

void
state_lmdb_close(struct state **s)
{
    if (!*s)
        return;
    struct lmdb_state *l = self(*s);
    state_forget(*s);
    if (l->txn)
        mdb_txn_abort(l->txn);
    if (l->env)
        mdb_env_close(l->env);
    free(l);
    *s = NULL;
}

/* --- commits --------------------------------------------------------------------------- */

int
lmdb_state_turn(struct lmdb_state *l)
{
    int rc = mdb_txn_commit(l->txn);

    l->txn = NULL; /* LMDB frees it whatever the outcome */
    int again = mdb_txn_begin(l->env, NULL, 0, &l->txn);
    return rc ? rc : again;
}

int
state_lmdb_commit(struct state *s, const struct state_mark *mark)
{
    struct lmdb_state *l = self(s);
    int rc = state_settle(s);

    if (!rc)
        rc = lmdb_state_error(lmdb_state_put_meta(l, mark));
    if (!rc)
        rc = lmdb_state_error(lmdb_state_turn(l));
    if (rc)
        (void)state_lmdb_rollback(s);
    return rc;
}

bool
state_lmdb_is_full(int error)
{
    return error == MDB_MAP_FULL || error == -ENOSPC || error == -EDQUOT;
}

int
state_lmdb_rollback(struct state *s)
{
    struct lmdb_state *l = self(s);

    if (l->txn)
        mdb_txn_abort(l->txn);
    l->txn = NULL;
    state_forget(s);
    return lmdb_state_error(mdb_txn_begin(l->env, NULL, 0, &l->txn));
}

void
state_lmdb_check_readers(struct state *s)
{
    int dead;
    (void)mdb_reader_check(self(s)->env, &dead);
}
