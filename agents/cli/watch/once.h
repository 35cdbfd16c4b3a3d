/* maat watch --once: the snapshot of a feed, printed as maat status prints. */
#ifndef AGENTS_CLI_WATCH_ONCE_H
#define AGENTS_CLI_WATCH_ONCE_H

#include "agents/cli/watch/watch.h"

struct talk;

/* An exit code. */
int watch_once(struct talk *t, const struct feed_filter *filter, const struct watch_option *o);

#endif
