/* The ids of plans, in order, as they were shown last; the next list is gathered beside it
   and takes its place when it is whole.

       plan_list_init -> { plan_list_begin -> plan_list_add ... -> plan_list_take } ...
                      -> plan_list_end                                            */
#ifndef AGENTS_AGENCY_PLAN_LIST_H
#define AGENTS_AGENCY_PLAN_LIST_H

#include "schema/arena.h"
#include "schema/record.h"

struct plan_list {
    struct plan_ids {
        struct arena *arena;
        struct text *at;
        uint32_t count, cap;
    } shown, coming;
    bool known; /* one was shown */
};

void plan_list_init(struct plan_list *l);
void plan_list_end(struct plan_list *l);

void plan_list_begin(struct plan_list *l);
void plan_list_add(struct plan_list *l, const char *at, size_t len);

/* True if it is another than before. */
bool plan_list_take(struct plan_list *l);

bool plan_list_has(const struct plan_list *l, struct text plan);

/* Those after this one: the first, and how many. */
uint32_t plan_list_after(const struct plan_list *l, struct text plan, const struct text **first);

#endif
