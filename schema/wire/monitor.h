/* How those see a program who watch over it: HTTP on a UNIX socket and, where that is
   asked for, at a port of this host, by threads of its own. What they tell, the program's
   loop has shown them: a struct, copied when somebody asks, at most a hundred times a
   second however many ask. Nothing here makes the loop wait.

       /metrics   numbers, for Prometheus (schema/exposition.h)
       /health    200 where all is well, else 503 and why
       /status    what the program says of itself, in JSON

       monitor_start -> { monitor_fd is readable -> monitor_is_asked -> monitor_show } ...
                     -> monitor_stop

   Connections are few, short and bounded: whoever holds them all keeps others from
   watching, and no more. */
#ifndef SCHEMA_WIRE_MONITOR_H
#define SCHEMA_WIRE_MONITOR_H

#include <stdbool.h>

#include "schema/exposition.h"
#include "schema/log_line.h"
#include "schema/why.h"

enum {
    MONITOR_PATIENCE = 2000,     /* ms in which the loop has to show itself */
    MONITOR_FRESH = 10,          /* ms for which what it has shown does for others who ask */
    MONITOR_CONNECTIONS = 32,    /* at each of the two */
    MONITOR_REQUEST = 16 * 1024, /* bytes of a request, at most */
    MONITOR_IDLE = 5,            /* seconds after which a silent connection is closed */
};

struct monitor;

/* What is told. The functions are called in the monitor's threads, with a copy of what the
   loop has shown. */
struct monitor_source {
    size_t size; /* of what the loop shows */
    const struct metrics *metrics;
    void (*look)(void *context, void *seen);  /* adds what is not the loop's to know */
    const char *(*trouble)(const void *seen); /* a line; NULL: all is well */
    const char *silent;                       /* the same, where the loop shows nothing */
    struct text (*status)(void *context, struct arena *arena, const void *seen); /* JSON */
    const struct log_event *watched, *not_watched; /* of the program's list */
    void (*log)(struct log_line *line);
    void *context;
};

/* Where it is asked. */
struct monitor_place {
    const char *socket;  /* a path, for the program's own user */
    struct text address; /* tcp://HOST:PORT; empty: none */
    bool open;           /* which others than this host may reach */
};

/* 0, or a negative errno with `why`. Where only the socket can't be had, the log says so
   and all goes on. What the address became is logged too. */
int monitor_start(struct monitor **out, const struct monitor_source *source,
                  const struct monitor_place *place, struct why *why);
void monitor_stop(struct monitor **out); /* NULL is none */

/* For the loop: readable when somebody asks; then, once, whether that is so; and what it
   shows, `size` bytes, which are copied. */
int monitor_fd(const struct monitor *m);
bool monitor_is_asked(struct monitor *m);
void monitor_show(struct monitor *m, const void *seen);

#endif
