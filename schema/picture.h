/* One action as the rules look at it: its row, its plan's, and the share of
   every agency that leads it or contributes, whether a row was written of that
   share or not. */
#ifndef SCHEMA_PICTURE_H
#define SCHEMA_PICTURE_H

#include "schema/state.h"

struct share {
    struct text agency;
    int32_t since;    /* the day of its assignment, or of its joining if that was later */
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

/* Loads the shares. Where the lead is `all`: every member of the plan but the
   excepted, those of sectors partnership and oversight, and those that had
   been succeeded or closed before the assignment (neither gets new parts).
   0, or a negative error. `plan` and `action` are borrowed for the picture's life. */
int picture_load(struct state *s, struct arena *arena, const struct plan_row *plan,
                 const struct action_row *action, struct picture *out);

/* A plan's member, by its row: since when, or 0 if it is none. `all` takes every
   agency of the registry. */
bool plan_has_member(const struct plan_row *plan, const struct agency_row *agency, int32_t *since,
                     int64_t *number);

/* Its claim: not-started until it made one. */
enum claim part_claim(const struct part *part);

/* How many pieces of its evidence count: of days not before the last return or
   reopening; `own`: not entered on its behalf. */
uint32_t part_evidence(const struct part *part, bool own);

#endif
