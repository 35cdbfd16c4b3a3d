/* Pasts that were folded and answered from, kept for a little while: the next page of
   a question needs the same one. What may be seen of it is decided anew each time. */
#ifndef BROKER_QUERIES_PAST_SHELF_H
#define BROKER_QUERIES_PAST_SHELF_H

#include "broker/queries/past.h"

enum { SHELF_PASTS = 4 };
#define SHELF_TIME INT64_C(10000000) /* us without being asked for, then it goes */

struct past_shelf {
    struct {
        struct past past; /* no state: the place is free */
        int64_t since;
    } at[SHELF_PASTS];
};

/* Takes the past over; where there is no room the one that lies longest goes. */
void past_shelf_put(struct past_shelf *s, struct past *past, int64_t now);

/* Hands over the past that is the same as folding `of` would give, as long as entries
   are not taken back: they are durable. True if it was there. */
bool past_shelf_take(struct past_shelf *s, const struct past_of *of, struct past *out);

/* Frees what was put before `since`. */
void past_shelf_clear(struct past_shelf *s, int64_t since);

#endif
