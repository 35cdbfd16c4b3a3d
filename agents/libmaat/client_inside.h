/* What a session is made of, for client.c, which carries it, and client_command.c,
   which waits for it. */
#ifndef AGENTS_LIBMAAT_CLIENT_INSIDE_H
#define AGENTS_LIBMAAT_CLIENT_INSIDE_H

#include "agents/libmaat/client.h"

enum { MS = 1000 }; /* microseconds */

/* Ids of questions: apart from those of feeds, and from the link's own. */
#define QUESTION_FIRST (INT64_C(1) << 40)

/* The question that is open. */
struct client_question {
    client_page *each; /* NULL: none is */
    client_answered *done;
    void *context;
    struct query query; /* in the arena, but for the two that change: */
    int64_t id;
    char after[256];
    int64_t heard; /* when it was asked, or a page of it came */
    struct arena *arena;
};

struct client_session {
    struct peer *peer;
    struct link link;
    struct outboxes *outboxes;
    struct {
        struct follow *follow; /* borrowed; NULL: none */
        int64_t id;            /* of the one before it, */
        bool leaving;          /* which is to be ended */
    } feeds[FOLLOWS_MAX];
    bool knows_broker;                /* there is somebody to dial */
    const struct link_events *events; /* the caller's */
    void *context;
    unsigned failed; /* attempts in a row */
    bool welcomed;   /* as who it is now */
    int64_t dial_at; /* when to dial again, microseconds */
    enum peer_event last;
    char state[LINK_REASON + 300];
    uint8_t frame[FRAME_IN_MAX];
    size_t unsent; /* a frame that the socket would not take yet */
    bool more;     /* there may be more to say at once */
    int epoll;     /* the peer's descriptors, and the timer */
    int timer;

    struct client_question question;
};

/* --- client_ask.c: the question, as the connection comes and goes -------------------- */

void question_welcome(struct client_session *c);
void question_result(struct client_session *c, const struct result *r);
bool question_error(struct client_session *c, const struct error *e);

/* Ends it where there is no hope of an answer. */
void question_look(struct client_session *c);

/* --- client_feeds.c: the followers, as the connection comes and goes ---------------- */

void feeds_begin(struct client_session *c);
void feeds_restored(struct client_session *c, int64_t last);
void feeds_lost(struct client_session *c);
bool feeds_hear(struct client_session *c, enum message_kind kind, const union message *m,
                size_t len);
int feeds_next(struct client_session *c, int64_t ticks, uint8_t *buf);

/* The sooner of `ms` and when one of them has something to say. */
int64_t feeds_due_ms(const struct client_session *c, int64_t ms);

#endif
