/* Entries that a client may read, by today's rights: `agency` entries all; those
   of clients operators and leads; refusals the sender's agency and leads; all
   else by plan (DESIGN, "The wire"). In pages, newest first, or from a number on. */
#ifndef BROKER_READABLE_H
#define BROKER_READABLE_H

#include "broker/queries.h"

/* 1, or 0 where it may not be read; or a negative error. */
int readable(const struct querying *q, const struct entry *entry);

/* The entries of one action and of its parts, newest first. 1, 0 where it is absent
   or not to be seen, or negative. */
int readable_history(const struct querying *q, const struct query *query, struct result *result);

/* The log: of all that may be read, of a plan, or of an action, with the query's
   filters. As above. */
int readable_log(const struct querying *q, const struct query *query, struct result *result);

#endif
