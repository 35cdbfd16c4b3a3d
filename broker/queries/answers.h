/* Answers to what clients ask of rows: pages of actions, one action whole, the
   plans, the registry. From the live state, or from the state of a past day.
   No socket and no journal here; broker/queries puts answers into frames.

   Each fills the page's part of `out` (views into the arena), and `next` where
   there is more. 1; 0 where what is asked for is absent or not to be seen; or a
   negative error of a state. */
#ifndef BROKER_QUERIES_ANSWERS_H
#define BROKER_QUERIES_ANSWERS_H

#include "schema/access.h"
#include "schema/messages.h"

struct answering {
    struct state *rows;   /* what is shown: the live state, or that of a past day */
    struct state *rights; /* today's rights decide who sees it: the live state */
    struct arena *arena;
    const struct author *author;
    int32_t day; /* of the ratings */
};

/* A page looks at this many rows at most, so that the loop is soon back at its
   work; and holds at most so many bytes, so that it fits a frame. */
enum { PAGE_ROWS = 1000, PAGE_BYTES = 192 * 1024 };

int answer_status(const struct answering *a, const struct query *q, struct result *out);
int answer_show(const struct answering *a, const struct query *q, struct result *out);
int answer_plans(const struct answering *a, const struct query *q, struct result *out);
int answer_agencies(const struct answering *a, const struct query *q, struct result *out);
int answer_clients(const struct answering *a, const struct query *q, struct result *out);

/* Is this asked of rows? Then the right one of the above. */
bool answers_rows(enum query_kind what);
int answer_rows(const struct answering *a, const struct query *q, struct result *out);

#endif
