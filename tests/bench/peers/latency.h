/* How long things took, by steps of 10 us; what took two seconds or more counts as that. */
#ifndef TESTS_BENCH_PEERS_LATENCY_H
#define TESTS_BENCH_PEERS_LATENCY_H

#include <stdint.h>

enum { LATENCY_STEP = 10, LATENCY_STEPS = 200000 }; /* us */

struct latency {
    uint32_t at[LATENCY_STEPS];
    int64_t count;
};

void latency_add(struct latency *l, int64_t us);

/* What `share` of all took at most, in ms. */
double latency_quantile(const struct latency *l, double share);

/* Of the clock that never goes back, in us. */
int64_t latency_now(void);

#endif
