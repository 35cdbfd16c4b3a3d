#include "broker/keeping.h"

#include "store/state_lmdb.h"
#include "store/state_memory.h"

/* --- in LMDB ------------------------------------------------------------------- */

static int
commit_lmdb(struct keeping *k, const struct tree_head *head)
{
    const struct state_mark mark = {(int64_t)head->size, head->root};
    int rc = state_lmdb_commit(k->state, &mark);

    if (rc == 0)
        k->applied = mark.applied;
    return rc;
}

static int
roll_back_lmdb(struct keeping *k)
{
    return state_lmdb_rollback(k->state);
}

static void
mind_lmdb(struct keeping *k)
{
    state_lmdb_check_readers(k->state);
}

struct keeping
keeping_in_lmdb(struct state *state, int64_t applied)
{
    static const struct keeping_ops ops = {commit_lmdb, roll_back_lmdb, mind_lmdb};
    return (struct keeping){&ops, state, applied};
}

/* --- in memory ------------------------------------------------------------------ */

static int
commit_memory(struct keeping *k, const struct tree_head *head)
{
    (void)k;
    (void)head;
    return 0;
}

static int
roll_back_memory(struct keeping *k)
{
    state_memory_close(&k->state);
    k->state = state_memory_open();
    return 0;
}

static void
mind_memory(struct keeping *k)
{
    (void)k;
}

struct keeping
keeping_in_memory(void)
{
    static const struct keeping_ops ops = {commit_memory, roll_back_memory, mind_memory};
    return (struct keeping){&ops, state_memory_open(), 0};
}
