/* One attempt to reach a broker, and the connection that comes of it: a DEALER socket that
   dials one address, and libzmq's monitor of it, which tells how that goes.

       struct attempt = {.epoll = -1} -> attempt_begin -> attempt_next ... -> attempt_end */
#ifndef SCHEMA_WIRE_ATTEMPT_H
#define SCHEMA_WIRE_ATTEMPT_H

#include <stdbool.h>

#include <czmq.h>

#include "schema/wire/identity.h"

struct attempt {
    zsock_t *socket; /* these two are NULL while there is none */
    zsock_t *monitor;
    int epoll; /* which their descriptors are in meanwhile; borrowed; -1: none */
};

/* LET_IN and DENIED: by a broker that has the server key. ENDED: the connection, or the
   attempt at one. */
enum attempt_signal {
    ATTEMPT_NOISE,
    ATTEMPT_CONNECTED,
    ATTEMPT_LET_IN,
    ATTEMPT_DENIED,
    ATTEMPT_ENDED,
    ATTEMPT_SIGNALS
};

/* Dials the address as `me`. 0, or a negative errno: too many open files, or an address that
   libzmq can't use. */
int attempt_begin(struct attempt *a, const struct identity *me, const char *address);
void attempt_end(struct attempt *a);

/* What the monitor tells next; false if that is nothing. */
bool attempt_next(struct attempt *a, enum attempt_signal *out);

/* Of ZMQ_POLLIN and ZMQ_POLLOUT, what can be done at one of the two sockets. */
int attempt_events(zsock_t *socket);

#endif
