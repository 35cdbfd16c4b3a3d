/* Board leads who follow every entry, for benchmarks: each with its connection and its
   subscription, all in one thread of their own. Each checks that its messages are
   dense and that it gets every entry; the first looks now and then when they were sent.

       followers_open -> followers_count ... -> followers_close                  */
#ifndef TESTS_BENCH_FOLLOWERS_H
#define TESTS_BENCH_FOLLOWERS_H

#include "schema/messages.h"
#include "tests/bench/producers.h"

enum { FOLLOWERS_MAX = 100 };

struct followers;

/* By that key. `said` is of all; its id and credit are filled in. Returns once all are
   live. `sent` is borrowed. */
struct followers *followers_open(const struct identity *identity, unsigned count,
                                 const struct subscribe *said, const struct sent *sent);

/* From the first connection until all were live. */
double followers_seconds(const struct followers *f);

/* Waits until each is told of entry `upto`. */
void followers_wait(struct followers *f, int64_t upto);

/* Counting begins, or ends. */
void followers_count(struct followers *f, bool counting);

struct followed {
    int64_t entries, bytes; /* of all followers together, while counting */
    int64_t slowest;        /* entries of the one that got fewest */
    double p50_ms, p99_ms;  /* from sending to the first of them */
};
struct followed followers_yield(const struct followers *f);

/* Entries that each was told, in all: fails where they differ. */
int64_t followers_entries(const struct followers *f);

/* Rows of actions likewise. */
int64_t followers_actions(const struct followers *f);

void followers_close(struct followers **f);

#endif
