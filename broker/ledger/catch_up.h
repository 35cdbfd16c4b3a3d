/* Takes a state that lags behind its journal to where the journal is: at start,
   after a failure, and where a whole journal is folded anew. While some entries are
   folded, a thread reads, hashes and decodes the next.                           */
#ifndef BROKER_LEDGER_CATCH_UP_H
#define BROKER_LEDGER_CATCH_UP_H

#include "schema/state.h"
#include "store/journal.h"

/* Told after every thousand entries, of which `number` is the last; what it returns,
   if negative, ends the catching up. May be NULL. */
typedef int catch_up_told(void *context, int64_t number);

/* Folds all after *number, the last that the state reflects, which moves along. 0:
   that was the end of what is durable; or a negative error, then entry *number + 1
   is the one that could not be read or folded. The arena is reset. */
int catch_up(struct journal *journal, struct state *state, struct arena *arena, int64_t *number,
             catch_up_told *told, void *context);

#endif
