/* What is said at random of a small world (feed_model.h), by its clients, and what the
   model makes of what was accepted. */
#ifndef TESTS_FEED_STORY_H
#define TESTS_FEED_STORY_H

#include "tests/feed_model.h"
#include "tests/small_broker.h"

struct story {
    struct small_broker *broker;
    struct arena *arena;
    int64_t number;              /* of the newest entry that was looked at */
    struct model *models;        /* after each entry */
    struct model_entry *entries; /* entry n is entries[n] */
    int64_t cap;
    int keys;       /* given out so far */
    int routes;     /* of connections */
    bool talkative; /* long texts: messages are long, and end where credit does */
};

/* The world is founded: its agencies but the last two, some clients, plan `p`. */
void story_begin(struct story *s, struct small_broker *broker);
void story_end(struct story *s);

/* Somebody submits something, or a day begins. */
void story_goes_on(struct story *s);

/* Police says something more of the first action, as nearly always it may. */
void story_says_more(struct story *s);

/* Looks at new entries; and after the journal has failed. */
void story_look(struct story *s);

static inline const struct model *
story_now(const struct story *s)
{
    return &s->models[s->number];
}

/* Some route that no connection has had. */
struct hub_route story_new_route(struct story *s);

/* A new connection of a client, under one of its keys: its HELLO. False: it has no valid key. */
bool story_connect(struct story *s, int client, struct hub_route *route, uint8_t key[CURVE_KEY]);

#endif
