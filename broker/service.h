/* What the broker does with one frame of a client, apart from sockets: who sent
   it, what it says, and who answers that. Answers go to the outgoing queue.    */
#ifndef BROKER_SERVICE_H
#define BROKER_SERVICE_H

#include "broker/heads.h"
#include "broker/intake.h"
#include "broker/options.h"

struct service {
    struct ledger *ledger;
    struct outgoing *out;
    struct sessions *sessions;
    struct limits_table *limits;
    struct intake intake;
    struct heads heads;
    const struct run_option *options; /* borrowed */
    uint8_t *result;                  /* FRAME_OUT_MAX bytes for a query's answer */
};

/* All but `ledger` and `options` is made here; `signing` is the board's key. */
void service_init(struct service *v, struct ledger *ledger, struct outgoing *out,
                  const struct guard *guard, const struct run_option *options,
                  const uint8_t signing[CHECKPOINT_KEY]);
void service_end(struct service *v);

/* 0, or a negative error of the state or the journal: then what the frame asked
   for has not happened, and the ledger must be rolled back. */
int service_take(struct service *v, const struct hub_route *route, const uint8_t key[CURVE_KEY],
                 const void *frame, size_t len, struct moment now);

/* Something came that was no single frame. */
int service_strike(struct service *v, const struct hub_route *route, const uint8_t key[CURVE_KEY],
                   struct moment now);

#endif
