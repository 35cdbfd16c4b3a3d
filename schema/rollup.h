/* Roll-ups: how many actions of each colour a plan has, and within it each
   recommendation that they answer, known by its source and number.

       struct rollup r = {0};
       for each action: rollup_add(&r, arena, &action, &rated);
       r.plan, r.at[0 .. r.count - 1]                                        */
#ifndef SCHEMA_ROLLUP_H
#define SCHEMA_ROLLUP_H

#include "schema/arena.h"
#include "schema/rating.h"

struct rolled_up {
    char source[ID_MAX + 1], number[ID_MAX + 1];
    struct text printed; /* source and number as the first action that prints them does */
    struct tally tally;
};

struct rollup {
    struct tally plan;    /* of all actions, also of those that answer nothing */
    struct rolled_up *at; /* in order of source, then number: 2 before 10 */
    uint32_t count, room;
};

/* Counts an action: once for each recommendation, also where it names one twice.
   What is kept of the action is copied to `arena`. */
void rollup_add(struct rollup *rollup, struct arena *arena, const struct action_row *action,
                const struct rated_action *rated);

#endif
