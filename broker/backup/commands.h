/* maat-broker backup, restore, drill. */
#ifndef BROKER_BACKUP_COMMANDS_H
#define BROKER_BACKUP_COMMANDS_H

#include "schema/commands.h"

int backup_run(const struct invocation *in, struct arena *arena);
int restore_run(const struct invocation *in, struct arena *arena);
int drill_run(const struct invocation *in, struct arena *arena);

#endif
