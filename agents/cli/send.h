/* maat send: any submissions, a line of JSON each. */
#ifndef AGENTS_CLI_SEND_H
#define AGENTS_CLI_SEND_H

#include "schema/commands.h"
#include "schema/records_of.h"

/* clang-format off */
#define SEND_OPTION_FIELDS(F, S)                                                                   \
    F(S, skip_wrong,   OPTIONAL, FLAG, "leave out lines that are wrong, and send the others [one wrong line: nothing is sent]")

#define SEND_OPTIONS(X) X(send_option, SEND_OPTION_FIELDS, CLOSED, "maat send")
/* clang-format on */

SEND_OPTIONS(RECORD_STRUCT)
SEND_OPTIONS(RECORD_EXTERN)

int send_file(const struct invocation *in, struct arena *arena);

#endif
