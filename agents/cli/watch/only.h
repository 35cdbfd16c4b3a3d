/* Which actions a watch is about, of those that the broker's filter lets through. All
   zero: every one. */
#ifndef AGENTS_CLI_WATCH_ONLY_H
#define AGENTS_CLI_WATCH_ONLY_H

#include "agents/cli/watch/watch.h"

struct watch_only {
    struct {
        bool rating, silent_since;
    } has;
    enum rating rating;
    int32_t silent_since; /* a lead is unheard since this day */
};

struct watch_only watch_only_of(const struct watch_option *o);

bool watch_only_wants(const struct watch_only *only, const struct listed *row);

#endif
