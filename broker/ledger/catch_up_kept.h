/* Takes a state that is kept to where its journal is, and keeps it on the way: while more
   is folded, a thread writes what was changed, so that a long journal's rows are not
   all held in memory, and nobody waits for the disk.                             */
#ifndef BROKER_LEDGER_CATCH_UP_KEPT_H
#define BROKER_LEDGER_CATCH_UP_KEPT_H

#include "broker/ledger/catch_up.h"
#include "broker/ledger/keeping.h"

/* As catch_up, of keeping->state. What was changed last need not be written when this
   returns, but nothing is frozen; after an error the keeping has to be rolled back. */
int catch_up_kept(struct journal *journal, struct keeping *keeping, struct arena *arena,
                  int64_t *number, catch_up_told *told, void *context);

#endif
