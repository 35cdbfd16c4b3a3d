/* Clients who are connected and say no more than that they are there, for benchmarks:
   each with a connection and a session, all on one socket. Meanwhile they look at how
   much memory the broker has.

       idlers_open -> idlers_watch ... -> idlers_close                            */
#ifndef TESTS_BENCH_IDLERS_H
#define TESTS_BENCH_IDLERS_H

#include <stdbool.h>
#include <sys/types.h>

#include "schema/wire/identity.h"

struct idlers;

/* By that key, which names the broker's address. Returns once each was welcomed. */
struct idlers *idlers_open(const struct identity *identity, unsigned count, pid_t broker);

/* Watching begins, or ends. */
void idlers_watch(struct idlers *i, bool watching);

/* The most that the broker had while it was watched, MiB. */
double idlers_most(const struct idlers *i);

void idlers_close(struct idlers **i);

#endif
