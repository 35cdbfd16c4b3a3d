/* The plans that a follower may see, as PLANS names them; which came, which went;
   and of which of them it holds the rows.

       follow_plans_name ... -> follow_plans_named -> (rows) -> follow_plans_hold     */
#ifndef AGENTS_LIBMAAT_FOLLOW_PLANS_H
#define AGENTS_LIBMAAT_FOLLOW_PLANS_H

#include "schema/messages.h"
#include "schema/roll.h"

struct follow_plan {
    struct text id;
    struct plan_row *row; /* NULL: not heard yet */
    int64_t number;       /* the row is complete to this journal number */
    bool held;            /* the rows of its actions are there */
    bool named;           /* in the list that is being heard */
    bool told;            /* whoever follows knows of it */
};

struct follow_plans {
    struct roll all; /* of struct follow_plan */
    bool naming;     /* a list is being heard */
};

void follow_plans_free(struct follow_plans *p);

struct follow_plan *follow_plans_find(const struct follow_plans *p, struct text id);

/* One of the list that is being heard; the first of them begins a list anew. */
void follow_plans_name(struct follow_plans *p, struct text id);

/* The list is whole: `change` is called for each that went (it is no longer there
   afterwards) and each that came. */
typedef void follow_plans_change(void *context, struct text id, bool seen);
void follow_plans_named(struct follow_plans *p, follow_plans_change *change, void *context);

/* Its row; the newer of what is there and this. Ignored where it is not seen. */
void follow_plans_put(struct follow_plans *p, const struct plan_row *row, int64_t number);

/* The rows of all that are seen are there. */
void follow_plans_hold(struct follow_plans *p);

/* One that was seen in an earlier life, whose rows are not held. */
void follow_plans_know(struct follow_plans *p, struct text id);

#endif
