#include "schema/access.h"

/* Longer than any line of mergers. Judge lets no circle in; a walk that met one
   all the same still ends. */
enum { SUCCESSIONS_MAX = 256 };

int
access_acts_for(struct state *s, struct arena *arena, const struct author *author,
                struct text agency)
{
    const struct agency_row *row;

    for (int i = 0; i < SUCCESSIONS_MAX; i++) {
        if (text_equal(agency, author->agency))
            return 1;
        int rc = state_see_agency(s, arena, agency, &row);
        if (rc != 1)
            return rc;
        if (!row->has.succeeded_by)
            return 0;
        agency = row->succeeded_by;
    }
    return 0;
}

static int
is_member(struct state *s, struct arena *arena, const struct author *author,
          const struct plan_row *plan)
{
    if (plan->has.all)
        return state_has(s, TABLE_AGENCIES, author->agency);
    /* Nearly always it is its own agency: found without reading a row. */
    for (uint32_t i = 0; i < plan->members.count; i++)
        if (text_equal(plan->members.at[i].agency, author->agency))
            return 1;
    for (uint32_t i = 0; i < plan->members.count; i++) {
        int rc = access_acts_for(s, arena, author, plan->members.at[i].agency);
        if (rc != 0)
            return rc;
    }
    return 0;
}

enum plan_sight
access_sight(const struct author *author)
{
    if (author->broker)
        return SEES_EVERY_PLAN;
    switch (author->role) {
    case ROLE_LEAD: return SEES_EVERY_PLAN;
    case ROLE_AGENCY:
    case ROLE_OBSERVER: return SEES_AS_MEMBER;
    case ROLE_OPERATOR:
    case ROLE_COUNT: break;
    }
    return SEES_NO_PLAN;
}

int
access_sees_plan(struct state *s, struct arena *arena, const struct author *author,
                 const struct plan_row *plan)
{
    enum plan_sight sight = access_sight(author);
    return sight == SEES_AS_MEMBER ? is_member(s, arena, author, plan) : sight == SEES_EVERY_PLAN;
}

int
access_get_plan(struct state *s, struct arena *arena, const struct author *author, struct text id,
                struct plan_row *plan)
{
    int rc = state_get_plan(s, arena, id, plan);
    return rc == 1 ? access_sees_plan(s, arena, author, plan) : rc;
}

int
access_see_plan(struct state *s, struct arena *arena, const struct author *author, struct text id,
                const struct plan_row **plan)
{
    int rc = state_see_plan(s, arena, id, plan);
    return rc == 1 ? access_sees_plan(s, arena, author, *plan) : rc;
}
