#include "agents/agency/commands/each_board.h"

#include <stdio.h>

#include "agents/agency/options.h"
#include "schema/wire/program.h"

static int
do_at(const struct invocation *in, struct arena *arena, const char *board, each_board_do *what,
      void *context)
{
    struct invocation one = *in;
    struct fault fault;

    return option_values_add(&one.common, OPTION_FROM_FLAG, "at", board, &fault)
               ? what(&one, arena, context)
               : program_usage(in, &fault);
}

int
each_board(const struct invocation *in, struct arena *arena, const struct option_values *flags,
           bool headed, each_board_do *what, void *context)
{
    struct option_values values = *flags;
    struct agent_boards boards;
    struct agent_option all;
    struct fault fault;
    int worst = EXIT_DONE;

    if (!agent_boards(arena, &in->common, &values, &all, &boards, &fault) || boards.count == 0)
        return what(in, arena, context);
    for (unsigned i = 0; i < boards.count; i++) {
        if (headed)
            printf("%s%-11s %s\n", i ? "\n" : "", "board", boards.at[i].name);
        (void)fflush(stdout); /* what is said on stderr comes below it */
        int rc = do_at(in, arena, boards.at[i].name, what, context);
        worst = rc > worst ? rc : worst;
    }
    return worst;
}
