/* The journal alone: entries as the producers' updates make them, appended in
   batches, each synced. */
#ifndef TESTS_BENCH_BENCH_JOURNAL_H
#define TESTS_BENCH_BENCH_JOURNAL_H

#include "tests/bench/updates.h"

/* A new journal in the folder `path`, written for so many milliseconds: entries a
   second. */
double bench_journal(const char *path, const struct updates *u, unsigned batch, int64_t ms);

#endif
