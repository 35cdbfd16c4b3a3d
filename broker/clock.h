/* The broker's clock. Times of entries never decrease; and a clock that has
   jumped is not believed until an operator says that it is right. Pure: whoever
   calls has read the host's clock. Times are microseconds since 1970, UTC. */
#ifndef BROKER_CLOCK_H
#define BROKER_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_JUMP (INT64_C(7) * 24 * 3600 * 1000000)

/* Now, as both of the host's clocks have it. */
struct moment {
    int64_t host;   /* since 1970, UTC: may jump */
    int64_t steady; /* never goes back, for intervals */
};

struct clock {
    int64_t last;             /* time of the newest entry; 0 before the first */
    int64_t believed;         /* what the host's clock said when it was last believed */
    int64_t day_from, day_to; /* London's day `day`, as clock_day last worked it out */
    int32_t day;
};

/* After the journal was read: its newest entry has this time. */
void clock_begin(struct clock *c, int64_t last);

/* Reads the host's clock: false if it has jumped by more than CLOCK_JUMP, to
   either side, since it was last believed. */
bool clock_read(struct clock *c, int64_t host);

/* An operator has said that it is right. */
void clock_confirm(struct clock *c, int64_t host);

/* The time of an entry made now. */
int64_t clock_time(const struct clock *c, int64_t host);

/* And its day in London: asked of every update, worked out once a day. */
int32_t clock_day(struct clock *c, int64_t host);

#endif
