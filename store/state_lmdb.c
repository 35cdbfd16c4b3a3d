/* Rows as the file has them, under those that were frozen, under those that were changed
   since. */
#include "store/state_lmdb.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/state_lmdb_inside.h"

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

/* LMDB has no empty keys: the board's row has one zero byte. */
MDB_val
lmdb_state_key(const uint8_t *key, uint32_t len)
{
    return len ? environment_val(key, len) : environment_val("", 1);
}

static uint32_t
key_len(const MDB_val *k)
{
    return k->mv_size == 1 && *(const uint8_t *)k->mv_data == 0 ? 0 : (uint32_t)k->mv_size;
}

bool
lmdb_state_key_from(const MDB_val *k, struct state_key *key)
{
    if (k->mv_size > sizeof key->at)
        return false;
    key->len = key_len(k);
    memcpy(key->at, k->mv_data, key->len);
    return true;
}

/* --- one row ----------------------------------------------------------------------- */

static int
open_cursor(struct lmdb_state *l, enum cursor_use use, enum state_table table, MDB_cursor **out)
{
    MDB_cursor **c = &l->cursors[use][table];
    int rc = *c ? 0 : mdb_cursor_open(l->reading, l->tables[table], c);

    *out = *c;
    return rc;
}

/* Is the row after the last one the one? */
static bool
is_next(MDB_cursor *c, const struct state_key *key, MDB_val *v)
{
    MDB_val k;

    return mdb_cursor_get(c, &k, v, MDB_NEXT) == 0 && k.mv_size == key->len
           && memcmp(k.mv_data, key->at, key->len) == 0;
}

static int
get_from_file(struct lmdb_state *l, enum state_table table, const struct state_key *key,
              bool in_order, struct bytes *value)
{
    MDB_val k = lmdb_state_key(key->at, key->len);
    MDB_val v;
    MDB_cursor *c;
    int rc = open_cursor(l, LOOKING_UP, table, &c);

    if (!rc && !(in_order && is_next(c, key, &v)))
        rc = mdb_cursor_get(c, &k, &v, MDB_SET);
    if (rc)
        return rc == MDB_NOTFOUND ? 0 : lmdb_state_error(rc);
    *value = (struct bytes){v.mv_data, (uint32_t)v.mv_size};
    return 1;
}

static int
look_up(struct state *s, enum state_table table, const struct state_key *key, bool in_order,
        struct bytes *value)
{
    struct lmdb_state *l = self(s);
    const struct layer_row *row = layer_find(l->changed, table, key);

    if (!row && l->frozen)
        row = layer_find(l->frozen, table, key);
    if (!row)
        return get_from_file(l, table, key, in_order, value);
    *value = row->value;
    return !row->gone;
}

static int
get(struct state *s, enum state_table table, const struct state_key *key, struct bytes *value)
{
    return look_up(s, table, key, false, value);
}

static int
peek(struct state *s, enum state_table table, const struct state_key *key, struct bytes *value)
{
    return look_up(s, table, key, true, value);
}

static int
put(struct state *s, enum state_table table, const struct state_key *key, struct bytes value)
{
    layer_put(self(s)->changed, table, key, value);
    return 0;
}

static int
remove_row(struct state *s, enum state_table table, const struct state_key *key)
{
    struct bytes value;
    int rc = get(s, table, key, &value);

    if (rc == 1)
        layer_take(self(s)->changed, table, key);
    return rc;
}

/* --- in order ------------------------------------------------------------------------ */

/* A row of one of the three, and its key, where they have them. */
struct candidate {
    const uint8_t *key;
    uint32_t key_len;
    struct bytes value;
    bool there, gone;
};

static int
compare(const struct candidate *c, const uint8_t *key, uint32_t len)
{
    uint32_t least = c->key_len < len ? c->key_len : len;
    int order = least ? memcmp(c->key, key, least) : 0;
    return order ? order : (c->key_len > len) - (c->key_len < len);
}

static int
take_from_file(const MDB_val *k, const MDB_val *v, struct candidate *out)
{
    if (k->mv_size > STATE_KEY_MAX)
        return MDB_CORRUPTED;
    *out = (struct candidate){.key = k->mv_data,
                              .key_len = key_len(k),
                              .value = {v->mv_data, (uint32_t)v->mv_size},
                              .there = true};
    return 0;
}

/* Who walks goes on from the row that the cursor found last. */
static bool
is_at(MDB_cursor *cursor, const struct state_key *at)
{
    MDB_val k;
    MDB_val v;
    struct candidate c;

    return mdb_cursor_get(cursor, &k, &v, MDB_GET_CURRENT) == 0 && take_from_file(&k, &v, &c) == 0
           && compare(&c, at->at, at->len) == 0;
}

/* The cursor at the first row not before `at`, or after it. */
static int
seek_cursor(MDB_cursor *cursor, const struct state_key *at, bool inclusive, struct candidate *out)
{
    bool from_start = inclusive && at->len == 0;
    bool goes_on = !inclusive && is_at(cursor, at);
    MDB_val k = lmdb_state_key(at->at, at->len);
    MDB_val v;
    int rc = mdb_cursor_get(cursor, &k, &v,
                            goes_on      ? MDB_NEXT
                            : from_start ? MDB_FIRST
                                         : MDB_SET_RANGE);

    if (!rc)
        rc = take_from_file(&k, &v, out);
    if (rc || inclusive || goes_on || compare(out, at->at, at->len) != 0)
        return rc;
    rc = mdb_cursor_get(cursor, &k, &v, MDB_NEXT);
    return rc ? rc : take_from_file(&k, &v, out);
}

