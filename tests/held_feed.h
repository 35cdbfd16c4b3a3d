/* A feed of the command line that holds what a test puts into it, of a connection that
   is never made. */
#ifndef TESTS_HELD_FEED_H
#define TESTS_HELD_FEED_H

#include "agents/cli/feed.h"

struct held_feed {
    struct talk talk;
    struct feed *feed;
    struct follow *held; /* what the library holds of it */
};

void held_feed_open(struct held_feed *h);
void held_feed_close(struct held_feed *h);

/* What is not given of what each must have is empty, 0 or 90 days. */
void held_feed_put_action(struct held_feed *h, const struct listed *row, int64_t number);
void held_feed_put_plan(struct held_feed *h, const struct plan_row *row, int64_t number);

#endif
