/* Those who follow a story (feed_story.h): clients that subscribe with any filter, grant
   little or much credit, go away at any message and come back; and for each, what the
   model says that it must hear: of every entry that the broker has come past, whether
   its rights and its filter let it through just then.

   What is wrong is counted, and the first of it said.                           */
#ifndef TESTS_FEED_AUDIENCE_H
#define TESTS_FEED_AUDIENCE_H

#include "tests/feed_story.h"
#include "tests/followed.h"

enum { AUDIENCE_LISTENERS = 6, AUDIENCE_CONNECTIONS = 128 };

struct connection {
    struct hub_route route;
    uint8_t key[CURVE_KEY];
    int client;
    bool welcomed, left;
};

/* Somebody with one subscription at a time. An action's themes and leads change, and a page
   with its entries may have been made, for this listener or one like it, before they did:
   the filter counts as it was then. */
struct listener {
    enum { LISTENER_AWAY, LISTENER_FOLLOWS, LISTENER_AWAITS_AGAIN } doing;
    int client;
    struct connection *at;
    int64_t id;
    struct followed heard;
    int64_t upto;   /* the broker has come so far with it */
    int64_t credit; /* left, as the listener sees it */
    int leaves_in;  /* messages; negative: never */
    int64_t *due;   /* entries that it must hear, */
    int due_count, due_cap, due_heard;
    /* of each action, the newest entry as of which its filter did that with it; 0: never */
    int64_t let_through[FOLLOWED_ACTIONS], held_back[FOLLOWED_ACTIONS];
};

struct audience {
    struct story *story;
    struct small_broker *broker;
    struct arena *arena;
    struct connection connections[AUDIENCE_CONNECTIONS];
    int connection_count;
    int64_t ids;
    struct listener listeners[AUDIENCE_LISTENERS];
    int history;                     /* for what is said of what is wrong */
    int64_t events;                  /* heard */
    int64_t leaks, losses, disorder; /* found */
};

void audience_begin(struct audience *a, struct story *story, int history);
void audience_end(struct audience *a);

/* The broker's deliver: `context` is the audience. */
small_broker_deliver audience_hear;

/* One of them does something. */
void audience_acts(struct audience *a);

/* A turn of the broker's; and its journal fails. */
void audience_turn(struct audience *a);
void audience_failure(struct audience *a);

/* All that can be told is told, and becomes durable. Does each hold what it should then? */
void audience_settle(struct audience *a);
void audience_check(struct audience *a);

/* All come back, and grant all credit. */
void audience_come_together(struct audience *a);

#endif
