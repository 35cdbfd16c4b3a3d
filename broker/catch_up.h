/* Takes a state that lags behind its journal a step further: at start, after a
   failure, and where a whole journal is folded anew. */
#ifndef BROKER_CATCH_UP_H
#define BROKER_CATCH_UP_H

#include "schema/state.h"
#include "store/journal.h"

/* Folds up to a thousand entries after *number, the last that the state reflects,
   which moves along. 1: there may be more; 0: that was the end of what is durable;
   or a negative error, then entry *number + 1 is the one that could not be read or
   folded. The arena is reset. */
int catch_up(struct journal *journal, struct state *state, struct arena *arena, int64_t *number);

#endif
