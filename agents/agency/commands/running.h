/* Which key the agent that runs beside a command uses, as it tells (watched_ask). */
#ifndef AGENTS_AGENCY_COMMANDS_RUNNING_H
#define AGENTS_AGENCY_COMMANDS_RUNNING_H

#include "agents/libmaat/maat.h"
#include "schema/local.h"

/* Another one of the same client? False where it does not say. */
bool running_uses_another(const struct agent_status *s, const struct maat_key *key);

/* Waits, `ms` at most, until an agent runs that uses this key, and not another. */
bool running_await_key(struct text outbox, const struct maat_key *key, int ms);

#endif
