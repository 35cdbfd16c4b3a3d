/* The benchmark's quantiles: of what took 1, 2, 3 ... steps of 10 us. */
#include <stdlib.h>

#include "tests/bench/latency.h"
#include "tests/t.h"

/* So many, each a step longer than the one before: the quantile, in steps. */
static int64_t
quantile_of(int64_t count, double share)
{
    struct latency *l = calloc(1, sizeof *l);

    for (int64_t i = 1; i <= count; i++)
        latency_add(l, i * LATENCY_STEP - 1);
    double ms = latency_quantile(l, share);
    free(l);
    return (int64_t)(ms * 1000 / LATENCY_STEP + 0.5);
}

TEST(bench_latency_is_what_that_share_took_at_most)
{
    static const struct {
        int64_t count;
        double share;
        int64_t want;
    } rows[] = {
        {1, 0.5, 1},    {1, 0.99, 1},    {2, 0.5, 1},      {3, 0.5, 2}, {4, 0.5, 2},
        {100, 0.5, 50}, {100, 0.99, 99}, {101, 0.99, 100}, {10, 1, 10},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_INT(rows[i].want, quantile_of(rows[i].count, rows[i].share));
}

TEST(bench_latency_beyond_the_last_step_counts_as_that)
{
    struct latency *l = calloc(1, sizeof *l);

    latency_add(l, INT64_C(1000000) * 3600);
    CHECK_INT(2000, (int64_t)(latency_quantile(l, 0.5) + 0.5));
    free(l);
}
