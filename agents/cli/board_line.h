/* The line by which an agency's agent accepts the board: what goes back to who asked to be
   let in. */
#ifndef AGENTS_CLI_BOARD_LINE_H
#define AGENTS_CLI_BOARD_LINE_H

#include "agents/cli/talk.h"

/* clang-format off */
#define BOARD_ADDRESS_FIELDS(F, S)                                                                 \
    F(S, address, OPTIONAL, TEXTS(8), "the broker's address as the agency reaches it, tcp://HOST:PORT; may be given several times [your key file's]")
#define BOARD_LINE_OPTIONS(X) X(board_line_option, BOARD_ADDRESS_FIELDS, CLOSED, "maat board line")
/* clang-format on */

BOARD_LINE_OPTIONS(RECORD_STRUCT)
BOARD_LINE_OPTIONS(RECORD_EXTERN)

/* Of the board that the command's key is of; with these addresses, where there are some.
   An exit code. */
int board_line_print(struct talk *t, struct texts addresses);

int board_line(const struct invocation *in, struct arena *arena);

#endif
