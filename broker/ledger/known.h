/* An n that was sent before: where its entry is. Found by walking back along the
   outbox's chain of entries, from its end or from one of the chain's marks.    */
#ifndef BROKER_LEDGER_KNOWN_H
#define BROKER_LEDGER_KNOWN_H

#include "broker/ledger/ledger.h"
#include "broker/sessions.h"

/* The entry of n in the session's outbox, whose chain this is, into the ledger's
   arena: 1; 0 if it has none, being in a gap that an operator accepted; or a
   negative error. The session remembers where those that follow n are. */
int known_find(struct ledger *l, struct session *s, const struct chain *chain, int64_t n,
               struct entry *out);

#endif
