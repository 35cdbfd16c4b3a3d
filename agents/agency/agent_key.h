/* The agent's key file, which may come to say more while the agent runs: which board's it
   is (maat-agent accept), or another key (maat-agent rotate). And what a person must do
   before a broker can be reached by it, said once.

       agent_key_load -> { agent_key_look, now and then } ...                        */
#ifndef AGENTS_AGENCY_AGENT_KEY_H
#define AGENTS_AGENCY_AGENT_KEY_H

#include "agents/agency/agent_inside.h"

/* Into a->key. 0, or AGENT_NO_KEY with a sentence in a->why. */
int agent_key_load(struct agent *a);

/* The addresses that the settings name instead of the key file's, NULL at the end, in the
   arena of the batch. */
const char **agent_key_addresses(struct agent *a);

/* Takes the file anew where it is another. */
void agent_key_look(struct agent *a);

/* Says what a person must do, where that has changed. */
void agent_key_tell(struct agent *a);

#endif
