/* What is asked for on the command line of a watch, as a feed's filter. */
#ifndef AGENTS_CLI_WATCH_ASK_H
#define AGENTS_CLI_WATCH_ASK_H

#include "agents/cli/watch/watch.h"

/* Plans, or actions; texts are views of the invocation, lists in the arena. False with a
   fault. */
bool watch_ask_filter(const struct invocation *in, const struct watch_option *o,
                      struct arena *arena, struct feed_filter *out, struct fault *fault);

/* The same as words, for a state file: whose are the same watches the same. */
struct texts watch_ask_words(const struct feed_filter *filter, const struct watch_option *o,
                             struct arena *arena);

/* The first plan or action that was named and is not there, or may not be seen: NULL
   where all are. For a feed whose snapshot is whole. */
const struct text *watch_ask_absent(const struct feed *f);

#endif
