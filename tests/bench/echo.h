/* The ceiling: a process whose ROUTER sends each frame back as it came, over CURVE,
   and does nothing else. */
#ifndef TESTS_BENCH_ECHO_H
#define TESTS_BENCH_ECHO_H

#include <sys/types.h>

#include "schema/wire/identity.h"

struct echo {
    pid_t id;
    struct identity place; /* its key as the server's, and its address */
};

/* Forks, so before there are threads. It ends with its parent at the latest. */
void echo_start(struct echo *e);
void echo_stop(struct echo *e);

#endif
