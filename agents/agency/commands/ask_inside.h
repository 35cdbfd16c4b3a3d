/* What the files of asking share (ask.h). */
#ifndef AGENTS_AGENCY_COMMANDS_ASK_INSIDE_H
#define AGENTS_AGENCY_COMMANDS_ASK_INSIDE_H

#include "agents/agency/commands/ask.h"
#include "agents/agency/options.h"
#include "schema/local.h"

/* Asks what needs no more than its name. EXIT_DONE with the answer, in the arena; else
   what is wrong was said. */
int ask_once(const struct invocation *in, struct arena *arena, enum local_ask what,
             struct ask_option *o, struct answer *answer);

void ask_print_json(struct arena *arena, const struct record *r, const void *row);

#endif
