/* A hearing's days are rated as the broker rates them: by broker/newday over the
   hearing's own state. */
#ifndef TESTS_HEARING_DAYS_H
#define TESTS_HEARING_DAYS_H

#include "tests/hearing.h"

/* All that are not rated yet, up to the hearing's day. */
void hearing_rate(struct hearing *h);

/* A slice of them, of so many rows: 1 if there is more to do, else 0. What is left half
   done is begun anew by the next call, as after a restart. */
int hearing_rate_some(struct hearing *h, int rows);

#endif
