/* The agent's UNIX socket and all who call on it.

       callers_open -> { callers_items, poll, callers_read -> callers_take
                         -> callers_queued, callers_settle, callers_flush } ...  */
#ifndef AGENTS_AGENCY_CALLERS_H
#define AGENTS_AGENCY_CALLERS_H

#include <poll.h>

#include "agents/agency/callers_socket.h"
#include "agents/agency/conversation.h"

struct callers;

/* Makes the socket; one that a dead agent left is taken away. 0, or -errno with a
   sentence in `why`. */
int callers_open(struct callers **out, const struct agent_option *o, struct why *why);
void callers_close(struct callers **c);

/* What to poll for: as many as callers_count. */
unsigned callers_count(const struct callers *c);
void callers_items(const struct callers *c, struct pollfd *items);

/* Reads those that were polled and lets new ones in. */
void callers_read(struct callers *c, const struct pollfd *items, int64_t now);

/* Takes lines of all, a share of the batch of each, again and again until it is full.
   True if some are left for the next batch. */
bool callers_take(struct callers *c, struct batch *b, conversation_ask *ask, void *context);

void callers_queued(struct callers *c, struct arena *arena, const struct maat_outbox_id *outbox,
                    int64_t first, const char *later);
int callers_settle(struct callers *c, struct arena *arena, struct maat_outbox *outboxes);
void callers_renumber(struct callers *c, const struct maat_outbox_id *from, int64_t n,
                      const struct maat_outbox_id *to, int64_t new_n);

/* Sends what is ready, and closes those that are done. */
void callers_flush(struct callers *c);

#endif
