/* Updates pushed at a process for a while, and what came of it: how many a second, how
   soon, and what it cost the two processes.                                         */
#ifndef TESTS_BENCH_PUSHING_H
#define TESTS_BENCH_PUSHING_H

#include <sys/types.h>

#include "tests/bench/updates.h"
#include "tests/bench/works.h"

struct push {
    const struct identity *clients;
    struct updates *updates;
    unsigned producers, window;
    bool echoed;  /* by an echo, not acknowledged */
    pid_t server; /* who takes them */
};

/* Adds its figures; returns how many were acknowledged in all. */
int64_t push_for_a_while(const struct push *push, const struct scale *scale,
                         const struct subject *of, struct figures *out);

#endif
