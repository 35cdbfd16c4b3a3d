/* Submissions go to the local agent's UNIX socket (schema/local.h): queued
   there is enough, unless the verdict is waited for. */
#ifndef AGENTS_CLI_SENDING_THROUGH_AGENT_H
#define AGENTS_CLI_SENDING_THROUGH_AGENT_H

#include "agents/cli/sending/sending.h"

/* As sending_run; an agent that does not answer is EXIT_UNREACHABLE. */
int through_agent_send(struct sending *s);

#endif
