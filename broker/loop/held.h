/* Frames whose answer has not left, in their order: if the journal fails, they
   are handled again. Each is given back when the journal is durable up to the
   number at which it was answered.                                            */
#ifndef BROKER_LOOP_HELD_H
#define BROKER_LOOP_HELD_H

#include "schema/wire/hub.h"

struct held_frame {
    struct hub_frame frame;
    int64_t number;
};

struct held {
    struct held_frame *at; /* a ring: frame k is at k % cap */
    size_t cap, first, next;
};

void held_init(struct held *h);
void held_end(struct held *h);

static inline size_t
held_count(const struct held *h)
{
    return h->next - h->first;
}

/* How many of them are of this key. */
size_t held_count_of(const struct held *h, const uint8_t key[CURVE_KEY]);

/* Takes the frame over; numbers never decrease. */
void held_push(struct held *h, struct hub_frame *frame, int64_t number);

/* Moves the oldest out, for the caller to release: 1, or 0 if there is none. */
int held_pop(struct held *h, struct hub_frame *out);

/* Releases those that were answered at `durable` or before. */
void held_release(struct held *h, int64_t durable);

#endif
