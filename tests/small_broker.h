/* A small board's broker without sockets and threads, a turn at a time: the loop's
   work is done when the test says so.

       small_broker_open -> { _take | _turn, _release | _sync | _fail | _day } ... -> _close

   What leaves is handed to `deliver`, with the number of the newest entry when it was
   made.                                                                         */
#ifndef TESTS_SMALL_BROKER_H
#define TESTS_SMALL_BROKER_H

#include "broker/newday.h"
#include "broker/service.h"
#include "tests/small_board.h"

typedef void small_broker_deliver(void *context, const struct hub_route *to, const void *frame,
                                  size_t len, int64_t made);

struct small_broker {
    struct small_board board;
    struct outgoing out;
    struct service service;
    struct newday newday;
    struct run_option options;
    struct moment now; /* to be moved by the caller */
    bool syncing;      /* the journal has a batch */
    small_broker_deliver *deliver;
    void *context;
    int64_t *made; /* of what was ever queued, the ledger's number then */
    uint64_t made_count, made_cap;
};

void small_broker_open(struct small_broker *b, small_broker_deliver *deliver, void *context);
void small_broker_close(struct small_broker *b);

/* A frame from a client. */
void small_broker_take(struct small_broker *b, const struct hub_route *route,
                       const uint8_t key[CURVE_KEY], enum message_kind kind, const void *record);

/* The journal is given what waits for it, if it has nothing in hand, and those who
   follow are told, for a turn's time. */
void small_broker_turn(struct small_broker *b);

/* What is durable leaves, as at the end of each turn. */
void small_broker_release(struct small_broker *b);

/* What the journal has in hand becomes durable, and leaves. */
void small_broker_sync(struct small_broker *b);

/* Or it can't be written: all that is not durable has not happened. */
void small_broker_fail(struct small_broker *b);

/* The day that the clock has is rated. */
void small_broker_day(struct small_broker *b);

/* A subscription from the broker's side; NULL: it is over. */
const struct follower *small_broker_follower(const struct small_broker *b,
                                             const struct hub_route *route, int64_t id);

#endif
