/* A process and all that it started, and they, and so on: some servers are many. */
#ifndef TESTS_BENCH_PEERS_FAMILY_H
#define TESTS_BENCH_PEERS_FAMILY_H

#include <stddef.h>
#include <sys/types.h>

enum { FAMILY = 256 };

/* Its members' ids: how many, at most FAMILY. */
size_t family_list(pid_t id, pid_t ids[FAMILY]);

/* Microseconds that they ran, with those of them that have ended. */
double family_cpu(pid_t id);

#endif
