/* What was judged becomes durable, batch by batch. */
#include <errno.h>
#include <poll.h>

#include "broker/access.h"
#include "broker/loop/inside.h"

bool
loop_hand_over(struct loop *l)
{
    struct pending *p = &l->ledger->pending;

    if (!l->accepting || l->syncing)
        return false;
    if (!pending_next(p))
        pending_seal(p);
    if (!pending_next(p))
        return false;
    journal_actor_append(l->actor, l->generation, pending_next(p));
    l->syncing = true;
    l->handed = l->now.steady;
    return true;
}

int
loop_swap_keys(struct loop *l)
{
    struct zap_table *table;
    int rc = access_build_table(l->ledger, &table);

    if (rc == 0)
        zap_swap(l->with->zap, &table);
    return rc;
}

int
loop_take_report(struct loop *l)
{
    struct pending *p = &l->ledger->pending;
    int result;

    if (!l->syncing || !journal_actor_take(l->actor, &result))
        return 0;
    l->syncing = false;
    if (result)
        return result;
    const struct batch *b = pending_next(p);
    bool registry = b->registry;
    vitals_count_batch(&l->vitals, b, l->now.steady - b->since, journal_actor_took(l->actor));
    ledger_made_durable(l->ledger, b->first + b->count - 1);
    pending_done(p);
    l->failures = 0;
    return registry ? loop_swap_keys(l) : 0;
}

int
loop_finish_sync(struct loop *l)
{
    struct pollfd fd = {.fd = journal_actor_fd(l->actor), .events = POLLIN};

    while (l->syncing) {
        if (poll(&fd, 1, -1) < 0 && errno != EINTR)
            return -errno;
        int rc = loop_take_report(l);
        if (rc)
            return rc;
    }
    return 0;
}
