/* Events that a program would not take, a line of JSON each: kept for a person, in a
   file that grows and is never read here. */
#ifndef AGENTS_CLI_WATCH_ASIDE_H
#define AGENTS_CLI_WATCH_ASIDE_H

#include "agents/cli/config.h"

/* FILE.set-aside beside the state file; without one, watch.set-aside in the folder for
   what a program keeps between its runs. False with a fault where there is no such. */
bool watch_aside_path(const char *state_file, char out[CONFIG_PATH], struct fault *fault);

/* Durable when this returns. 0 or -errno. */
int watch_aside_put(const char *path, const char *line, size_t len);

#endif
