/* What the producers send: progress whose body has 256 bytes, over so many actions
   of the benchmark's board, action k being `plan-PPP/KKKKK` and led by agency
   k % PRODUCERS_MAX. Encoded once; of each only the n, the nonce, the action and
   a word of the note are filled in. */
#ifndef TESTS_BENCH_UPDATES_H
#define TESTS_BENCH_UPDATES_H

#include "schema/records.h"
#include "tests/bench/producers.h"

enum { UPDATE_BODY = 256, ACTION_ID = 16 };

struct updates {
    unsigned actions, plans;
    int32_t today;
    uint64_t random;
    uint8_t mould[PRODUCER_FRAME];
    size_t len, n_at, nonce_at, body_at, action_at, word_at;
};

void updates_init(struct updates *u, unsigned actions, unsigned plans);

/* A work's `frame`, with the updates as context: a random one of the producer's
   actions. */
size_t updates_frame(void *context, unsigned producer, int64_t n, uint8_t out[PRODUCER_FRAME]);

/* "plan-007/00042" */
void updates_action(const struct updates *u, unsigned k, char id[ACTION_ID]);

#endif
