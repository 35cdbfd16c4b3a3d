/* What a contest says: a table a work, with what each one's acknowledgement means and
   whether it is true; and how MAAT stands to its peers, beside what was wanted.       */
#ifndef TESTS_BENCH_PEERS_VERDICT_H
#define TESTS_BENCH_PEERS_VERDICT_H

#include <stdio.h>

#include "tests/bench/peers/contest.h"

/* In Markdown. */
void verdict_write_tables(const struct contest *c, const struct figures *all, FILE *out);
void verdict_write_targets(const struct contest *c, const struct figures *all, FILE *out);

/* Who they are and the targets, each as a line of JSON. */
void verdict_write_json(const struct contest *c, const struct figures *all, FILE *out);

#endif
