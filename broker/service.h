/* What the broker does with one frame of a client, apart from sockets: who sent
   it, what it says, and who answers that. Answers go to the outgoing queue.    */
#ifndef BROKER_SERVICE_H
#define BROKER_SERVICE_H

#include "broker/feeds/feeds.h"
#include "broker/heads.h"
#include "broker/intake.h"
#include "broker/options.h"
#include "broker/queries/past.h"

struct service {
    struct ledger *ledger;
    struct outgoing *out;
    struct sessions *sessions;
    struct limits_table *limits;
    struct intake intake;
    struct heads heads;
    struct feeds feeds;
    const struct run_option *options; /* borrowed */
    uint8_t *result;                  /* FRAME_OUT_MAX bytes for a query's answer */
    const struct hub_frame *frame;    /* set before it is taken; NULL: no socket brought it */
    struct past_of wanted;            /* with SERVICE_LATER: the past to be folded first */
    size_t waiting; /* set before a frame is taken: so many questions of its key wait for a past */
};

/* All but `ledger` and `options` is made here; `signing` is the board's key. */
void service_init(struct service *v, struct ledger *ledger, struct outgoing *out,
                  const struct guard *guard, const struct run_option *options,
                  const uint8_t signing[CHECKPOINT_KEY]);
void service_end(struct service *v);

/* 0; SERVICE_LATER: fold the past that v->wanted says, and let the frame be taken
   again with it; or a negative error of the state or the journal: then what the
   frame asked for has not happened, and the ledger must be rolled back. */
enum { SERVICE_LATER = 1, SERVICE_WAITING_MAX = 4 /* of one key */ };
int service_take(struct service *v, const struct hub_route *route, const uint8_t key[CURVE_KEY],
                 const void *frame, size_t len, struct moment now);

/* The same for a frame whose past is there; SERVICE_LATER once more where rights
   have changed meanwhile, so that it needs another. */
int service_take_again(struct service *v, const struct hub_route *route,
                       const uint8_t key[CURVE_KEY], const void *frame, size_t len,
                       const struct past *past, struct moment now);

/* What the frame will look at when it is taken is brought nearer (state_expect), as far as a
   glance tells. */
struct state_expected service_expect(struct service *v, const struct hub_route *route,
                                     const void *frame, size_t len);

/* Something came that was no single frame. */
int service_strike(struct service *v, const struct hub_route *route, const uint8_t key[CURVE_KEY],
                   struct moment now);

#endif
