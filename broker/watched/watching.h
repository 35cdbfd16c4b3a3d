/* The broker seen from outside: at DIR/status.sock and, where that is set, at a port
   (schema/wire/monitor.h).

       watching_begin -> watching_tell -> (the loop shows its vitals) -> watching_end

   Until the loop shows them whoever asks is told that the broker is starting.       */
#ifndef BROKER_WATCHED_WATCHING_H
#define BROKER_WATCHED_WATCHING_H

#include "broker/options.h"
#include "schema/why.h"
#include "schema/wire/hub.h"
#include "schema/wire/monitor.h"

struct watching {
    struct monitor *monitor; /* for the loop */
    const char *dir, *board;
    const struct run_option *options;
    struct text addresses[HUB_ADDRESSES]; /* that clients connect to */
    uint32_t address_count;
};

/* All is borrowed until it ends. 0, or a negative errno with `why`. */
int watching_begin(struct watching *w, const char *dir, const char *board,
                   const struct run_option *options, struct why *why);

/* Where clients come in; to be said before the loop begins. */
void watching_tell(struct watching *w, const struct hub *hub);
void watching_end(struct watching *w);

#endif
