/* The works that are measured, W1 to W8: each is opened once, then its steps are run in
   turn, round by round, so that what the machine does meanwhile meets all of them alike.

       work->open -> { work->run of each step } ... -> work->close

   A step is one setting done once by one of those who are compared: MAAT, or the
   ceiling. It adds its figures, one value each.                                     */
#ifndef TESTS_BENCH_WORKS_H
#define TESTS_BENCH_WORKS_H

#include <stdint.h>

#include "tests/bench/figures.h"

/* How long all is done. */
struct scale {
    bool full;
    unsigned rounds;
    int64_t warm_ms, ms; /* of each step that pushes: before counting, and counted */
};

struct work {
    const char *name, *title; /* "w1", and what it is */
    /* 0: as many as the scale has */
    unsigned rounds_at_most, rounds_at_least;

    /* The setting, and who does it where several do: "8x64 ceiling". NULL past the last. */
    const char *(*step)(const struct scale *scale, unsigned k);
    void *(*open)(const struct scale *scale);
    void (*run)(void *work, unsigned k, struct figures *out);
    void (*close)(void *work);
};

/* NULL past the last. */
const struct work *work_at(size_t i);

/* The setting of W1 that says most in one line. */
#define PUSHES_RATIO "8x64"

extern const struct work work_pushes, work_follow, work_snapshot, work_rebuild, work_growth,
    work_memory, work_agent, work_start;

#endif
