/* Staying with a feed: what a command does that goes on until it is interrupted.
   The connection is dialled again where it is lost, and that is said once.

       stream_begin -> { stream_turn } ... -> stream_end                            */
#ifndef AGENTS_CLI_STREAM_H
#define AGENTS_CLI_STREAM_H

#include <poll.h>

#include "agents/cli/feed.h"

struct stream {
    struct talk *talk;
    struct feed *feed;
    bool lost; /* the connection */
    bool mute; /* says nothing of that: somebody else shows it */
};

/* The talk is connected; both are borrowed. EXIT_DONE, or what is wrong was said; then
   too it is to be ended. */
int stream_begin(struct stream *s, struct talk *t, struct feed *f);
void stream_end(struct stream *s);

enum { STREAM_ITEMS = 8 };

/* Waits for the connection, or for one of `items` (up to STREAM_ITEMS, whose `revents`
   are then set), at most `ms` (negative: as long as it takes); hears and says. EXIT_DONE,
   or why it is of no use to go on, which was said. */
int stream_turn(struct stream *s, struct pollfd *items, int count, long ms);

#endif
