/* The tables of the LMDB journal and their rows, within one transaction. For
   the files of journal_lmdb alone; store/LAYOUT.md draws them byte by byte.

   Functions return LMDB's own codes; MDB_CORRUPTED for a row that is missing or
   has not the form it must have. */
#ifndef STORE_JOURNAL_ROWS_H
#define STORE_JOURNAL_ROWS_H

#include <lmdb.h>
#include <stdbool.h>

#include "store/journal.h"

enum { JOURNAL_TABLES = 3 };

struct journal_rows {
    MDB_txn *txn;
    MDB_dbi entries, tiles, meta;
};

/* `flags` is MDB_CREATE or 0; then MDB_NOTFOUND says that it is no journal. */
int journal_rows_open(struct journal_rows *r, unsigned flags);

/* --- meta -------------------------------------------------------------------- */

int journal_rows_put_owner(const struct journal_rows *r, const struct journal_owner *owner,
                           int64_t created);

/* JOURNAL_LAYOUT and JOURNAL_BOARD where it is another; `board` is set, if it
   can be read, to what is there. */
int journal_rows_check_owner(const struct journal_rows *r, const struct journal_owner *owner,
                             char board[JOURNAL_BOARD_ID + 1]);

int journal_rows_put_head(const struct journal_rows *r, const struct tree_head *head);
int journal_rows_get_head(const struct journal_rows *r, struct tree_head *out);

/* --- entries ----------------------------------------------------------------- */

/* Appends entry `number` through a cursor on `entries`, and says what its leaf
   hash is. */
int journal_rows_append(MDB_cursor *cursor, uint64_t number, const struct journal_bytes *entry,
                        struct tree_hash *leaf);

/* Reads through a cursor that was at the entry before, or anywhere if `seek`.
   MDB_NOTFOUND past the last; `out` and `leaf` live as long as the transaction,
   or the variable. Whether the bytes are those that were hashed is the caller's
   to ask. */
int journal_rows_read(MDB_cursor *cursor, uint64_t number, bool seek, struct tree_hash *leaf,
                      struct journal_entry *out);

/* --- tiles ------------------------------------------------------------------- */

/* For struct tree_tiles, with a struct journal_rows as the context. */
int journal_rows_read_tile(void *context, unsigned level, uint64_t index, size_t count,
                           struct tree_hash *out);
int journal_rows_write_tile(void *context, unsigned level, uint64_t index,
                            const struct tree_hash *tile);

/* Are there as many entries and tiles as a tree of `size` has? */
int journal_rows_check_counts(const struct journal_rows *r, uint64_t size);

#endif
