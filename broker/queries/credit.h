/* A question's credit: its RESULT is never longer. Where a page would be, rows go
   from its end, and `next` leads to the first of them.                         */
#ifndef BROKER_QUERIES_CREDIT_H
#define BROKER_QUERIES_CREDIT_H

#include "schema/arena.h"
#include "schema/messages.h"

/* How long the answer's frame may be: the credit, and no more than a frame is ever. */
size_t credit_of(const struct query *query);

/* Encodes the answer as a frame of at most `room` bytes into `out` (FRAME_OUT_MAX);
   rows that do not fit are taken from `result`. Returns the frame's length; 0 where
   not even one row fits, or what has no rows: *least is then how much room it takes,
   0 where it is more than a frame has. */
size_t credit_fit(struct arena *arena, struct result *result, size_t room, void *out,
                  size_t *least);

#endif
