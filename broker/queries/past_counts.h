/* A plan's rating counts over time: at the ends of asked days, with the state of
   then, while its past is folded day by day (broker/queries/past.h). So one walk over the
   chains serves all days of a page.

   A page has at most so many days as it was asked for, and is full once so many
   actions were rated, after a whole day: folding has its end.                   */
#ifndef BROKER_QUERIES_PAST_COUNTS_H
#define BROKER_QUERIES_PAST_COUNTS_H

#include <stdatomic.h>

#include "broker/ledger/ledger.h"
#include "schema/messages.h"

enum { COUNTS_RATED = 100000, COUNTS_FROM_BEGIN = INT32_MIN };

/* From `since` on (COUNTS_FROM_BEGIN: the plan's first day) each `every` days, and the
   past's own day, which is the last. Days before the plan began are left out. */
struct past_days {
    int32_t since, every; /* every 0: no day is counted */
    uint32_t most;
};

struct past_counts {
    struct counted *at; /* a row a day */
    uint32_t count;
    bool more; /* the page was full: there are days after the last one */

    bool begun;
    int32_t next; /* the day to be counted next */
    int64_t rated;
};

struct past;

/* Before the first entry is folded: the day on which the plan begins. */
void past_counts_begin(struct past *p, int32_t begins);

/* The state is that of the end of `day`: counts all asked days up to then that were
   not counted. 1; 0 once the page is full or done, so that folding may end; or
   negative. */
int past_counts_until(struct past *p, struct arena *arena, const atomic_bool *stop, int32_t day);

#endif
