/* What came in during one turn of the loop, over all ways in: checked line by
   line, then queued in the outbox together, with one sync.

       batch_init, batch_use -> { batch_begin -> batch_add ... -> batch_commit } ... */
#ifndef AGENTS_AGENCY_BATCH_H
#define AGENTS_AGENCY_BATCH_H

#include "agents/libmaat/maat.h"
#include "schema/arena.h"
#include "schema/fault.h"
#include "schema/guard.h"
#include "schema/records.h"

enum { BATCH_MAX = 1024, BATCH_BYTES = 4 * 1024 * 1024 };

struct batch {
    struct maat_outbox *outboxes;
    const struct guard *guard;
    struct arena *arena; /* what was added, until the next batch_begin */
    int64_t wall;        /* the turn's time: UTC, microseconds */
    size_t bytes;        /* of lines looked at */
    unsigned looked;     /* how many, refused ones too */
    unsigned count;
    int64_t refused[FAULT_CODE_COUNT]; /* by the agent itself, since it was begun */
    struct maat_submission list[BATCH_MAX];
    uint8_t body[BODY_MAX];
};

void batch_init(struct batch *b);
void batch_use(struct batch *b, struct maat_outbox *outboxes, const struct guard *guard);
void batch_end(struct batch *b);

void batch_begin(struct batch *b, int64_t wall);
bool batch_is_full(const struct batch *b);

/* Checks a line as the broker would, without its state, and adds it; where it does not say
   `on`, that is the day at which it was handed in: true, its
   place in the batch in *at (its n will be the first's and so many more), and
   whether the verdict is waited for. Else a fault. Not when the batch is full. */
bool batch_add(struct batch *b, struct text line, const char *source, int64_t handed_in,
               unsigned *at, bool *wait, struct fault *fault);

/* One that was not added, or never came so far: who tells whoever handed it in counts it,
   since a line may be no submission, or one that was told of before. */
void batch_count_refused(struct batch *b, const struct fault *fault);

/* Queues all in one transaction, with notes: 0 and the first's n, else an error,
   and nothing was queued. */
int batch_commit(struct batch *b, const struct maat_outbox_id *outbox,
                 const struct maat_note *notes, size_t note_count, int64_t *first);

#endif
