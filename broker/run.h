/* Serving a board. */
#ifndef BROKER_RUN_H
#define BROKER_RUN_H

#include "broker/options.h"
#include "schema/why.h"

/* Opens the directory, brings the state up to the journal (with a line of
   progress where that takes long), prints on stdout each address as soon as it
   is served, and serves until SIGTERM or SIGINT. 0, or a negative error with
   `why`: what failed, with which file or address, and what to do. */
int broker_run(const char *dir, const struct run_option *options, struct why *why);

#endif
