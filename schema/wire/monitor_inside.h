/* What a monitor is made of, for monitor.c, which asks the loop, and monitor_http.c, which
   answers those who ask. */
#ifndef SCHEMA_WIRE_MONITOR_INSIDE_H
#define SCHEMA_WIRE_MONITOR_INSIDE_H

#include <pthread.h>
#include <stdint.h>

#include "schema/wire/monitor.h"

enum { MONITOR_ENDS = 2, MONITOR_PATH = 108 };

struct MHD_Daemon;

struct monitor {
    struct monitor_source source;
    struct MHD_Daemon *ends[MONITOR_ENDS];
    unsigned end_count;
    char path[MONITOR_PATH]; /* of the socket, which is removed in the end */
    int fd;                  /* an eventfd: somebody asks */

    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t changed;
    bool stopping;
    bool asked;           /* and not shown yet, */
    int64_t asked_at;     /* since when; ms that never go back */
    int64_t shown_at;     /* 0: never */
    unsigned char seen[]; /* source.size bytes */
};

/* What the loop shows, copied; false where it shows nothing in all its patience. */
bool monitor_see(struct monitor *m, void *seen);

/* Answers those who come by this descriptor, which it takes. 0 or a negative errno. */
int monitor_serve(struct monitor *m, int listening);
void monitor_serve_no_more(struct monitor *m);

#endif
