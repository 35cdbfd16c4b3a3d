/* Which entries a client may read, by today's rights: `agency` entries all; those
   of clients operators and leads; refusals the sender's agency and leads; all
   else by plan (DESIGN, "The wire").                                          */
#ifndef BROKER_QUERIES_READABLE_H
#define BROKER_QUERIES_READABLE_H

#include "broker/queries/queries.h"
#include "schema/fold.h"

/* 1, or 0 where it may not be read; or a negative error. */
int readable(const struct querying *q, const struct entry *entry);

/* Where an accepted entry belongs. 0 or a negative error. */
int readable_place(const struct querying *q, const struct entry *entry, struct place *out);

/* The plan that an accepted entry belongs to, empty for the registry; in the
   ledger's arena. 0 or a negative error. */
int readable_plan(const struct querying *q, const struct entry *entry, struct text *id);

#endif
