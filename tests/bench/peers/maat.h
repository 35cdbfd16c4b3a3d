/* MAAT's part: the works of tests/bench on its real broker, with CURVE, as peers do them. */
#ifndef TESTS_BENCH_PEERS_MAAT_H
#define TESTS_BENCH_PEERS_MAAT_H

#include "tests/bench/peers/contender.h"

void maat_do(struct contender *c, const struct step *step, const struct scale *scale,
             struct figures *out);

/* One producer with one update at a time, for so long: the median latency, in ms, and how
   many were acknowledged in all. */
double maat_push_alone(struct bench_board *b, int64_t ms, int64_t *acknowledged);

#endif
