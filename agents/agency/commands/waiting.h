/* maat-agent waiting: what an outbox holds that is not done with, read from its folder,
   whether an agent runs or not. For whoever is about to remove it. */
#ifndef AGENTS_AGENCY_COMMANDS_WAITING_H
#define AGENTS_AGENCY_COMMANDS_WAITING_H

#include "schema/commands.h"

/* Prints it, of each board; EXIT_DONE where there is nothing, EXIT_REFUSED where there is
   something. */
int agent_waiting(const struct invocation *in, struct arena *arena);

#endif
