/* What the board has, as an import must know it: all agencies, the plan, and which
   of its actions there are. */
#ifndef AGENTS_CLI_IMPORT_BOARD_H
#define AGENTS_CLI_IMPORT_BOARD_H

#include "agents/cli/printed/lead.h"
#include "agents/cli/talk.h"

struct import_board {
    struct agency_row *agencies;
    struct registered *registry; /* the same, in the same order */
    size_t agency_count, agency_cap;

    struct plan_row plan;
    bool exists; /* the plan */

    struct text *actions; /* the plan's, by id */
    size_t action_count, action_cap;
};

/* An exit code; what went wrong was said. That there is no such plan is no fault. */
int import_board_ask(struct talk *t, struct text plan, struct import_board *out);

bool import_board_has(const struct import_board *b, struct text action);

/* In which fields the board's action is not the one printed: "due, leads"; "" where
   it is the same. In the arena. */
const char *import_difference(struct arena *arena, const struct action *printed,
                              const struct action_row *row);

#endif
