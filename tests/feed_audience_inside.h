/* The audience's own: what it says of what is wrong, and what the model lets each hear
   and hold. For the files of feed_audience alone.                               */
#ifndef TESTS_FEED_AUDIENCE_INSIDE_H
#define TESTS_FEED_AUDIENCE_INSIDE_H

#include "tests/feed_audience.h"

/* Counts it, and says the first of a history. */
void audience_wrong(struct audience *a, const struct listener *l, int64_t *count, const char *what,
                    ...) __attribute__((format(printf, 4, 5)));

/* The plans that it may see, of those that it asks for. */
unsigned audience_plans(const struct model *m, const struct listener *l);

/* Is the entry for it, by the rights of now? */
bool audience_is_due(struct audience *a, const struct listener *l, const struct model_entry *e);

/* What its filter does with each action now is noted. */
void audience_note_filter(struct audience *a, struct listener *l);

/* Does its filter let the action through, which is there, as it is now? */
bool audience_lets_through(struct audience *a, const struct followed_filter *by, int action);

/* Has nobody the key any more that it came under? */
bool audience_is_revoked(const struct audience *a, const struct listener *l);

/* Goes on without its connection, as do all on it. */
void audience_leaves(struct audience *a, struct connection *c);

#endif
