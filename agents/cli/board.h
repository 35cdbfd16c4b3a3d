/* maat board ...: what operators confirm of the board itself, and what is kept of it
   here. */
#ifndef AGENTS_CLI_BOARD_H
#define AGENTS_CLI_BOARD_H

#include "agents/cli/given_text.h"
#include "schema/commands.h"
#include "schema/records.h"

enum { OUTBOX_HEX = 2 * OUTBOX_SIZE };

/* clang-format off */
#define BOARD_ACT_OPTION_FIELDS(F, S)                                                              \
    F(S, reason,       OPTIONAL, TEXT(1, TEXT_MAX),      "why" GIVEN_TEXT)

#define BOARD_GAP_OPTION_FIELDS(F, S)                                                              \
    F(S, outbox,       REQUIRED, TEXT(OUTBOX_HEX, OUTBOX_HEX), "which of the client's outboxes, as its agent names it: 32 hexadecimal digits") \
    F(S, from,         REQUIRED, INT(1, INT64_MAX),      "the first n that is lost")               \
    F(S, to,           REQUIRED, INT(1, INT64_MAX),      "the last n that is lost")                \
    F(S, reason,       OPTIONAL, TEXT(1, TEXT_MAX),      "why" GIVEN_TEXT)

#define BOARD_ACT_OPTIONS(X)                                                                       \
    X(board_act_option, BOARD_ACT_OPTION_FIELDS, CLOSED, "maat board confirm-clock, maat board open") \
    X(board_gap_option, BOARD_GAP_OPTION_FIELDS, CLOSED, "maat board accept-gap")
/* clang-format on */

BOARD_ACT_OPTIONS(RECORD_STRUCT)
BOARD_ACT_OPTIONS(RECORD_EXTERN)

int board_confirm_clock(const struct invocation *in, struct arena *arena);
int board_open_intake(const struct invocation *in, struct arena *arena);
int board_forget_head(const struct invocation *in, struct arena *arena);
int board_accept_gap(const struct invocation *in, struct arena *arena);

#endif
