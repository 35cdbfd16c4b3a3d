/* A clock that never jumps, for waiting. */
#ifndef AGENTS_CLI_TICKS_H
#define AGENTS_CLI_TICKS_H

#include <stdint.h>

/* Microseconds since some moment. */
int64_t ticks_now(void);

#endif
