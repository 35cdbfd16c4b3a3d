/* Tree heads of the journal, signed by the board's key: what a client keeps, to
   be shown later that nothing of it has gone.                                  */
#ifndef BROKER_HEADS_H
#define BROKER_HEADS_H

#include "schema/checkpoint.h"
#include "schema/record.h"
#include "store/journal.h"

struct heads {
    const uint8_t *secret; /* CHECKPOINT_KEY bytes; borrowed */
    struct checkpoint newest;
    char note[CHECKPOINT_NOTE];
    uint32_t len; /* 0: none was signed yet */
};

/* The head of what is durable, signed; a view until the next call. `board` and
   `epoch` make its origin (checkpoint_origin). 0 or a negative error. */
int heads_sign(struct heads *h, struct journal *journal, struct text board, int64_t epoch,
               struct text *note);

/* Does this head belong to the journal: 1, 0, or negative. */
int heads_fit(struct journal *journal, int64_t size, struct bytes root);

#endif
