#include "broker/loop/held.h"

#include <stdlib.h>
#include <string.h>

#include "schema/must.h"

enum { CAP_FIRST = 256 };

/* A short message lies within its zmq_msg_t, so its data moves along. */
static void
move(struct hub_frame *to, struct hub_frame *from)
{
    *to = *from;
    (void)zmq_msg_init(&to->message);
    (void)zmq_msg_move(&to->message, &from->message);
    to->data = zmq_msg_data(&to->message);
    hub_release(from);
}

static struct held_frame *
new_ring(size_t cap)
{
    struct held_frame *ring = must(calloc(cap, sizeof *ring));

    return ring;
}

void
held_init(struct held *h)
{
    *h = (struct held){.at = new_ring(CAP_FIRST), .cap = CAP_FIRST};
}

static void
grow(struct held *h)
{
    size_t cap = 2 * h->cap;
    struct held_frame *wider = new_ring(cap);

    for (size_t k = h->first; k < h->next; k++) {
        move(&wider[k % cap].frame, &h->at[k % h->cap].frame);
        wider[k % cap].number = h->at[k % h->cap].number;
    }
    free(h->at);
    h->at = wider;
    h->cap = cap;
}

void
held_end(struct held *h)
{
    held_release(h, INT64_MAX);
    free(h->at);
    *h = (struct held){0};
}

size_t
held_count_of(const struct held *h, const uint8_t key[CURVE_KEY])
{
    size_t count = 0;

    for (size_t k = h->first; k < h->next; k++)
        count += memcmp(h->at[k % h->cap].frame.key, key, CURVE_KEY) == 0;
    return count;
}

void
held_push(struct held *h, struct hub_frame *frame, int64_t number)
{
    if (held_count(h) == h->cap)
        grow(h);
    struct held_frame *to = &h->at[h->next++ % h->cap];
    move(&to->frame, frame);
    to->number = number;
}

int
held_pop(struct held *h, struct hub_frame *out)
{
    if (held_count(h) == 0)
        return 0;
    move(out, &h->at[h->first++ % h->cap].frame);
    return 1;
}

void
held_release(struct held *h, int64_t durable)
{
    while (held_count(h) && h->at[h->first % h->cap].number <= durable)
        hub_release(&h->at[h->first++ % h->cap].frame);
}
