/* How an action's measure stands, from the values of all its shares, those of
   contributors too.

   Of one agency and label the value of the newest date counts. Counts add up,
   over labels and agencies; of percentages the worst by the comparator stands
   for all: the least where the target is one to reach, else the greatest. */
#ifndef SCHEMA_MEASURE_H
#define SCHEMA_MEASURE_H

#include "schema/picture.h"

/* True if there is a target that the measure does not reach; no value yet is
   below any target, and an unknown target is never missed. `measured`: there is
   a measure and a value; then `total` is how it stands, in thousandths, kept
   within AMOUNT_MIN and AMOUNT_MAX, else 0. */
bool measure_below_target(const struct picture *picture, bool *measured, int64_t *total);

#endif
