/* The state in LMDB from within: for the files of state_lmdb alone.

   Functions return LMDB's own codes where nothing else is said.              */
#ifndef STORE_STATE_LMDB_INSIDE_H
#define STORE_STATE_LMDB_INSIDE_H

#include <lmdb.h>

#include "store/environment.h"
#include "store/layer.h"
#include "store/state_lmdb.h"

/* Each has a place that the other leaves alone: who walks goes on with the next row, and who
   looks up rows mostly finds the next one on the same page. */
enum cursor_use { WALKING, LOOKING_UP, CURSOR_USES };

struct lmdb_state {
    struct state base;
    MDB_env *env;
    MDB_txn *reading; /* the file as it was when it was written last */
    MDB_cursor *cursors[CURSOR_USES][STATE_TABLE_COUNT]; /* of `reading`; NULL: not yet */
    struct layer *frozen;                                /* over that; NULL: nothing is */
    struct layer *changed;                               /* since; over both */
    MDB_dbi tables[STATE_TABLE_COUNT], meta;
    MDB_dbi ahead; /* rows on their way into their tables: state_lmdb_write.c */
    char board[ID_MAX + 1];
};

/* Without an environment as yet. NULL where memory ends. */
struct lmdb_state *lmdb_state_make(const char *board);

/* -errno, or LMDB's code: as state.h has it. */
int lmdb_state_error(int rc);

MDB_val lmdb_state_key(const uint8_t *key, uint32_t len);

/* False for a key that no state writes. */
bool lmdb_state_key_from(const MDB_val *k, struct state_key *key);

/* What the state says of itself. read: MDB_CORRUPTED where that can't be read. */
struct state_said {
    int64_t layout, fold, rows;
    char board[ID_MAX + 1];
    struct state_mark mark;
};
/* Another number where a row's fields are others, or stand in another order. */
int64_t lmdb_state_rows(void);

int lmdb_state_put_meta(struct lmdb_state *l, MDB_txn *txn, const struct state_mark *mark);
int lmdb_state_read_meta(const struct lmdb_state *l, MDB_txn *txn, struct state_said *out);

/* The same of what it will be when the rows that are ahead are in their tables; there are
   some as long as it says so. end: they are. */
int lmdb_state_put_meta_ahead(struct lmdb_state *l, MDB_txn *txn, const struct state_mark *mark);
bool lmdb_state_is_ahead(struct lmdb_state *l, MDB_txn *txn);
int lmdb_state_end_ahead(struct lmdb_state *l, MDB_txn *txn);

/* A row that is ahead, by its key and value there, into which it points. False for one that
   no state writes. */
struct ahead_row {
    enum state_table table;
    MDB_val key, value;
    bool gone;
};
bool lmdb_state_ahead_from(const MDB_val *k, const MDB_val *v, struct ahead_row *out);

/* Moves rows that are ahead into their tables: *applied is the entry that they are the fold
   to; 0: there are none. LMDB's error: not all are moved, and it may be tried again. */
int lmdb_state_move_in(struct lmdb_state *l, int64_t *applied);

/* Reads the file as it is now. */
int lmdb_state_read_anew(struct lmdb_state *l);

#endif
