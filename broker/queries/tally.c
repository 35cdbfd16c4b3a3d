#include "broker/queries/tally.h"

int
tally_plan(struct state *s, struct arena *arena, const struct plan_row *plan, int32_t day,
           struct tally *out)
{
    struct state_key prefix = state_key_of(plan->id);
    struct action_row action;
    struct row_places places;
    struct state_walk walk;
    int rc;

    *out = (struct tally){0};
    prefix.at[prefix.len++] = '/';
    state_walk_begin(&walk, TABLE_ACTIONS, &prefix);
    while ((rc = state_walk_peek(s, arena, &walk, picture_sketched.present, &action, &places))
           == 1) {
        struct picture pic;
        struct rated_action rated;
        if ((rc = picture_sketch(s, arena, plan, &action, &pic)) < 0)
            return rc;
        rating_on(&pic, day, &rated);
        tally_add(out, &rated);
    }
    return rc;
}
