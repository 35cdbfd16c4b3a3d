/* maat log: the journal's entries that one may read, newest first; with -f from the
   newest few on, and each that comes. */
#ifndef AGENTS_CLI_LOG_H
#define AGENTS_CLI_LOG_H

#include "schema/commands.h"
#include "schema/messages.h"

/* clang-format off */
#define LOG_OPTION_FIELDS(F, S)                                                                    \
    F(S, follow, OPTIONAL, FLAG,           "-f: the newest ten, oldest first, then each that comes, until interrupted") \
    F(S, since,  OPTIONAL, DAY,            "of this day or later")                                 \
    F(S, until,  OPTIONAL, DAY,            "of this day or earlier")                               \
    F(S, agency, OPTIONAL, ID,             "by clients of this agency")                            \
    F(S, limit,  OPTIONAL, INT(1, 1000000), "so many at most")
#define LOG_OPTIONS(X) X(log_option, LOG_OPTION_FIELDS, CLOSED, "maat log")
/* clang-format on */

LOG_OPTIONS(RECORD_STRUCT)
LOG_OPTIONS(RECORD_EXTERN)

int log_entries(const struct invocation *in, struct arena *arena);

#endif
