/* Updates pushed at a process for a while, and what came of it: how many a second, how
   soon, and what it cost the two processes.                                         */
#ifndef TESTS_BENCH_PUSHING_H
#define TESTS_BENCH_PUSHING_H

#include <sys/types.h>

#include "tests/bench/followers.h"
#include "tests/bench/idlers.h"
#include "tests/bench/updates.h"
#include "tests/bench/works.h"

struct push {
    const struct identity *clients;
    struct updates *updates;
    unsigned producers, window;
    bool echoed;  /* by an echo, not acknowledged */
    pid_t server; /* who takes them */

    /* Who is told of them, or NULL, for which `sent` is filled in; and how many are sent
       a second, or 0: as many as the window lets through. */
    struct followers *followers;
    struct idlers *idlers; /* who look at its memory, or NULL */
    struct sent *sent;
    int64_t a_second;
};

struct pushed {
    int64_t acknowledged; /* in all */
    double seconds;       /* that were counted */
};

/* Adds its figures. */
struct pushed push_for_a_while(const struct push *push, const struct scale *scale,
                               const struct subject *of, struct figures *out);

#endif
