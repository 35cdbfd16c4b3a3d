/* The state in LMDB: a cache of the journal that survives a restart.

   What is put stays in memory until it is written, by another thread if one likes, so
   that nobody waits for the file. What was put until state_lmdb_freeze is what is
   written next, all of it or nothing, whenever the program ends; reads see all that was
   put, written or not.

       state_lmdb_open -> { state_get, state_put ... } -> close
                            freeze -> write -> written      (again and again)
                            commit: the three in one; rollback: to what is written

   The functions are for one thread, but for state_lmdb_write. Rows in use are kept
   decoded (schema/hot.h). While the state lives it holds one read transaction, of the
   file as it was written last.                                                  */
#ifndef STORE_STATE_LMDB_H
#define STORE_STATE_LMDB_H

#include "schema/state.h"
#include "schema/why.h"
#include "store/tree.h"

/* The layout of rows and tables (store/LAYOUT.md), and the version of the fold
   that wrote them: where either is another, the state is rebuilt. */
enum { STATE_LAYOUT = 3, STATE_FOLD = 2 };

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
void state_lmdb_close(struct state **s); /* what is not written is forgotten */

/* Takes the files away; 0 or -errno. */
int state_lmdb_remove(const char *path);

/* Bytes of memory that hold what was changed since the state was frozen, about. */
size_t state_lmdb_changed(const struct state *s);

/* What was put until now is what is written next; nothing else may be frozen. */
void state_lmdb_freeze(struct state *s);

/* Makes durable what is frozen, as the fold of the journal up to the mark; meanwhile the
   state's own thread may do all but what follows here. 0, or a negative error: it stays
   frozen, and may be tried again with the same mark, or rolled back; MDB_PANIC: end the
   program. The next start may find it written all the same. */
int state_lmdb_write(struct state *s, const struct state_mark *mark);

/* After that has returned 0: what was frozen is read from the file from now on. 0 or a
   negative error, after which the state is of no more use. */
int state_lmdb_written(struct state *s);

/* Writes all that was put, now. 0, or a negative error, and it is rolled back. */
int state_lmdb_commit(struct state *s, const struct state_mark *mark);

/* Forgets what is not written, frozen or not. What is frozen next must be the fold of as much
   of the journal as was frozen then, or more. */
void state_lmdb_rollback(struct state *s);

/* Is this error of a state that there is no room, on the disk or in the map? */
bool state_lmdb_is_full(int error);

/* Slots of dead readers, to be called each minute. */
void state_lmdb_check_readers(struct state *s);

#endif
