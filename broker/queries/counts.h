/* Questions about how a plan was rated over time: which past they need, folded and
   counted day by day (broker/queries/past_counts.h), and the answer from it, under today's
   rights. `next` is the last day of a page.                                     */
#ifndef BROKER_QUERIES_COUNTS_H
#define BROKER_QUERIES_COUNTS_H

#include "broker/queries/queries.h"

/* 0, with *fault a sentence where there are no such days; or negative. */
int counts_check(const struct querying *q, const struct query *query, const char **fault);

/* As queries_need. */
int counts_need(const struct querying *q, const struct query *query, struct past_of *out);

/* 1; 0 where the plan is not to be seen; or negative. */
int counts_answer(const struct querying *q, const struct query *query, struct result *result);

#endif
