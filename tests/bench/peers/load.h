/* W1 for a peer: producers, each with its lane and a window of updates unacknowledged, in
   one loop and one thread, as tests/bench/producers.h does it for MAAT. Checks that each
   update is acknowledged once.                                                          */
#ifndef TESTS_BENCH_PEERS_LOAD_H
#define TESTS_BENCH_PEERS_LOAD_H

#include "tests/bench/peers/audience.h"

enum { LOAD_PRODUCERS = 64, LOAD_WINDOW = 1024 };

struct load {
    unsigned producers, window;
    bool each_key;             /* PEER_KEYS updates, one of each key; else until last_ms */
    struct audience *audience; /* counts while the load counts; may be NULL */
    int64_t warm_ms, last_ms;  /* what is acknowledged between the two is counted */
};

struct load_yield {
    int64_t sent;         /* and acknowledged, in all */
    int64_t acknowledged; /* while counting */
    double seconds;
    double p50_ms, p99_ms;          /* from sending to hearing of it */
    double server_us, producers_us; /* processor time of an update */
};

bool load_run(struct server *s, const struct load *load, struct load_yield *out);

/* One update of each key. */
bool load_fill(struct server *s);

#endif
