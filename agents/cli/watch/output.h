/* Stdout of a watch, which may be a pipe that nobody reads for a while: what is to be
   written waits, and the watch goes on hearing. Where stdout is a file and the watch has
   a state, what an earlier run wrote and was killed before it could note is not written
   again.

       watch_output_begin -> { watch_output_put, watch_output_work } ...              */
#ifndef AGENTS_CLI_WATCH_OUTPUT_H
#define AGENTS_CLI_WATCH_OUTPUT_H

#include <poll.h>

#include "agents/cli/watch/state.h"

struct watch_output {
    bool is_file;   /* of which the state notes how much it covers */
    bool broken;    /* nobody reads any more */
    size_t written; /* of the text at hand */
};

void watch_output_begin(struct watch_output *o, struct watch_state *s);

/* Writes what goes without waiting: 1 when all of the text is written, 0 when not yet
   (call again with the same), negative: -errno. */
int watch_output_write(struct watch_output *o, const char *text, size_t len);

/* Makes durable what was written, and notes how much that is. 0 or -errno. */
int watch_output_settle(struct watch_output *o, struct watch_state *s);

/* What to poll for while a text waits, or none does; and what came of it. */
struct pollfd watch_output_item(const struct watch_output *o, bool waits);
void watch_output_polled(struct watch_output *o, const struct pollfd *item);

#endif