static int
seek_in_file(struct lmdb_state *l, enum state_table table, const struct state_key *at,
             bool inclusive, struct candidate *out)
{
    MDB_cursor *c;
    int rc = open_cursor(l, WALKING, table, &c);

    out->there = false;
    if (!rc)
        rc = seek_cursor(c, at, inclusive, out);
    if (rc == MDB_NOTFOUND)
        out->there = false;
    return rc == MDB_NOTFOUND ? 0 : lmdb_state_error(rc);
}

/* Where the layer has the same key or an earlier one, its row takes the candidate's place. */
static void
lay_over(struct layer *layer, enum state_table table, const struct state_key *at, bool inclusive,
         struct candidate *c)
{
    const struct layer_row *row = layer ? layer_seek(layer, table, at, inclusive) : NULL;

    if (row && (!c->there || compare(c, row->key, row->key_len) >= 0))
        *c = (struct candidate){row->key, row->key_len, row->value, true, row->gone};
}

static int
next(struct state *s, enum state_table table, struct state_key *at, bool inclusive,
     struct bytes *value)
{
    struct lmdb_state *l = self(s);
    struct candidate c;

    do {
        int rc = seek_in_file(l, table, at, inclusive, &c);
        if (rc)
            return rc;
        lay_over(l->frozen, table, at, inclusive, &c);
        lay_over(l->changed, table, at, inclusive, &c);
        if (!c.there)
            return 0;
        memcpy(at->at, c.key, c.key_len);
        at->len = c.key_len;
        inclusive = false;
    } while (c.gone);
    *value = c.value;
    return 1;
}

/* --- what is expected: rows in memory --------------------------------------------------- */

static void
expect(const struct state *s, enum state_table table, uint32_t hash)
{
    const struct lmdb_state *l = (const struct lmdb_state *)s;

    layer_expect(l->changed, table, hash);
    if (l->frozen)
        layer_expect(l->frozen, table, hash);
}

static void
expect_row(const struct state *s, enum state_table table, uint32_t hash)
{
    const struct lmdb_state *l = (const struct lmdb_state *)s;

    layer_expect_row(l->changed, table, hash);
    if (l->frozen)
        layer_expect_row(l->frozen, table, hash);
}

static const struct state_ops ops = {get, peek, put, remove_row, next, expect, expect_row};

/* --- making and closing -------------------------------------------------------------- */

struct lmdb_state *
lmdb_state_make(const char *board)
{
    struct lmdb_state *l = calloc(1, sizeof *l);

    if (!l)
        return NULL;
    l->base.ops = &ops;
    l->changed = layer_new();
    (void)snprintf(l->board, sizeof l->board, "%s", board);
    return l;
}

/* Of all, in no order. */
static MDB_cursor *
cursor(struct lmdb_state *l, int i)
{
    return l->cursors[i / STATE_TABLE_COUNT][i % STATE_TABLE_COUNT];
}

void
state_lmdb_close(struct state **s)
{
    if (!*s)
        return;
    struct lmdb_state *l = self(*s);
    state_forget(*s);
    layer_free(&l->changed);
    layer_free(&l->frozen);
    for (int i = 0; i < CURSOR_USES * STATE_TABLE_COUNT; i++)
        if (cursor(l, i))
            mdb_cursor_close(cursor(l, i));
    if (l->reading)
        mdb_txn_abort(l->reading);
    if (l->env)
        mdb_env_close(l->env);
    free(l);
    *s = NULL;
}

int
lmdb_state_read_anew(struct lmdb_state *l)
{
    if (!l->reading)
        return mdb_txn_begin(l->env, NULL, MDB_RDONLY, &l->reading);
    mdb_txn_reset(l->reading);
    int rc = mdb_txn_renew(l->reading);
    for (int i = 0; i < CURSOR_USES * STATE_TABLE_COUNT && rc == 0; i++)
        if (cursor(l, i))
            rc = mdb_cursor_renew(l->reading, cursor(l, i));
    return rc;
}

void
state_lmdb_check_readers(struct state *s)
{
    int dead;
    (void)mdb_reader_check(self(s)->env, &dead);
}

bool
state_lmdb_is_full(int error)
{
    return error == MDB_MAP_FULL || error == -ENOSPC || error == -EDQUOT;
}

/* --- what is to be written --------------------------------------------------------------- */

size_t
state_lmdb_changed(const struct state *s)
{
    return layer_size(((const struct lmdb_state *)s)->changed);
}

void
state_lmdb_freeze(struct state *s)
{
    struct lmdb_state *l = self(s);
    int rc = state_settle(s);

    assert(rc == 0 && !l->frozen);
    (void)rc;
    l->frozen = l->changed;
    l->changed = layer_new();
}

int
state_lmdb_written(struct state *s)
{
    struct lmdb_state *l = self(s);

    layer_free(&l->frozen);
    return lmdb_state_error(lmdb_state_read_anew(l));
}

int
state_lmdb_commit(struct state *s, const struct state_mark *mark)
{
    state_lmdb_freeze(s);
    int rc = state_lmdb_write(s, mark);
    if (!rc)
        return state_lmdb_written(s);
    state_lmdb_rollback(s);
    return rc;
}

/* Reads go on from where the file was when it was written last. */
void
state_lmdb_rollback(struct state *s)
{
    struct lmdb_state *l = self(s);

    state_forget(s);
    layer_free(&l->frozen);
    layer_free(&l->changed);
    l->changed = layer_new();
}
