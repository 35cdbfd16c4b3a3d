/* A new board: its directory, keys, and the journal's first entries. */
#ifndef BROKER_COMMANDS_INIT_H
#define BROKER_COMMANDS_INIT_H

#include "schema/why.h"

/* Makes DIR (which must not be there, or be empty) with everything in it; the
   board's id is `name`. 0, or a negative error with `why`: -ENOTEMPTY, and nothing
   was touched; of others what was begun is left for a look. */
int broker_init(const char *dir, const char *name, const char *title, struct why *why);

#endif
