/* Marks of a chain of entries: every so often a chain of the state remembers where
   it was (schema/state.h), so that a place in a long one is found by halving,
   and the walk back to it is short.                                           */
#ifndef BROKER_LEDGER_MARKS_H
#define BROKER_LEDGER_MARKS_H

#include "broker/ledger/ledger.h"

/* Is this entry at `limit` or after it, by whatever grows along the chain? */
typedef bool marks_reached(const struct entry *entry, int64_t limit);

/* The entry to walk back from: at the first mark that has reached the limit, else
   the chain's last (0 in an empty one). 0, or a negative error of the ledger. */
int marks_find(struct ledger *l, const struct state_key *key, const struct chain *chain,
               marks_reached *reached, int64_t limit, int64_t *number);

#endif
