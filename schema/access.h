/* Who may see what, by the rights in the state: for judge, queries and feeds. */
#ifndef SCHEMA_ACCESS_H
#define SCHEMA_ACCESS_H

#include "schema/judge.h"

/* Does `author` act for `agency`: its own, or one that it succeeded, through any
   number of successions? 1, 0 or a negative error. */
int access_acts_for(struct state *s, struct arena *arena, const struct author *author,
                    struct text agency);

/* What its role lets it see: every plan, none, or those of which it is a member. */
enum plan_sight { SEES_NO_PLAN, SEES_AS_MEMBER, SEES_EVERY_PLAN };
enum plan_sight access_sight(const struct author *author);

/* May it see the plan? Leads see every plan, operators none; agencies and
   observers those of which an agency that they act for is a member. */
int access_sees_plan(struct state *s, struct arena *arena, const struct author *author,
                     const struct plan_row *plan);

/* The plan's row if it exists and the author may see it: 1; else 0. */
int access_get_plan(struct state *s, struct arena *arena, const struct author *author,
                    struct text id, struct plan_row *plan);

/* The same, and the row as state_see gives it. */
int access_see_plan(struct state *s, struct arena *arena, const struct author *author,
                    struct text id, const struct plan_row **plan);

#endif
