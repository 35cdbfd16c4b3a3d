/* Feeds of a small board's broker without sockets, as clients hear them, in words
   (in_words.h):

       hall_open -> { hall_follow | hall_say | hall_slice, hall_turns | hall_settle } ... -> _close

   Entries 7 to 9 make the plan p and its action p/1, led by police and in progress. */
#ifndef TESTS_HALL_H
#define TESTS_HALL_H

#include "tests/small_broker.h"

enum { HALL_OPERATOR, HALL_LEAD, HALL_POLICE, HALL_CLIENTS, HALL_HEARD = 64 * 1024 };

struct hall {
    struct small_broker broker;
    struct arena *arena;
    bool greeted[HALL_CLIENTS];
    int64_t id;         /* of the newest subscription */
    int64_t cost;       /* of all feeds' messages, as clients count it */
    size_t len;         /* of what was heard */
    char *heard, *told; /* HALL_HEARD bytes each: since the last time, and until then */
};

void hall_open(struct hall *h);
void hall_close(struct hall *h);

/* A client says this, JSON with single quotes; it is judged and folded. */
void hall_say(struct hall *h, int client, const char *line, ...)
    __attribute__((format(printf, 3, 4)));

/* police/crm on p/1: entry n is `progress`. */
void hall_note(struct hall *h);

/* A client subscribes, after its HELLO: all but `id` as in `s`; all credit where none
   is said. */
void hall_follow(struct hall *h, int client, const struct subscribe *s);
void hall_grant(struct hall *h, int client, int64_t credit); /* to its newest */
const struct follower *hall_follower(const struct hall *h, int client);

/* A turn in which those that catch up have one slice in all; what is durable leaves. */
void hall_slice(struct hall *h);

/* All that there is to tell, whatever the journal has in hand. */
void hall_turns(struct hall *h);

/* What was heard since the last time; all that was said being told and durable. */
const char *hall_heard(struct hall *h);
const char *hall_settle(struct hall *h);

#endif
