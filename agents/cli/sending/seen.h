/* `seen` and `epoch` of the kinds of submission that carry them. */
#ifndef AGENTS_CLI_SENDING_SEEN_H
#define AGENTS_CLI_SENDING_SEEN_H

#include "schema/records.h"

/* Made from a view complete to entry `number` of this epoch; nothing happens to a
   kind that does not carry it. */
void seen_put(enum submission_kind kind, union body *body, int64_t number, int64_t epoch);

/* Made from no view that is said. */
void seen_drop(enum submission_kind kind, union body *body);

/* Up to which entry it was made from; 0 of a kind that does not carry it. */
int64_t seen_of(enum submission_kind kind, const union body *body);

/* The path or id of the row that it changes, which a later one of the same command
   must have seen; empty where it has none. Actions stand for their parts. */
struct text seen_row(enum submission_kind kind, const union body *body);

#endif
