/* Several producers at once, through libmaat and an outbox each: the load under
   which a broker is killed, stopped or left without a disk; and the count of what
   became of all that was sent. */
#ifndef TESTS_CROWD_H
#define TESTS_CROWD_H

#include "tests/stage.h"

enum { CROWD = 4 };

struct crowd {
    struct caller *producers[CROWD];
    int64_t sent; /* by each */
};

/* Enrols them; they connect when they are driven. */
void crowd_open(struct crowd *w, struct stage *s);
void crowd_close(struct crowd *w);

/* Queues so many with each; every tenth will be refused. */
void crowd_queue(struct crowd *w, int count);

/* Lets each do what it can and waits for something to do, a little while at most.
   False once nothing is queued any more. */
bool crowd_step(struct crowd *w);

/* Steps until all is settled; fails the test where that takes too long. */
void crowd_settle(struct crowd *w);

/* Every n of each was settled as it had to be, and their journal numbers are in
   the order of n. Then, with the broker stopped, `verify` counts `before` entries
   and theirs, no more and no less. */
void crowd_check(struct crowd *w);
void crowd_count(struct crowd *w, struct stage *s, int64_t before);

#endif
