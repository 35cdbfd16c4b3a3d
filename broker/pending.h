/* Entries on their way to the journal, in batches, first in first out:

       pending_add ...  pending_seal  -> pending_next -> (the journal) -> pending_done
                                                                      \-> pending_drop

   The newest batch is being filled; the one in the journal's hands is the
   oldest. An entry can be looked up here until it is durable.                  */
#ifndef BROKER_PENDING_H
#define BROKER_PENDING_H

#include <stdbool.h>

#include "schema/records.h"
#include "store/journal.h"

enum {
    BATCH_ENTRIES = 1024,
    BATCH_BYTES = 1 << 20, /* another entry is taken as long as there are fewer */
};

struct batch {
    struct batch *next;
    int64_t first; /* its entries' numbers are first, first + 1, ... */
    uint32_t count;
    size_t len;
    bool sealed;
    bool registry;                      /* it changes who may come in */
    int64_t since;                      /* when its first entry was made, by pending.now */
    uint16_t refused[FAULT_CODE_COUNT]; /* so many of its entries, by the reason */
    struct journal_bytes entries[BATCH_ENTRIES];
    uint8_t bytes[BATCH_BYTES + JOURNAL_ENTRY];
};

struct pending {
    struct batch *oldest, *newest;
    struct batch *spare;
    unsigned sealed;      /* batches that are */
    uint64_t ever_sealed; /* of all time: tells one batch from the next */
    int64_t now;          /* set by whoever fills it, when it likes: a clock of its own */
};

void pending_free(struct pending *p);

/* Encodes the entry at the end. Its number must be the one after the last. */
void pending_add(struct pending *p, const struct entry *entry);

/* Nothing more comes into the batch that is being filled, if there is one. */
void pending_seal(struct pending *p);

/* The number of the first entry in the batch that is being filled; 0: none is. */
int64_t pending_filling(const struct pending *p);

/* The oldest batch if it is sealed, else NULL. */
struct batch *pending_next(const struct pending *p);

/* The oldest batch is durable. */
void pending_done(struct pending *p);

/* Nothing of all this has happened. */
void pending_drop(struct pending *p);

/* The bytes of an entry that is not durable yet; valid until its batch is done or
   dropped. False if it is not here. */
bool pending_find(const struct pending *p, int64_t number, struct bytes *out);

#endif
