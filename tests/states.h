/* Two states, row by row. */
#ifndef TESTS_STATES_H
#define TESTS_STATES_H

#include "schema/state.h"

/* NULL if both hold the same rows; else the name of the first table in which
   they differ. */
const char *states_differ(struct state *a, struct state *b);

#endif
