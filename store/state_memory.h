/* The state in memory: for workers that fold the past, for verify, for tests. */
#ifndef STORE_STATE_MEMORY_H
#define STORE_STATE_MEMORY_H

#include "schema/state.h"

/* Empty. Freed by state_memory_close; the program ends where memory does. */
struct state *state_memory_open(void);
void state_memory_close(struct state **s);

#endif
