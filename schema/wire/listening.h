/* Sockets that a program of ours listens on for others of its host. Each function
   returns a descriptor (non-blocking, closed by exec), or a negative errno with `why`:
   what failed, at which address, and what to do. */
#ifndef SCHEMA_WIRE_LISTENING_H
#define SCHEMA_WIRE_LISTENING_H

#include <stdbool.h>

#include "schema/why.h"

enum { LISTENING_BOUND = 80 };

/* A UNIX socket at the path, for its owner alone until it is opened to others by chmod.
   One that is there already, and on which nobody listens, is a dead program's, and goes;
   whoever listens removes it in the end. */
int listening_unix(const char *path, struct why *why);

/* "tcp://HOST:PORT", an IPv6 host in brackets, `*` as PORT any that is free. An address
   that other hosts may reach is refused unless `open`. `bound` is the same with the
   actual port. */
int listening_tcp(const char *address, bool open, char bound[LISTENING_BOUND], struct why *why);

/* Could it be listened on, as far as it is an address, and one that may be? For settings,
   of which a wrong line is not mended by trying again. */
bool listening_may(const char *address, bool open, struct why *why);

#endif
