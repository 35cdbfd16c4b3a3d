/* The daemon: one thread, one loop. In each turn it takes what callers and the
   spool have, queues it all with one sync, answers; and moves what is queued to
   the broker and the verdicts back.                                          */
#ifndef AGENTS_AGENCY_AGENT_H
#define AGENTS_AGENCY_AGENT_H

#include <errno.h>

#include "agents/agency/options.h"
#include "schema/why.h"

/* Runs until SIGTERM or SIGINT. `at`: of which of several boards, or NULL; its spool is fed by
   front/front.h then. 0, or a negative int with a sentence in `why`: AGENT_NO_KEY where the key
   file is what a person must see to, an error of the outbox (maat_error_is_lasting tells what a
   person must), else -errno. */
enum { AGENT_NO_KEY = -ENOKEY };
int agent_run(const struct agent_option *o, const char *at, const char *software, struct why *why);

#endif
