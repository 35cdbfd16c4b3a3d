/* The agent's own key, for commands of maat-agent that a person types beside the agent
   that runs: as the configuration names it. What is wrong is said on stderr. */
#ifndef AGENTS_AGENCY_COMMANDS_OWN_KEY_H
#define AGENTS_AGENCY_COMMANDS_OWN_KEY_H

#include "agents/agency/options.h"
#include "agents/libmaat/maat.h"
#include "schema/commands.h"

struct own_key {
    struct agent_option settings;
    const char *path;
    struct maat_key *key; /* says its client; for maat_key_free */
};

/* EXIT_DONE, or why not, and then there is nothing to free. */
int own_key_load(struct own_key *own, const struct invocation *in, struct arena *arena);

/* "maat-agent: ..."; the exit code is handed through. */
int own_key_complain(int exit_code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Of a file: EXIT_USAGE. */
int own_key_complain_of(const char *path, const struct maat_fault *why);

#endif
