/* maat show PLAN/REF: one action whole, how it is rated and why, and its history. */
#ifndef AGENTS_CLI_SHOW_H
#define AGENTS_CLI_SHOW_H

#include "schema/commands.h"
#include "schema/messages.h"

/* clang-format off */
#define SHOW_OPTION_FIELDS(F, S)                                                                   \
    F(S, as_at,      OPTIONAL, DAY,  "as the journal held it at this day's end, rated on that day") \
    F(S, no_history, OPTIONAL, FLAG, "without the entries that made it so")
#define SHOW_OPTIONS(X) X(show_option, SHOW_OPTION_FIELDS, CLOSED, "maat show")
/* clang-format on */

SHOW_OPTIONS(RECORD_STRUCT)
SHOW_OPTIONS(RECORD_EXTERN)

int show_action(const struct invocation *in, struct arena *arena);

#endif
