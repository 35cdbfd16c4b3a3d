/* A set of plans, by their ids: made once, never changed, and held by all that mean
   the same one. */
#ifndef BROKER_FEEDS_PLAN_LIST_H
#define BROKER_FEEDS_PLAN_LIST_H

#include "schema/record.h"

struct plan_list {
    unsigned held;
    uint32_t count;
    struct text ids[]; /* sorted; their bytes come after them */
};

/* Of ids in any order, some perhaps twice; copied. Held once. */
struct plan_list *plan_list_new(const struct text *ids, uint32_t count);
struct plan_list *plan_list_hold(struct plan_list *l);
void plan_list_let_go(struct plan_list *l); /* NULL is none */

#define PLAN_LIST_NONE UINT32_MAX
uint32_t plan_list_find(const struct plan_list *l, struct text id);
bool plan_list_same(const struct plan_list *a, const struct plan_list *b);

/* Those that are in both. Held once. */
struct plan_list *plan_list_common(const struct plan_list *a, const struct plan_list *b);

#endif
