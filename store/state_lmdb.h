/* The state in LMDB: a cache of the journal that survives a restart.

   One write transaction stays open; the broker's loop alone reads and writes
   through it. state_lmdb_commit makes durable what was folded so far, once the
   journal is durable up to there; state_lmdb_rollback forgets it, to the last
   commit. Rows in use are kept in memory, and written when they have to make room
   and at the commit (schema/hot.h).

       state_lmdb_open -> {state_get, state_put ...; commit | rollback} -> close */
#ifndef STORE_STATE_LMDB_H
#define STORE_STATE_LMDB_H

#include "schema/state.h"
#include "store/tree.h"
#include "store/why.h"

/* The layout of rows and tables (store/LAYOUT.md), and the version of the fold
   that wrote them: where either is another, the state is rebuilt. */
enum { STATE_LAYOUT = 1, STATE_FOLD = 2 };

/* What a commit says of itself. */
struct state_mark {
    int64_t applied;       /* the newest entry that is folded in; 0: none */
    struct tree_hash root; /* the tree's root there */
};

/* What may come back besides -errno and LMDB's codes. */
enum { STATE_UNFIT = -31101, STATE_FOREIGN = -31102 };

/* Opens DIR `path`, made if it is not there; a map of `map_bytes`, never resized.
   All of it is read in a child process first, where damage may do what it likes;
   so before there are threads.
   STATE_UNFIT: cut off, damaged, of another layout or fold: `why` says which;
   state_lmdb_remove it and open anew, and fold the journal from 1. STATE_FOREIGN:
   another board's: a person must look. */
int state_lmdb_open(struct state **out, const char *path, const char *board, size_t map_bytes,
                    struct state_mark *mark, struct why *why);
void state_lmdb_close(struct state **s); /* what is not committed is forgotten */

/* Takes the files away; 0 or -errno. */
int state_lmdb_remove(const char *path);

/* 0, or a negative error: where there is no room nothing of it was committed, and
   it is forgotten as by rollback; MDB_PANIC: end the program. */
int state_lmdb_commit(struct state *s, const struct state_mark *mark);

/* Is this error of a state that there is no room, on the disk or in the map? */
bool state_lmdb_is_full(int error);
int state_lmdb_rollback(struct state *s);

/* Slots of dead readers, to be called each minute. */
void state_lmdb_check_readers(struct state *s);

#endif
