/* What the loop shows of itself to who watches over it. */
#include "broker/feeds/audience.h"
#include "broker/loop_inside.h"

/* As intake would find it now, for what an agency sends. */
static enum closing
closing_of(struct loop *l)
{
    struct ledger *ledger = l->ledger;

    if (l->service.intake.closed != OPEN_TO_ALL)
        return l->service.intake.closed;
    if (!clock_read(&ledger->clock, l->now.host))
        return CLOSED_CLOCK;
    if (ledger_is_behind(ledger, l->now.host))
        return CLOSED_DAY;
    return ledger->restored ? CLOSED_RESTORED : OPEN_TO_ALL;
}

void
loop_show(struct loop *l)
{
    struct vitals *v = &l->vitals;

    if (!l->asked || !monitor_is_asked(l->with->monitor))
        return;
    struct audience audience = audience_of(&l->service.feeds);
    v->host = l->now.host;
    v->durable = l->ledger->durable;
    v->waiting = l->ledger->number - l->ledger->durable;
    v->unwritten = l->ledger->number - l->ledger->keeping->applied;
    v->clients = (int64_t)sessions_count_open(l->service.sessions);
    v->followers = audience.followers;
    v->starved = audience.starved;
    v->lag = audience.lag;
    v->credit_waits = l->service.feeds.waits;
    for (int closing = 0; closing < CLOSING_COUNT; closing++)
        v->closed[closing] = 0;
    v->closed[closing_of(l)] = 1;
    v->syncing = l->syncing ? l->now.steady - l->handed : 0;
    monitor_show(l->with->monitor, v);
}
