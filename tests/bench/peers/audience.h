/* Followers of everything that is pushed at a peer, each with its lane, in one thread of
   their own, as tests/bench/followers.h has them for MAAT.

       audience_open -> audience_count ... -> audience_wait -> audience_close          */
#ifndef TESTS_BENCH_PEERS_AUDIENCE_H
#define TESTS_BENCH_PEERS_AUDIENCE_H

#include "tests/bench/peers/peer.h"

enum { AUDIENCE = 64 };

struct audience;

/* Returns once all follow. NULL: trouble. */
struct audience *audience_open(struct server *s, unsigned followers);

/* Counting begins, or ends. */
void audience_count(struct audience *a, bool counting);

/* Until each was told of so many updates in all: trouble if it is more, or if nothing
   comes any longer. */
bool audience_wait(struct audience *a, struct server *s, int64_t updates);

struct heard {
    int64_t least;         /* updates told to the slowest while counting */
    double p50_ms, p99_ms; /* from sending to hearing of it, of the first */
};
struct heard audience_heard(const struct audience *a);

void audience_close(struct audience **a);

#endif
