/* Questions about rows as at a past day: which past they need, and the answer
   from it, under today's rights. A page holds rows of one plan; where more plans
   are asked for, `next` leads to the next.                                     */
#ifndef BROKER_QUERIES_AS_AT_H
#define BROKER_QUERIES_AS_AT_H

#include "broker/queries/queries.h"

/* 0, with *fault a sentence where there is no past of that day, since it is still to
   come, or before the first entry, else NULL; or negative. */
int as_at_check(const struct querying *q, int32_t day, const char **fault);

/* As queries_need. */
int as_at_need(const struct querying *q, const struct query *query, struct past_of *out);

/* 1; 0 where what is asked for is not to be seen, or was not there; or negative.
   Fills the result's number with the newest entry that it reflects: a `seen` that
   is stale where anything changed since. */
int as_at_answer(const struct querying *q, const struct query *query, struct result *result);

#endif
