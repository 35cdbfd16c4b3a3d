#include "agents/agency/plan_list.h"

#include <stdlib.h>
#include <string.h>

enum { SOME = 64 };

void
plan_list_init(struct plan_list *l)
{
    *l = (struct plan_list){.shown.arena = arena_new(), .coming.arena = arena_new()};
}

void
plan_list_end(struct plan_list *l)
{
    if (!l->shown.arena)
        return;
    arena_destroy(&l->shown.arena);
    arena_destroy(&l->coming.arena);
}

void
plan_list_begin(struct plan_list *l)
{
    arena_reset(l->coming.arena);
    l->coming.at = NULL;
    l->coming.count = l->coming.cap = 0;
}

void
plan_list_add(struct plan_list *l, const char *at, size_t len)
{
    struct plan_ids *ids = &l->coming;

    if (len == 0 || len > ID_MAX)
        return;
    if (ids->count == ids->cap) {
        ids->cap = 2 * ids->cap + SOME;
        struct text *more = arena_take(ids->arena, ids->cap * sizeof *more);
        if (ids->count)
            memcpy(more, ids->at, ids->count * sizeof *more);
        ids->at = more;
    }
    ids->at[ids->count++] = text_copy(ids->arena, (struct text){at, (uint32_t)len});
}

static int
compare(const void *a, const void *b)
{
    const struct text *x = a;
    const struct text *y = b;
    int order = memcmp(x->at, y->at, x->len < y->len ? x->len : y->len);
    return order ? order : (x->len > y->len) - (x->len < y->len);
}

static bool
is_same(const struct plan_ids *a, const struct plan_ids *b)
{
    if (a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (compare(&a->at[i], &b->at[i]) != 0)
            return false;
    return true;
}

bool
plan_list_take(struct plan_list *l)
{
    const struct plan_ids before = l->shown;

    if (l->coming.count)
        qsort(l->coming.at, l->coming.count, sizeof *l->coming.at, compare);
    bool is_another = !l->known || !is_same(&before, &l->coming);
    l->shown = l->coming;
    l->coming = before;
    l->known = true;
    plan_list_begin(l);
    return is_another;
}

bool
plan_list_has(const struct plan_list *l, struct text plan)
{
    return l->shown.count
           && bsearch(&plan, l->shown.at, l->shown.count, sizeof plan, compare) != NULL;
}

uint32_t
plan_list_after(const struct plan_list *l, struct text plan, const struct text **first)
{
    uint32_t from = 0;

    while (plan.len && from < l->shown.count && compare(&l->shown.at[from], &plan) <= 0)
        from++;
    *first = l->shown.at + from;
    return l->shown.count - from;
}
