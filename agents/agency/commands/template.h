/* `maat-agent template`: a form of all open parts of this agency, and of those it has
   succeeded, as CSV, to be filled in and put into the spool: of several boards in one, which
   share the spool. Asks the broker itself, by the agent's key; the agent need not run. */
#ifndef AGENTS_AGENCY_COMMANDS_TEMPLATE_H
#define AGENTS_AGENCY_COMMANDS_TEMPLATE_H

#include "schema/commands.h"

int template_print(const struct invocation *in, struct arena *arena);

#endif
