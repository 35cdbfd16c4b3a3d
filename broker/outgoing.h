/* The one queue of all that leaves, first in first out. What was computed from
   the state at a journal number waits here until the journal is durable up to
   that: nobody hears of what may never have happened.

       outgoing_say, outgoing_ack ... -> outgoing_release (durable)
                                      \-> outgoing_drop: the journal has failed

   Acknowledgements of one session that follow each other, and belong to one
   batch, leave as one ACK.                                                    */
#ifndef BROKER_OUTGOING_H
#define BROKER_OUTGOING_H

#include "broker/pending.h"
#include "broker/sessions.h"
#include "schema/messages.h"

/* Hands a frame to the session's peer, without waiting, and frees it when it has left; a
   peer that is gone, or reads nothing, ends the session. */
typedef void outgoing_deliver(void *context, struct session *to, struct parcel *frame);

struct outgoing_item;

struct outgoing {
    outgoing_deliver *deliver;
    void *context;
    struct flight *flight;       /* of all */
    struct outgoing_item *items; /* a ring: item k is at k % cap */
    uint64_t cap, first, next;   /* first: the oldest; next: what the next one will be */
    int64_t newest_content;      /* number of the newest answer to a query, or page of a feed */
    uint8_t *buf;                /* FRAME_OUT_MAX bytes */
    int64_t *numbers;            /* RUN_MAX of them */
};

void outgoing_init(struct outgoing *o, outgoing_deliver *deliver, void *context);
void outgoing_end(struct outgoing *o);

/* How many were ever queued: what waits is what changes it. */
static inline uint64_t
outgoing_count(const struct outgoing *o)
{
    return o->next;
}

static inline bool
outgoing_is_empty(const struct outgoing *o)
{
    return o->first == o->next;
}

/* Queues a message computed at `number`, which never decreases. `record` is the
   struct of the kind's record. */
void outgoing_say(struct outgoing *o, struct session *to, int64_t number, enum message_kind kind,
                  const void *record);

/* Queues a query's answer as the frame that it is. */
void outgoing_answer(struct outgoing *o, struct session *to, int64_t number, const void *frame,
                     size_t len);

/* Queues the acknowledgement of n, which is entry `entry`. `sealed` is how many
   batches were sealed so far (pending.ever_sealed). */
void outgoing_ack(struct outgoing *o, struct session *to, int64_t number, uint64_t sealed,
                  int64_t n, int64_t entry);

/* Has one that the wire has not sealed yet? */
bool outgoing_has_answer(const struct session *to);

/* Queues a page of a feed, which it holds until that has left, as message `count` of
   the subscription `id`. */
struct page;
void outgoing_page(struct outgoing *o, struct session *to, int64_t number, struct page *page,
                   int64_t id, int64_t count);

/* May another page be queued for it, or is enough on its way? */
bool outgoing_has_room(const struct session *to);

/* To be called before an entry that changes rights: what was built by those before must
   have left when it is durable, so the two are not in one batch. */
void outgoing_part_from(const struct outgoing *o, struct pending *p);

/* For PONG and RETRY alone: leaves now. */
void outgoing_now(struct outgoing *o, struct session *to, enum message_kind kind,
                  const void *record);

/* The journal is durable up to here: what waited for that leaves. */
void outgoing_release(struct outgoing *o, int64_t durable);

/* Drops all that waits. */
void outgoing_drop(struct outgoing *o);

#endif
