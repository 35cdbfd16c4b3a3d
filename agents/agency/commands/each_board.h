/* A command that is for one board, typed without --at where the configuration has several: it
   is done for each, as if --at had named them one after the other. */
#ifndef AGENTS_AGENCY_COMMANDS_EACH_BOARD_H
#define AGENTS_AGENCY_COMMANDS_EACH_BOARD_H

#include "schema/commands.h"

typedef int each_board_do(const struct invocation *in, struct arena *arena, void *context);

/* `flags` are those of the command that are settings of the agent. Once where there is but one
   board, where --at names one, or where the settings are wrong, which the command then says.
   Else, with `headed`, below a line with each board's name. The largest exit code. */
int each_board(const struct invocation *in, struct arena *arena, const struct option_values *flags,
               bool headed, each_board_do *what, void *context);

#endif
