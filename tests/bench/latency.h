/* How long things took, by steps of 10 us; what took two seconds or more counts as that. */
#ifndef TESTS_BENCH_LATENCY_H
#define TESTS_BENCH_LATENCY_H

#include <stdint.h>

enum { LATENCY_STEP = 10, LATENCY_STEPS = 200000 }; /* us */

struct latency {
    uint32_t at[LATENCY_STEPS];
    int64_t count;
};

void latency_add(struct latency *l, int64_t us);

/* What so large a share of all took at most, in ms; of none as little as there is. */
double latency_quantile(const struct latency *l, double share);

/* Of the clock that never goes back: in us; and how many seconds ago that was. */
int64_t latency_now(void);
double latency_seconds_since(int64_t then);

#endif
