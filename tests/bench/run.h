/* Which works are run, and each of them from its first round to its last. */
#ifndef TESTS_BENCH_RUN_H
#define TESTS_BENCH_RUN_H

#include <stdbool.h>

#include "tests/bench/works.h"

/* `works` is "w1,w3" as it was typed, or "": all. */
bool run_is_wanted(const char *works, const char *name);

/* Are there all that it names? */
bool run_names_works(const char *works);

/* On a terminal a line on stderr says how far it is. */
void run_work(const struct work *work, const struct scale *scale, struct figures *out);

/* The same, of one setting alone. */
void run_setting(const struct work *work, const char *setting, const struct scale *scale,
                 struct figures *out);

#endif
