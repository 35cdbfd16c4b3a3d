/* A bar on a terminal, for commands that take a while. */
#ifndef BROKER_COMMANDS_PROGRESS_H
#define BROKER_COMMANDS_PROGRESS_H

#include <stdint.h>

/* On stderr, where that is a terminal: `what` is a word of up to 12 letters. */
void progress_show(const char *what, uint64_t done, uint64_t of);

#endif
