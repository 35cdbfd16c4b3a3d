#include "tests/bench/latency.h"

#include <stddef.h>
#include <time.h>

void
latency_add(struct latency *l, int64_t us)
{
    int64_t step = us / LATENCY_STEP;

    l->at[step < LATENCY_STEPS ? step : LATENCY_STEPS - 1]++;
    l->count++;
}

double
latency_quantile(const struct latency *l, double share)
{
    int64_t more = (int64_t)((double)l->count * (1 - share));
    int64_t left = l->count - more; /* of 1 that one, of 3 two for a half */
    size_t step = 0;

    while (step < LATENCY_STEPS - 1 && (left -= l->at[step]) > 0)
        step++;
    return (double)(step + 1) * LATENCY_STEP / 1000;
}

int64_t
latency_now(void)
{
    struct timespec ts;
    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

double
latency_seconds_since(int64_t then)
{
    return (double)(latency_now() - then) / 1e6;
}
