/* A state, and how it is kept: committed as the fold of the journal up to a
   number, or rolled back to where it was committed last. In LMDB; or in memory,
   for tests, where nothing is kept and rolling back begins anew.               */
#ifndef BROKER_KEEPING_H
#define BROKER_KEEPING_H

#include "schema/state.h"
#include "store/tree.h"

struct keeping {
    const struct keeping_ops *ops;
    struct state *state; /* another one after a roll back, perhaps */
    int64_t applied;     /* the journal's number that was committed last */
};

struct keeping_ops {
    int (*commit)(struct keeping *k, const struct tree_head *head);
    int (*roll_back)(struct keeping *k);
    void (*mind)(struct keeping *k);
};

/* Each takes over the state; the caller closes k->state in the end. */
struct keeping keeping_in_lmdb(struct state *state, int64_t applied);
struct keeping keeping_in_memory(void);

/* All that was put is durable, as the fold of the journal to `head`. 0; or a
   negative error, and nothing of it is: roll back. */
static inline int
keeping_commit(struct keeping *k, const struct tree_head *head)
{
    return k->ops->commit(k, head);
}

/* All that was put since the last commit is undone. 0 or a negative error. */
static inline int
keeping_roll_back(struct keeping *k)
{
    return k->ops->roll_back(k);
}

/* To be called each minute. */
static inline void
keeping_mind(struct keeping *k)
{
    k->ops->mind(k);
}

#endif
