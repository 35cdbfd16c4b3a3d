/* One action as the rules look at it: its row, its plan's, and the share of
   every agency that leads it or contributes, whether a row was written of that
   share or not. */
#ifndef SCHEMA_PICTURE_H
#define SCHEMA_PICTURE_H

#include "schema/state.h"

struct share {
    struct text agency;
    int32_t since;    /* a lead's assignment, or joining if later; a contributor's joining */
    int64_t number;   /* and the entry */
    bool lead;        /* else a contributor */
    struct part part; /* all absent until something was said of it */
};

struct picture {
    const struct plan_row *plan;
    const struct action_row *action;
    const struct share *shares; /* leads first */
    uint32_t leads, count;
};

/* Loads the shares, those of part_by_all where the lead is `all`. A contributor
   that is a lead too has one share, as a lead; one that is no longer a member
   has none. 0, or a negative error. `plan` and `action` are borrowed for the
   picture's life, and the rest lives as long as `arena`. */
int picture_load(struct state *s, struct arena *arena, const struct plan_row *plan,
                 const struct action_row *action, struct picture *out);

/* The same for rating and for lists alone, for whoever looks at many actions once: of the
   parts no more is there than these look at, as state_peek has it. */
int picture_sketch(struct state *s, struct arena *arena, const struct plan_row *plan,
                   const struct action_row *action, struct picture *out);

/* Nor need more of the action's row be there than what is here. */
extern const struct action_row picture_sketched;

/* The agency's share, or NULL if it has none. */
const struct share *picture_share(const struct picture *picture, struct text agency);

/* Whether it is a member of the plan, and if so since when. `all` takes every
   agency of the registry, of whatever sector, from the day that it was added. A
   member that the row lists keeps its own day, also where all are members now. */
bool plan_has_member(const struct plan_row *plan, const struct agency_row *agency, int32_t *since,
                     int64_t *number);

/* Whether it leads the action because `all` do, and if so since when: every
   member of the plan but the excepted, those of sectors partnership and
   oversight, and those that had been succeeded or closed before they would have
   got a part (neither gets new ones). */
bool part_by_all(const struct plan_row *plan, const struct action_row *action,
                 const struct agency_row *agency, int32_t *since, int64_t *number);

/* Its claim: not-started until it made one. */
enum claim part_claim(const struct part *part);

/* Has each agency of which a note wants an answer given a note or evidence since?
   Where it names none, that is each that led when it was made. */
bool picture_has_answered(const struct picture *picture, const struct ask *ask);

/* How many pieces of its evidence count: of days not before the last return or
   reopening; `own`: not entered on its behalf. */
uint32_t part_evidence(const struct part *part, bool own);

#endif
