/* For journal_lmdb.c and journal_lmdb_open.c; nobody else. */
#ifndef STORE_JOURNAL_LMDB_H
#define STORE_JOURNAL_LMDB_H

#include <pthread.h>
#include <time.h>

#include "store/journal_rows.h"

struct lmdb_journal {
    struct journal base;
    MDB_env *env;
    struct journal_rows rows; /* the tables; each transaction works on a copy */

    pthread_mutex_t writing; /* of what follows: one append at a time */
    bool loaded;             /* `grown` is what the file holds */
    bool accepting;
    uint64_t generation;
    time_t readers_checked;
    struct tree grown; /* runs ahead of `durable` while a batch is written */

    pthread_mutex_t reading; /* of what follows: held to copy it, no longer */
    struct tree durable;
    struct tree_head head;
};

/* A journal on an open environment; journal_close closes both. NULL without
   memory. */
struct lmdb_journal *lmdb_journal_make(MDB_env *env, const struct journal_rows *rows);

/* Reads the tree as the file has it, holds it against the head that was written
   with the last batch, and makes it the durable one. */
int lmdb_journal_load(struct lmdb_journal *j);

/* Appends an entry and takes it back: what is damaged where the next one goes is
   better found at start than then. A full map is no damage. */
int lmdb_journal_try_writing(struct lmdb_journal *j);

/* LMDB's codes and errno's, as the journal says them. */
int lmdb_journal_error(int rc);

#endif
