/* Light clients, for benchmarks: each has its key, its connection and its outbox,
   and keeps a window of submissions unacknowledged. They keep nothing on disk,
   and check that each n is acknowledged once, in order. One loop for all of them.

       producers_open -> producers_work ... -> producers_close                  */
#ifndef TESTS_BENCH_PRODUCERS_H
#define TESTS_BENCH_PRODUCERS_H

#include <stdbool.h>
#include <stdint.h>

#include "schema/wire/identity.h"

enum { PRODUCERS_MAX = 64, WINDOW_MAX = 1024, PRODUCER_FRAME = 4096, SENT_MAX = 1 << 15 };

/* When each producer sent its last n's, n at n % SENT_MAX: for whoever follows them, in
   another thread. Microseconds of the clock that never goes back. */
struct sent {
    _Atomic int64_t at[PRODUCERS_MAX][SENT_MAX];
};

struct production {
    /* Writes the SUBMIT frame of the producer's n and returns its length. */
    size_t (*frame)(void *context, unsigned producer, int64_t n, uint8_t out[PRODUCER_FRAME]);
    void *context;
    unsigned window;
    int64_t last;             /* of each producer's n; INT64_MAX: until time is over */
    struct sent *sent;        /* filled in; may be NULL */
    int64_t a_second;         /* of all; 0: as many as the window lets through */
    int64_t warm_ms, last_ms; /* what is acknowledged between the two is counted, for as
                                 long, and longer where a disk stalls until there is any */
};

struct yield {
    int64_t acknowledged;
    double seconds;
    double p50_ms, p99_ms; /* from sending to hearing of it */
};

struct producers;

/* Connects each of `count` identities. `echoed`: there is no broker but an echo:
   no HELLO, and each frame comes back as it was. */
struct producers *producers_open(const struct identity *identities, unsigned count, bool echoed);
void producers_close(struct producers **p);

/* Sends, and waits until all that was sent is acknowledged. `at_ends`, if there is
   one, is called when counting begins and when it ends. */
void producers_work(struct producers *p, const struct production *work,
                    void (*at_ends)(void *context, bool end), void *context, struct yield *out);

/* How many were acknowledged in all. */
int64_t producers_acknowledged(const struct producers *p);

#endif
