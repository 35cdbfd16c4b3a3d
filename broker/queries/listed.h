/* An action as lists and feeds show it: with its rating on a day, and why. */
#ifndef BROKER_QUERIES_LISTED_H
#define BROKER_QUERIES_LISTED_H

#include "schema/messages.h"
#include "schema/rating.h"

struct listed_action {
    struct picture picture;
    struct rated_action rated;
    struct listed listed; /* views of the two rows and of the picture */
};

/* Rates the action on the day. The rows are borrowed for the life of `out`; the
   rest lives as long as the arena. 0, or a negative error of the state. */
int listed_load(struct state *rows, struct arena *arena, const struct plan_row *plan,
                const struct action_row *action, int32_t day, struct listed_action *out);

/* The same for whoever passes by many actions (state_walk_peek), and sends each on: of the row
   there need be no more than picture_sketched, and of `out->listed` there is no more than what
   the row does not have. */
int listed_sketch(struct state *rows, struct arena *arena, const struct plan_row *plan,
                  const struct action_row *action, int32_t day, struct listed_action *out);

/* What record_encode makes of it where all of it was loaded: what is shown as the action's row
   has it is copied from where it lies. 0 where `cap` is too small. */
size_t listed_encode(const struct listed_action *action, const struct row_places *places, void *buf,
                     size_t cap);

#endif
