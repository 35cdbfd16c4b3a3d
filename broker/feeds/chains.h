/* Entries along chains: whoever follows a few plans catches up on their entries, and
   not on the whole journal.                                                     */
#ifndef BROKER_FEEDS_CHAINS_H
#define BROKER_FEEDS_CHAINS_H

#include "broker/feeds/plan_list.h"
#include "broker/feeds/span.h"

/* More chains than these are no quicker than the journal itself. */
enum { CHAINS_MAX = 5 };

/* Adds the entries after number `after`, up to `to`, of these plans and of the
   registry: about a mark's distance of each chain at once, and about so many bytes.
   span->last is then the number up to which there are no others. 0 or negative. */
int chains_read(struct span *s, const struct plan_list *plans, int64_t after, int64_t to,
                size_t bytes);

#endif
