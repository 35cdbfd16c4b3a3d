/* maat whoami: whose key this is, and which board answers. */
#ifndef AGENTS_CLI_WHOAMI_H
#define AGENTS_CLI_WHOAMI_H

#include "schema/commands.h"

int whoami(const struct invocation *in, struct arena *arena);

#endif
