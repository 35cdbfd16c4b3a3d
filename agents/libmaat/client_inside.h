/* What a session is made of, for client.c, which carries it, and client_command.c,
   which waits for it. */
#ifndef AGENTS_LIBMAAT_CLIENT_INSIDE_H
#define AGENTS_LIBMAAT_CLIENT_INSIDE_H

#include "agents/libmaat/client.h"

enum { MS = 1000 }; /* microseconds */

struct client_session {
    struct peer *peer;
    struct link link;
    struct outboxes *outboxes;
    const struct link_events *events; /* the caller's */
    void *context;
    unsigned failed; /* attempts in a row */
    int64_t dial_at; /* when to dial again, microseconds */
    enum peer_event last;
    char state[LINK_REASON + 300];
    uint8_t frame[FRAME_IN_MAX];
    size_t unsent; /* a frame that the socket would not take yet */

    /* the question that is open */
    client_page *each;
    void *each_context;
    bool answered, wants_more;
    enum client_outcome outcome;
    char next[256];
    char *why;
};

/* Of what never jumps, for waiting; microseconds. */
int64_t client_ticks(void);

#endif
