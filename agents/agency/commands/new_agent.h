/* Where a new agent keeps what it has, and its configuration, ready to run. */
#ifndef AGENTS_AGENCY_COMMANDS_NEW_AGENT_H
#define AGENTS_AGENCY_COMMANDS_NEW_AGENT_H

#include "schema/arena.h"
#include "schema/fault.h"
#include "schema/options.h"

struct new_agent {
    const char *config, *key;
    const char *outbox, *refused, *spool, *socket;
    const char *at;  /* " --at NAME", where the configuration has several boards; or "" */
    bool configured; /* the configuration is there: it is taken as it is */
};

/* The paths, which live in the arena: of everything below `folder`, which is made; NULL:
   of the configuration that `common` names, and what belongs to the system. Where the
   configuration is there, it says where the key is. False with a fault. */
bool new_agent_find(struct new_agent *a, struct arena *arena, const struct option_values *common,
                    const struct text *folder, struct fault *fault);

/* Writes the configuration, unless there is one. */
bool new_agent_configure(const struct new_agent *a, struct fault *fault);

#endif
