/* What a printed plan says is complete: each lead's claim, entered on its behalf, and
   then the board's assurance by override, which says where it was printed so. */
#ifndef AGENTS_CLI_IMPORT_COMPLETE_H
#define AGENTS_CLI_IMPORT_COMPLETE_H

#include "agents/cli/import/import.h"

/* Of the actions that are `there`, by their place in the plan. What a lead has said
   itself, or the board decided, stays as it is, and that is said. An exit code. */
int import_complete(const struct import *im, const bool *there);

#endif
