/* The entries of a journal in order, decoded, so many at once as one read of it gives.
   While these are folded, a thread reads, hashes and decodes the next.

       read_ahead_begin -> read_ahead_next ... -> read_ahead_end                  */
#ifndef BROKER_LEDGER_READ_AHEAD_H
#define BROKER_LEDGER_READ_AHEAD_H

#include "schema/fold.h"
#include "store/journal.h"

struct read_slice {
    int64_t from; /* the number of the first */
    size_t count;
    struct stored *entries[JOURNAL_SLICE_ROWS];
    int rc; /* of journal_read: 1 if more may follow, 0 at the end, or what ended it after these */
    uint64_t next;
    struct arena *arena;
};

struct read_ahead {
    struct journal *journal;
    struct read_slice slices[2];
    struct read_slice *current; /* NULL: before the first */
    struct worker *reader;      /* none as long as the first slice may be the last */
};

void read_ahead_begin(struct read_ahead *r, struct journal *journal, int64_t from);
void read_ahead_end(struct read_ahead *r);

/* 1: *out is the next slice, until the one after is asked for. 0: there are no more, or a
   negative error: of the journal, or -EBADMSG for an entry that can't be decoded; it is
   entry r->current->next. */
int read_ahead_next(struct read_ahead *r, const struct read_slice **out);

#endif
