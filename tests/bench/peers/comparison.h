/* How MAAT stands to its peers: what was wanted of each figure, and what it is. */
#ifndef TESTS_BENCH_PEERS_COMPARISON_H
#define TESTS_BENCH_PEERS_COMPARISON_H

#include "tests/bench/peers/contest.h"

struct comparison {
    const char *work, *setting, *name; /* of the figure of MAAT's */
    const char *beside;                /* whom it is compared with */
    double wanted;                     /* of MAAT's over the other's */
    bool at_most;                      /* of a time */
    bool aim;                          /* better than must be */
    bool measured;                     /* and then: */
    const struct figure *figure;
    double ours, theirs, ratio; /* the ratio is the median of the rounds' own */
};

/* The i-th target; false past the last. */
bool comparison_of(const struct contest *c, const struct figures *all, size_t i,
                   struct comparison *out);

/* "met", "missed" or "not measured". */
const char *comparison_word(const struct comparison *s);

#endif
