/* An agency with several boards: one agent in front of several. Each board has an agent of
   its own, a process that is what it would be alone, with the board's key, outbox and link;
   it is started again where it ends. In front of them is one socket and one spool: what
   comes in is handed to the agents of those boards whose plans it names, and the answers
   come back as one. Nothing waits here: what is answered `queued` is on the disk of a
   board's agent. So no board, nor its broker, nor its agent holds up the others.

   front.c opens, runs and closes it; boards.c is the agents and what is known of their plans,
   caller.c a caller's conversation, splitting.c the spool, parts.c what it is split into. */
#ifndef AGENTS_AGENCY_FRONT_FRONT_H
#define AGENTS_AGENCY_FRONT_FRONT_H

#include "agents/agency/options.h"
#include "schema/why.h"

/* Runs until SIGTERM or SIGINT. 0, or -errno with a sentence in `why`. */
int front_run(const struct agent_option *o, const struct agent_boards *boards, const char *software,
              struct why *why);

#endif
