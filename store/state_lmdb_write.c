/* Writing what is frozen. LMDB keeps each page that a transaction changes in memory until it is
   committed, and rows that came up in any order lie on nearly as many pages: so much at once
   would be more memory than all else. Many rows are therefore written twice, in transactions of
   a few: first one after the other into the table `ahead`, which is durable, all of it or
   nothing, with the mark that says so; and then into their own tables, which may be cut short
   and done again, also by the next start.                                                */
#include <stdlib.h>
#include <string.h>

#include "store/state_lmdb_inside.h"

enum { ROWS_AT_ONCE = 4096, HERE = 1, GONE = 2, AHEAD_KEY = 1 + STATE_KEY_MAX };

/* --- one transaction after the other --------------------------------------------------- */

struct writing {
    struct lmdb_state *l;
    MDB_txn *txn;
    size_t rows; /* in it */
};

static int
begin(struct writing *w, struct lmdb_state *l)
{
    *w = (struct writing){.l = l};
    return mdb_txn_begin(l->env, NULL, 0, &w->txn);
}

static int
end(struct writing *w, int rc)
{
    if (!rc)
        return mdb_txn_commit(w->txn);
    if (w->txn)
        mdb_txn_abort(w->txn);
    return rc;
}

static int
make_room(struct writing *w)
{
    if (w->rows++ < ROWS_AT_ONCE)
        return 0;
    int rc = mdb_txn_commit(w->txn);
    w->txn = NULL;
    w->rows = 1;
    return rc ? rc : mdb_txn_begin(w->l->env, NULL, 0, &w->txn);
}

/* --- what is frozen -------------------------------------------------------------------- */

static int
put_in_table(MDB_txn *txn, MDB_dbi table, MDB_val *k, MDB_val *v, bool gone)
{
    int rc = gone ? mdb_del(txn, table, k, NULL) : mdb_put(txn, table, k, v, 0);
    return gone && rc == MDB_NOTFOUND ? 0 : rc;
}

static int
put_row(struct writing *w, enum state_table table, const struct layer_row *row)
{
    MDB_val k = lmdb_state_key(row->key, row->key_len);
    MDB_val v = environment_val(row->value.at, row->value.len);
    return put_in_table(w->txn, w->l->tables[table], &k, &v, row->gone);
}

/* The table's number and the key; HERE and the value, or GONE. */
static int
put_row_ahead(struct writing *w, enum state_table table, const struct layer_row *row)
{
    MDB_val own = lmdb_state_key(row->key, row->key_len);
    uint32_t len = row->gone ? 0 : row->value.len;
    uint8_t key[AHEAD_KEY] = {(uint8_t)table};
    MDB_val k = environment_val(key, 1 + own.mv_size);
    MDB_val v = {1 + (size_t)len, NULL};
    int rc = make_room(w);

    memcpy(key + 1, own.mv_data, own.mv_size);
    if (!rc)
        rc = mdb_put(w->txn, w->l->ahead, &k, &v, MDB_APPEND | MDB_RESERVE);
    if (rc)
        return rc;
    uint8_t *at = v.mv_data;
    *at = row->gone ? GONE : HERE;
    if (len)
        memcpy(at + 1, row->value.at, len);
    return 0;
}

typedef int put_what(struct writing *w, enum state_table table, const struct layer_row *row);

/* In order, so that one page after the other is changed. */
static int
put_table(struct writing *w, enum state_table table, put_what *put)
{
    size_t count;
    const struct layer_row **rows = layer_in_order(w->l->frozen, table, &count);
    int rc = 0;

    for (size_t i = 0; i < count && !rc; i++)
        rc = put(w, table, rows[i]);
    free(rows);
    return rc;
}

static int
put_all(struct writing *w, put_what *put)
{
    int rc = 0;

    for (int t = 0; t < STATE_TABLE_COUNT && !rc; t++)
        rc = put_table(w, (enum state_table)t, put);
    return rc;
}

static int
write_at_once(struct lmdb_state *l, const struct state_mark *mark)
{
    struct writing w;
    int rc = begin(&w, l);

    if (!rc)
        rc = put_all(&w, put_row);
    if (!rc)
        rc = lmdb_state_put_meta(l, w.txn, mark);
    return end(&w, rc);
}

