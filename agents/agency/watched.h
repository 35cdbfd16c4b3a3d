/* The agent seen from outside: at OUTBOX/status.sock and, where that is set, at a port
   (schema/wire/monitor.h).

       watched_begin -> { watched_fd is readable -> watched_is_asked -> watched_show } ...
                     -> watched_end                                             */
#ifndef AGENTS_AGENCY_WATCHED_H
#define AGENTS_AGENCY_WATCHED_H

#include "agents/agency/options.h"
#include "agents/agency/vitals.h"
#include "schema/local.h"
#include "schema/why.h"

struct monitor;

struct watched {
    struct monitor *monitor;
    const char *version;
    char outbox[AGENT_PATH + 1];
};

/* `version` is borrowed. 0, or a negative errno with `why`. */
int watched_begin(struct watched *w, const struct agent_option *o, const char *version,
                  struct why *why);
void watched_end(struct watched *w);

/* For the loop. */
int watched_fd(const struct watched *w);
bool watched_is_asked(struct watched *w);
void watched_show(struct watched *w, const struct agent_vitals *v);

/* Asks the agent with this outbox how it is. 0, in the arena; or a negative errno with `why`:
   that nobody answers, and what to do. */
int watched_ask(struct arena *arena, struct text outbox, struct agent_status *out, struct why *why);

#endif
