/* Asks a program of this host how it is, at the UNIX socket on which it is watched
   (monitor.h). */
#ifndef SCHEMA_WIRE_MONITOR_ASK_H
#define SCHEMA_WIRE_MONITOR_ASK_H

#include "schema/arena.h"
#include "schema/record.h"
#include "schema/why.h"

enum { MONITOR_ASK_MOST = 1 << 20 };

/* GET of the path: 0 with the status and the content, in the arena, a NUL after it. -ENOENT or
   -ECONNREFUSED: nobody is there; -EACCES: this user may not ask; -EAGAIN: no answer in
   `ms`; -EPROTO: what answers is something else; or another negative errno. Asked again, a
   few times, where the connection was closed before it was heard. */
int monitor_ask(struct arena *arena, const char *socket, const char *path, int ms, unsigned *status,
                struct text *body);

/* Whom a person asks, and how that person knows it. */
struct monitor_asked {
    const char *socket;
    const char *name;   /* "broker" */
    const char *absent; /* where none is there: that, and what to do */
};

/* Its status, read by `record`, in the arena. 0, or a negative errno as above, -EAGAIN also
   where it can't tell, with `why`: what to do. */
int monitor_ask_status(struct arena *arena, const struct monitor_asked *asked,
                       const struct record *record, void *out, struct why *why);

/* The status and the content of what was heard: false where that is no whole answer. */
bool monitor_read_answer(struct text heard, unsigned *status, struct text *body);

#endif
