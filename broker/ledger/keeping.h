/* A state, and how it is kept: what was folded into it up to a number is frozen, and
   written by whoever has the time for it while folding goes on.

       keeping_freeze -> keeping_aim -> keeping_write -> keeping_written

   In LMDB; or in memory, for tests, where nothing is kept and rolling back begins
   anew.                                                                        */
#ifndef BROKER_LEDGER_KEEPING_H
#define BROKER_LEDGER_KEEPING_H

#include "broker/worker.h"
#include "schema/state.h"
#include "store/tree.h"

/* When so many bytes were changed it is time to write: a row that changes again until then is
   written once. It is enough for each of 100,000 parts. While it is written nothing may be
   folded any more when so many bytes were changed meanwhile. Of the 150 MiB that the broker may
   take for 100,000 actions and 1,000 clients both together leave a half: what was measured
   stands in tests/bench/NOTES.md. */
enum { KEEPING_CHANGED_MAX = 40 << 20, KEEPING_BEHIND = 24 << 20 };

struct keeping {
    const struct keeping_ops *ops;
    struct state *state;    /* another one after a roll back, perhaps */
    int64_t applied;        /* the journal's number that was written last */
    int64_t frozen;         /* and the one that is to be; 0: none is */
    struct tree_head aimed; /* the journal's head there, once it is durable; else of size 0 */
};

struct keeping_ops {
    size_t (*changed)(const struct keeping *k);
    void (*freeze)(struct keeping *k);
    int (*write)(const struct keeping *k);
    int (*written)(struct keeping *k);
    int (*roll_back)(struct keeping *k);
    void (*mind)(struct keeping *k);
};

/* Each takes over the state; the caller closes k->state in the end. */
struct keeping keeping_in_lmdb(struct state *state, int64_t applied);
struct keeping keeping_in_memory(void);

/* Bytes of memory that hold what was changed and is not frozen, about. */
size_t keeping_changed(const struct keeping *k);

/* The state as it is, the fold of the journal to `number`, is what is written next;
   nothing else may be frozen. */
void keeping_freeze(struct keeping *k, int64_t number);

/* The journal is durable up to what is frozen, where this is its head. */
void keeping_aim(struct keeping *k, const struct tree_head *head);

/* What is frozen may be written. */
bool keeping_is_aimed(const struct keeping *k);

/* Writes it, all or nothing; any thread, while the state's own does all but what stands
   below. 0; or a negative error: it may be tried again. */
int keeping_write(const struct keeping *k);

/* A thread that does so (worker.h); its jobs are keepings. 0 or a negative errno. */
int keeping_start_writer(struct worker **out);

/* After that has returned 0. 0 or a negative error of the machine. */
int keeping_written(struct keeping *k);

/* All that is not written is undone. 0 or a negative error. */
int keeping_roll_back(struct keeping *k);

/* To be called each minute. */
void keeping_mind(struct keeping *k);

#endif
