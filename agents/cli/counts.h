/* maat counts PLAN: how many of a plan's actions were red, amber, green, blue and
   grey over time, a row a day that was asked for, oldest first. */
#ifndef AGENTS_CLI_COUNTS_H
#define AGENTS_CLI_COUNTS_H

#include "schema/commands.h"
#include "schema/messages.h"

/* clang-format off */
#define COUNTS_OPTION_FIELDS(F, S)                                                                 \
    F(S, since, OPTIONAL, DAY,               "from this day on [the plan's first]")                \
    F(S, until, OPTIONAL, DAY,               "up to this day [today]")                             \
    F(S, every, OPTIONAL, INT(1, EVERY_MAX), "so many days from row to row, and the last day in any case [7]")
#define COUNTS_OPTIONS(X) X(counts_option, COUNTS_OPTION_FIELDS, CLOSED, "maat counts")
/* clang-format on */

COUNTS_OPTIONS(RECORD_STRUCT)
COUNTS_OPTIONS(RECORD_EXTERN)

int counts(const struct invocation *in, struct arena *arena);

#endif
