#include "broker/ledger/keeping.h"

#include <assert.h>

#include "store/state_lmdb.h"
#include "store/state_memory.h"

/* --- in LMDB ------------------------------------------------------------------- */

static size_t
changed_lmdb(const struct keeping *k)
{
    return state_lmdb_changed(k->state);
}

static void
freeze_lmdb(struct keeping *k)
{
    state_lmdb_freeze(k->state);
}

static int
write_lmdb(const struct keeping *k)
{
    const struct state_mark mark = {(int64_t)k->aimed.size, k->aimed.root};
    return state_lmdb_write(k->state, &mark);
}

static int
written_lmdb(struct keeping *k)
{
    return state_lmdb_written(k->state);
}

static int
roll_back_lmdb(struct keeping *k)
{
    state_lmdb_rollback(k->state);
    return 0;
}

static void
mind_lmdb(struct keeping *k)
{
    state_lmdb_check_readers(k->state);
}

struct keeping
keeping_in_lmdb(struct state *state, int64_t applied)
{
    static const struct keeping_ops ops = {changed_lmdb, freeze_lmdb,    write_lmdb,
                                           written_lmdb, roll_back_lmdb, mind_lmdb};
    return (struct keeping){.ops = &ops, .state = state, .applied = applied};
}

/* --- in memory ------------------------------------------------------------------ */

static size_t
changed_memory(const struct keeping *k)
{
    (void)k;
    return 0;
}

static void
do_nothing(struct keeping *k)
{
    (void)k;
}

static int
write_memory(const struct keeping *k)
{
    (void)k;
    return 0;
}

static int
written_memory(struct keeping *k)
{
    (void)k;
    return 0;
}

static int
roll_back_memory(struct keeping *k)
{
    state_memory_close(&k->state);
    k->state = state_memory_open();
    k->applied = 0;
    return 0;
}

struct keeping
keeping_in_memory(void)
{
    static const struct keeping_ops ops = {changed_memory, do_nothing,       write_memory,
                                           written_memory, roll_back_memory, do_nothing};
    return (struct keeping){.ops = &ops, .state = state_memory_open()};
}

/* --- either --------------------------------------------------------------------- */

size_t
keeping_changed(const struct keeping *k)
{
    return k->ops->changed(k);
}

void
keeping_freeze(struct keeping *k, int64_t number)
{
    assert(!k->frozen && number > k->applied);
    k->ops->freeze(k);
    k->frozen = number;
}

void
keeping_aim(struct keeping *k, const struct tree_head *head)
{
    assert((int64_t)head->size == k->frozen);
    k->aimed = *head;
}

bool
keeping_is_aimed(const struct keeping *k)
{
    return k->frozen && k->aimed.size;
}

int
keeping_write(const struct keeping *k)
{
    assert(keeping_is_aimed(k));
    return k->ops->write(k);
}

static int
write_job(void *context, void *job)
{
    const struct keeping *k = job;

    (void)context;
    return keeping_write(k);
}

int
keeping_start_writer(struct worker **out)
{
    return worker_start(out, write_job, NULL);
}

int
keeping_written(struct keeping *k)
{
    k->applied = k->frozen;
    k->frozen = 0;
    k->aimed.size = 0;
    return k->ops->written(k);
}

int
keeping_roll_back(struct keeping *k)
{
    k->frozen = 0;
    k->aimed.size = 0;
    return k->ops->roll_back(k);
}

void
keeping_mind(struct keeping *k)
{
    k->ops->mind(k);
}
