/* Rows as they are, in slices: of the plans that a follower does not hold, and of those
   of which one entry changed many: a plan's settings, or the registry's agencies, on
   which the parts and ratings of actions depend that all lead.                    */
#ifndef BROKER_FEEDS_SWEEPING_H
#define BROKER_FEEDS_SWEEPING_H

#include "broker/feeds/serving.h"

/* Does the entry change rows of plans that the follower sees, and no later one the
   same? 1, 0 or negative. */
int sweeping_is_due(struct ledger *l, const struct follower *f, const struct happening *h);

/* Begins with the rows that the entry changed. */
void sweeping_begin(struct follower *f, const struct happening *h);

/* A page of rows, or the end of it. 0 or negative. */
int sweeping_slice(struct serving *s, struct follower *f);

#endif
