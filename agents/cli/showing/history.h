/* The history of an action for people, newest first. What one client said the same
   again and again, as a system does that sends all it has every night, is one line:

       320  2017-02-05 09:00  housing/agent  da-2016/4.3: status in-progress (126 times since
   2016-10-03)

       history_begin -> { history_take } ... -> history_end                       */
#ifndef AGENTS_CLI_SHOWING_HISTORY_H
#define AGENTS_CLI_SHOWING_HISTORY_H

#include "schema/arena.h"
#include "schema/records.h"

struct history {
    struct arena *arena; /* of what follows: the line that waits */
    struct entry newest; /* of those that say the same; only number, time and client */
    struct text said;    /* what they say; empty: none waits */
    int64_t times;
    int32_t since; /* the day of the oldest */
};

void history_begin(struct history *h);
void history_take(struct history *h, const struct entry *entry);
void history_end(struct history *h);

#endif
