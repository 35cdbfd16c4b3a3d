/* What the producers send: progress whose body has 256 bytes, over so many actions
   of the benchmark's board, action k being `plan-PPP/KKKKKKK` and led by agency
   k % AGENCIES; producer p is of agency p % AGENCIES. Encoded once; of each only the n,
   the nonce, the action and a word of the note are filled in. */
#ifndef TESTS_BENCH_UPDATES_H
#define TESTS_BENCH_UPDATES_H

#include "schema/records.h"
#include "tests/bench/producers.h"

enum { AGENCIES = 8, UPDATE_BODY = 256, ACTION_ID = 24 };

/* Whose client producer p is, and what it is called: printf's, of the agency and p. */
#define PRODUCER_NAME "agency-%u/crm-%02u"

struct updates {
    unsigned actions, plans;
    int32_t today;
    uint64_t random;
    uint8_t mould[PRODUCER_FRAME];
    size_t len, n_at, nonce_at, body_at, action_at, word_at;
};

void updates_init(struct updates *u, unsigned actions, unsigned plans);

/* A production's `frame`, with the updates as context: a random one of the producer's
   actions. */
size_t updates_frame(void *context, unsigned producer, int64_t n, uint8_t out[PRODUCER_FRAME]);

/* "plan-007/0000042" */
void updates_action(const struct updates *u, unsigned k, char id[ACTION_ID]);

#endif
