/* Serving one follower that is not level, a slice at a time: what it is told next
   follows from what it was told so far.                                          */
#ifndef BROKER_FEEDS_SERVING_H
#define BROKER_FEEDS_SERVING_H

#include "broker/feeds/follower.h"
#include "broker/feeds/sheet.h"
#include "broker/feeds/shelf.h"

struct serving {
    struct ledger *ledger;
    struct outgoing *out;
    struct span *span;
    struct sheet *sheet;
    struct shelf *shelf;
    struct arena *row_arena; /* for one row at a time */
    int64_t upto;            /* entries that come later are told of with the next batch */
    uint64_t rights;
    int32_t day;
};

/* Tells it the next that it lacks, or goes some way towards that; where its credit is
   short of it, it is starved. 0 or a negative error. */
int serving_slice(struct serving *s, struct follower *f);

/* Clocks that never go back: one that stands still while this thread waits for a processor,
   or for anything; and one that does not. Microseconds. */
int64_t serving_work(void);
int64_t serving_clock(void);

#endif
