/* What the loop shows of itself to who watches over it, and says of who was not let in. */
#include "broker/events.h"
#include "broker/feeds/audience.h"
#include "broker/loop/inside.h"

#define STRANGERS_EVERY (600 * LOOP_SECOND)

/* Who dials again and again is told of at once, and then now and then. */
void
loop_tell_strangers(struct loop *l)
{
    struct log_line line = broker_event(BROKER_KEY_UNKNOWN);
    int64_t count = (int64_t)zap_rejected(l->with->zap);
    char address[ZAP_ADDRESS];

    if (count == l->strangers || l->now.steady < l->strangers_at)
        return;
    zap_rejected_from(l->with->zap, address);
    log_number(&line, "count", count - l->strangers);
    log_word(&line, "address", address);
    log_write(&line);
    l->strangers = count;
    l->strangers_at = l->now.steady + STRANGERS_EVERY;
}

void
loop_look(struct loop *l)
{
    struct vitals *v = &l->vitals;
    struct audience audience = audience_of(&l->service.feeds);

    v->host = l->now.host;
    v->strangers = (int64_t)zap_rejected(l->with->zap) - l->strangers_before;
    v->durable = l->ledger->durable;
    v->waiting = l->ledger->number - l->ledger->durable;
    v->unwritten = l->ledger->number - l->ledger->keeping->applied;
    v->clients = (int64_t)sessions_count_open(l->service.sessions);
    v->sharing = (int64_t)sessions_count_shared(l->service.sessions);
    v->followers = audience.followers;
    v->starved = audience.starved;
    v->lag = audience.lag;
    v->credit_waits = l->service.feeds.waits;
    for (int closing = 0; closing < CLOSING_COUNT; closing++)
        v->closed[closing] = 0;
    v->closed[loop_closing(l)] = 1;
    v->syncing = l->syncing ? l->now.steady - l->handed : 0;
}

void
loop_show(struct loop *l)
{
    if (!l->asked || !monitor_is_asked(l->with->monitor))
        return;
    loop_look(l);
    monitor_show(l->with->monitor, &l->vitals);
}
