/* How a plan's actions are rated on a day, counted. */
#ifndef BROKER_QUERIES_TALLY_H
#define BROKER_QUERIES_TALLY_H

#include "schema/rating.h"

/* Of all actions that the state has of the plan. 0, or a negative error of the
   state. Closed plans are counted too. */
int tally_plan(struct state *s, struct arena *arena, const struct plan_row *plan, int32_t day,
               struct tally *out);

/* Fills TALLY_FIELDS (schema/messages.h) of a row. */
#define TALLY_PUT(row, tally)                                                          \
    ((row)->actions = (tally)->actions, (row)->blue = (tally)->by_rating[BLUE],        \
     (row)->grey = (tally)->by_rating[GREY], (row)->green = (tally)->by_rating[GREEN], \
     (row)->amber = (tally)->by_rating[AMBER], (row)->red = (tally)->by_rating[RED],   \
     (row)->has.actions = (row)->has.blue = (row)->has.grey = 1,                       \
     (row)->has.green = (row)->has.amber = (row)->has.red = 1)

#endif
