/* Where a watch begins: `--since NUMBER|DAY`. */
#ifndef AGENTS_CLI_WATCH_SINCE_H
#define AGENTS_CLI_WATCH_SINCE_H

#include "agents/cli/talk.h"

/* The number before the first entry that is wanted: what a feed is to resume from. Of a
   day that is found by asking for single entries, in halves of the journal. EXIT_DONE, or
   what is wrong was said. */
int watch_since(struct talk *t, struct text since, int64_t *from);

#endif
