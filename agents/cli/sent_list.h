/* maat sent: what this user has sent to the board, for a board that lost it. */
#ifndef AGENTS_CLI_SENT_LIST_H
#define AGENTS_CLI_SENT_LIST_H

#include "schema/commands.h"
#include "schema/records_of.h"

/* clang-format off */
#define SENT_OPTION_FIELDS(F, S)                                                                   \
    F(S, after,   OPTIONAL, INT(0, INT64_MAX),     "only what was accepted as an entry after this one [0]")

#define SENT_OPTIONS(X) X(sent_option, SENT_OPTION_FIELDS, CLOSED, "maat sent")
/* clang-format on */

SENT_OPTIONS(RECORD_STRUCT)
SENT_OPTIONS(RECORD_EXTERN)

int sent_list(const struct invocation *in, struct arena *arena);

#endif
