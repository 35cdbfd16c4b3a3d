/* The commands that ask a running agent over its socket. */
#ifndef AGENTS_AGENCY_COMMANDS_ASK_H
#define AGENTS_AGENCY_COMMANDS_ASK_H

#include "schema/commands.h"

int ask_status(const struct invocation *in, struct arena *arena);
int ask_refused(const struct invocation *in, struct arena *arena);
int ask_forget_head(const struct invocation *in, struct arena *arena);
int ask_retry(const struct invocation *in, struct arena *arena);

#endif
