/* Entries that are asked for: the history of an action, and the log; in pages,
   newest first, or from a number on. What may not be read is left out.       */
#ifndef BROKER_QUERIES_ENTRIES_H
#define BROKER_QUERIES_ENTRIES_H

#include "broker/queries/queries.h"

/* The entries of one action and of its parts, newest first. 1, 0 where it is absent
   or not to be seen, or negative. */
int entries_history(const struct querying *q, const struct query *query, struct result *result);

/* The log: of all that may be read, of a plan, or of an action, with the query's
   filters. As above. */
int entries_log(const struct querying *q, const struct query *query, struct result *result);

#endif
