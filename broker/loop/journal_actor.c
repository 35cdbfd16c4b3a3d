#include "broker/loop/journal_actor.h"

#include <stdlib.h>
#include <time.h>

#include "broker/worker.h"
#include "schema/must.h"
#include "schema/wire/host_clock.h"

struct journal_actor {
    struct worker *worker;
    uint64_t generation;
    const struct batch *batch;
    int64_t took;
};

static int
append(void *context, void *job)
{
    struct journal *journal = context;
    struct journal_actor *a = job;
    int64_t begun = clock_microseconds(CLOCK_MONOTONIC);
    int rc = journal_append(journal, (uint64_t)a->batch->first, a->generation, a->batch->entries,
                            a->batch->count);

    a->took = clock_microseconds(CLOCK_MONOTONIC) - begun;
    return rc;
}

int
journal_actor_start(struct journal_actor **out, struct journal *journal)
{
    struct journal_actor *a = must(calloc(1, sizeof *a));

    *out = NULL;
    int rc = worker_start(&a->worker, append, journal);
    if (rc) {
        free(a);
        return rc;
    }
    worker_name(a->worker, "journal");
    *out = a;
    return 0;
}

void
journal_actor_stop(struct journal_actor **out)
{
    if (!*out)
        return;
    worker_stop(&(*out)->worker);
    free(*out);
    *out = NULL;
}

void
journal_actor_append(struct journal_actor *a, uint64_t generation, const struct batch *batch)
{
    a->generation = generation;
    a->batch = batch;
    worker_do(a->worker, a);
}

int
journal_actor_fd(const struct journal_actor *a)
{
    return worker_fd(a->worker);
}

bool
journal_actor_has_reported(const struct journal_actor *a)
{
    return worker_has_reported(a->worker);
}

bool
journal_actor_take(struct journal_actor *a, int *result)
{
    return worker_take(a->worker, result);
}

int64_t
journal_actor_took(const struct journal_actor *a)
{
    return a->took;
}
