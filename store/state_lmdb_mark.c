/* What a state in LMDB says of itself. */
#include <stdio.h>
#include <string.h>

#include "schema/codec.h"
#include "store/state_lmdb_inside.h"

/* clang-format off */
#define STATE_META_FIELDS(F, S)                                                                    \
    F(S, layout,  REQUIRED, INT(1, 1000000), "STATE_LAYOUT")                                       \
    F(S, fold,    REQUIRED, INT(1, 1000000), "STATE_FOLD")                                         \
    F(S, rows,    REQUIRED, INT(0, UINT32_MAX), "of the names of rows' fields, in their order")    \
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
static const char ahead_key[] = "ahead";

int64_t
lmdb_state_rows(void)
{
    uint32_t sum = 0;

    for (int t = 0; t < STATE_TABLE_COUNT; t++) {
        const struct record *r = state_tables[t].record;
        for (unsigned i = 0; r && i < r->count; i++) {
            struct state_key name = state_key_of(text_of(r->fields[i].name));
            sum = sum * 31 + state_key_hash(&name);
        }
    }
    return sum;
}

static int
put_meta(struct lmdb_state *l, MDB_txn *txn, const char *key, const struct state_mark *mark)
{
    struct state_meta meta = {.layout = STATE_LAYOUT,
                              .fold = STATE_FOLD,
                              .rows = lmdb_state_rows(),
                              .board = text_of(l->board),
                              .applied = mark->applied,
                              .root = {mark->root.bytes, sizeof mark->root.bytes}};
    uint8_t buf[META_CAP];
    MDB_val k = environment_val(key, strlen(key));

    meta.present = (UINT64_C(1) << state_meta_record.count) - 1;
    MDB_val v = environment_val(buf, record_encode(&state_meta_record, &meta, buf, sizeof buf));
    return mdb_put(txn, l->meta, &k, &v, 0);
}

int
lmdb_state_put_meta(struct lmdb_state *l, MDB_txn *txn, const struct state_mark *mark)
{
    return put_meta(l, txn, meta_key, mark);
}

int
lmdb_state_put_meta_ahead(struct lmdb_state *l, MDB_txn *txn, const struct state_mark *mark)
{
    return put_meta(l, txn, ahead_key, mark);
}

bool
lmdb_state_is_ahead(struct lmdb_state *l, MDB_txn *txn)
{
    MDB_val k = environment_val(ahead_key, sizeof ahead_key - 1);
    MDB_val v;
    return mdb_get(txn, l->meta, &k, &v) == 0;
}

int
lmdb_state_end_ahead(struct lmdb_state *l, MDB_txn *txn)
{
    MDB_val ahead = environment_val(ahead_key, sizeof ahead_key - 1);
    MDB_val k = environment_val(meta_key, sizeof meta_key - 1);
    MDB_val v;
    uint8_t copy[META_CAP]; /* the page that it lies on changes */
    int rc = mdb_get(txn, l->meta, &ahead, &v);

    if (!rc && v.mv_size > sizeof copy)
        rc = MDB_CORRUPTED;
    if (rc)
        return rc;
    memcpy(copy, v.mv_data, v.mv_size);
    v.mv_data = copy;
    if ((rc = mdb_put(txn, l->meta, &k, &v, 0)) || (rc = mdb_del(txn, l->meta, &ahead, NULL)))
        return rc;
    return mdb_drop(txn, l->ahead, 0);
}

int
lmdb_state_read_meta(const struct lmdb_state *l, MDB_txn *txn, struct state_said *out)
{
    struct arena *arena = arena_new();
    struct state_meta meta = {0};
    struct fault fault;
    MDB_val k = environment_val(meta_key, sizeof meta_key - 1);
    MDB_val v;
    int rc = mdb_get(txn, l->meta, &k, &v);

    if (!rc && !record_decode(arena, &state_meta_record, &meta, v.mv_data, v.mv_size, &fault))
        rc = MDB_CORRUPTED;
    if (!rc) {
        *out = (struct state_said){.layout = meta.layout, .fold = meta.fold, .rows = meta.rows};
        (void)snprintf(out->board, sizeof out->board, "%.*s", (int)meta.board.len, meta.board.at);
        out->mark.applied = meta.applied;
        memcpy(out->mark.root.bytes, meta.root.at, sizeof out->mark.root.bytes);
    }
    arena_destroy(&arena);
    return rc == MDB_NOTFOUND ? MDB_CORRUPTED : rc;
}
