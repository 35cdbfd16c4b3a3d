/* The past of one plan: what the journal held of it, and of the registry, at the
   end of a day. Folded from those two chains of entries, in order of their
   numbers, into a state in memory: at a cost that does not grow with what else is
   in the journal.

       past_find (where the ledger is) -> past_fold (on any thread) -> past_free */
#ifndef BROKER_QUERIES_PAST_H
#define BROKER_QUERIES_PAST_H

#include <stdatomic.h>

#include "broker/queries/past_counts.h"

/* Which past, and the entries from which the chains are walked back: durable
   ones, soon after the day's end, or the last before it; 0: none. */
struct past_of {
    char plan[ID_MAX + 1]; /* "": the registry alone */
    int32_t day;
    struct past_days days; /* to be counted on the way; of past_find there are none */
    int64_t plan_end, registry_end;
};

struct past {
    struct past_of of;
    struct state *state; /* of the day; or of the last that was counted, where a page was full */
    struct past_counts counts;
    int64_t number; /* of the newest entry folded in; 0: there was none */
};

/* Looks up the ends, by the chains' marks. 0, or a negative error of the ledger. */
int past_find(struct ledger *l, struct text plan, int32_t day, struct past_of *out);

/* Folds it; `out` is empty before. Sees what is durable. 0; -ECANCELED once *stop
   is set; -EBADMSG where a chain does not hang together; or an error of the
   journal. */
int past_fold(struct journal *journal, const struct past_of *of, const atomic_bool *stop,
              struct past *out);
void past_free(struct past *p);

#endif
