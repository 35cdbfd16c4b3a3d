/* How those see a program who watch over it: HTTP on a UNIX socket or a port of this
   host, GET of a few paths, answered by a thread of its own. What that thread tells, the
   program's loop has shown it: a struct, copied when somebody asks, at most a hundred
   times a second however many ask. Nothing here makes the loop wait.

       monitor_start -> monitor_at_path, monitor_at_port
                   -> { monitor_fd is readable -> monitor_is_asked -> monitor_show } ...
                   -> monitor_stop

   Connections are few, short and bounded: whoever holds them all keeps others from
   watching, and no more. */
#ifndef SCHEMA_WIRE_MONITOR_H
#define SCHEMA_WIRE_MONITOR_H

#include <stdbool.h>

#include "schema/arena.h"
#include "schema/record.h"
#include "schema/wire/listening.h"

enum {
    MONITOR_PATIENCE = 2000, /* ms in which the loop has to show itself */
    MONITOR_FRESH = 10,      /* ms for which what it has shown does for others who ask */
    MONITOR_CONNECTIONS = 32,
    MONITOR_REQUEST = 16 * 1024, /* bytes of a request, at most */
    MONITOR_IDLE = 5,            /* seconds after which a silent connection is closed */
};

struct monitor;

struct monitor_answer {
    unsigned status;  /* 200, 503 */
    const char *type; /* of its content */
    struct text body; /* in the arena */
};

/* What GET of the path is answered with, asked in a thread of its own; false: there is no
   such path. `seen` is what the loop has shown; NULL: nothing, in all its patience. */
struct monitor_source {
    size_t size; /* of what the loop shows */
    bool (*answer)(void *context, struct arena *arena, const char *path, const void *seen,
                   struct monitor_answer *out);
    void *context;
};

/* 0 or a negative errno. */
int monitor_start(struct monitor **out, const struct monitor_source *source);
void monitor_stop(struct monitor **w); /* NULL is none */

/* Where it is asked: one of each, as listening.h has them. 0 or a negative errno. */
int monitor_at_path(struct monitor *w, const char *path, char why[LISTENING_WHY]);
int monitor_at_port(struct monitor *w, const char *address, bool open, char bound[LISTENING_BOUND],
                    char why[LISTENING_WHY]);

/* For the loop: readable when somebody asks; then, once, whether that is so; and what it
   shows, `size` bytes, which are copied. */
int monitor_fd(const struct monitor *w);
bool monitor_is_asked(struct monitor *w);
void monitor_show(struct monitor *w, const void *seen);

#endif
