/* Who may come in, and as whom: keys of the registry. At the handshake by the
   table that the ZAP handler has, of what is durable; at each frame by the state,
   so that a revocation bites at the next one.                                  */
#ifndef BROKER_ACCESS_H
#define BROKER_ACCESS_H

#include "broker/ledger/ledger.h"
#include "broker/outgoing.h"
#include "broker/sessions.h"
#include "schema/wire/zap.h"

/* Fills in the session's author and limits, by its key, where the registry has
   changed since. 1; 0: the key is nobody's, or no longer the same client's; or a
   negative error of the state. */
int access_know(struct ledger *l, struct limits_table *limits, struct session *s);

/* A client has come under its next key: from now on that is its only one, by an
   entry of the broker's. 1 if that was so, 0 if there was nothing to do, or a
   negative error of the state. */
int access_use_next_key(struct ledger *l, const struct outgoing *out, const struct session *s,
                        int64_t host);

/* All keys that may come in, as the state has them. 0 or a negative error. */
int access_build_table(struct ledger *l, struct zap_table **out);

#endif