/* An attempt that failed may have left some. */
static int
write_ahead(struct lmdb_state *l, const struct state_mark *mark)
{
    struct writing w;
    int rc = begin(&w, l);

    if (!rc)
        rc = mdb_drop(w.txn, l->ahead, 0);
    if (!rc)
        rc = put_all(&w, put_row_ahead);
    if (!rc)
        rc = lmdb_state_put_meta_ahead(l, w.txn, mark);
    return end(&w, rc);
}

/* --- what is ahead --------------------------------------------------------------------- */

bool
lmdb_state_ahead_from(const MDB_val *k, const MDB_val *v, struct ahead_row *out)
{
    const uint8_t *key = k->mv_data;
    const uint8_t *value = v->mv_data;

    if (k->mv_size < 2 || *key >= STATE_TABLE_COUNT || v->mv_size < 1
        || (*value != HERE && *value != GONE))
        return false;
    *out = (struct ahead_row){.table = (enum state_table) * key,
                              .key = environment_val(key + 1, k->mv_size - 1),
                              .value = environment_val(value + 1, v->mv_size - 1),
                              .gone = *value == GONE};
    return true;
}

/* Where to go on; nowhere as yet: at the first. */
struct place {
    uint8_t key[AHEAD_KEY];
    size_t len;
};

/* As many rows as one transaction takes, from the place on. MDB_NOTFOUND: these were the last;
   0: the place is that of the next. */
static int
move_some(struct writing *w, MDB_cursor *c, struct place *at)
{
    MDB_val k = environment_val(at->key, at->len);
    MDB_val v;
    struct ahead_row row;
    int rc = mdb_cursor_get(c, &k, &v, at->len ? MDB_SET_KEY : MDB_FIRST);

    while (!rc && w->rows++ < ROWS_AT_ONCE) {
        if (k.mv_size > sizeof at->key || !lmdb_state_ahead_from(&k, &v, &row))
            return MDB_CORRUPTED;
        rc = put_in_table(w->txn, w->l->tables[row.table], &row.key, &row.value, row.gone);
        if (!rc)
            rc = mdb_cursor_get(c, &k, &v, MDB_NEXT);
    }
    if (!rc) {
        at->len = k.mv_size;
        memcpy(at->key, k.mv_data, k.mv_size);
    }
    return rc;
}

/* *more: rows may still be ahead. */
static int
move_in_one_transaction(struct lmdb_state *l, struct place *at, bool *more, int64_t *applied)
{
    struct state_said said;
    struct writing w;
    MDB_cursor *c = NULL;
    int rc = begin(&w, l);

    *more = !rc && lmdb_state_is_ahead(l, w.txn);
    if (!*more)
        return end(&w, rc);
    rc = mdb_cursor_open(w.txn, l->ahead, &c);
    if (!rc)
        rc = move_some(&w, c, at);
    if (c)
        mdb_cursor_close(c);
    if (rc == MDB_NOTFOUND) {
        *more = false;
        if (!(rc = lmdb_state_end_ahead(l, w.txn)) && !(rc = lmdb_state_read_meta(l, w.txn, &said)))
            *applied = said.mark.applied;
    }
    return end(&w, rc);
}

int
lmdb_state_move_in(struct lmdb_state *l, int64_t *applied)
{
    struct place at = {.len = 0};
    bool more = true;
    int rc = 0;

    *applied = 0;
    while (!rc && more)
        rc = move_in_one_transaction(l, &at, &more, applied);
    return rc;
}

/* What is ahead is what an earlier attempt has brought so far: perhaps at writing the same. */
int
state_lmdb_write(struct state *s, const struct state_mark *mark)
{
    struct lmdb_state *l = (struct lmdb_state *)s;
    int64_t applied;
    int rc = lmdb_state_move_in(l, &applied);

    if (rc || (applied && applied == mark->applied))
        return lmdb_state_error(rc);
    if (layer_count(l->frozen) <= ROWS_AT_ONCE)
        return lmdb_state_error(write_at_once(l, mark));
    if (!(rc = write_ahead(l, mark)))
        rc = lmdb_state_move_in(l, &applied);
    return lmdb_state_error(rc);
}
