#include "broker/feeds/plan_list.h"

#include <stdlib.h>
#include <string.h>

#include "schema/must.h"

static int
compare(const void *a, const void *b)
{
    const struct text *x = a, *y = b;
    uint32_t shorter = x->len < y->len ? x->len : y->len;
    int order = memcmp(x->at, y->at, shorter);

    return order ? order : (x->len > y->len) - (x->len < y->len);
}

struct plan_list *
plan_list_new(const struct text *ids, uint32_t count)
{
    size_t bytes = 0;

    for (uint32_t i = 0; i < count; i++)
        bytes += ids[i].len;
    struct plan_list *l = must(malloc(sizeof *l + count * sizeof *l->ids + bytes));
    *l = (struct plan_list){.held = 1};
    char *at = (char *)(l->ids + count);
    for (uint32_t i = 0; i < count; i++) {
        memcpy(at, ids[i].at, ids[i].len);
        l->ids[i] = (struct text){at, ids[i].len};
        at += ids[i].len;
    }
    qsort(l->ids, count, sizeof *l->ids, compare);
    for (uint32_t i = 0; i < count; i++)
        if (!l->count || compare(&l->ids[l->count - 1], &l->ids[i]) != 0)
            l->ids[l->count++] = l->ids[i];
    return l;
}

struct plan_list *
plan_list_hold(struct plan_list *l)
{
    l->held++;
    return l;
}

void
plan_list_let_go(struct plan_list *l)
{
    if (l && --l->held == 0)
        free(l);
}

uint32_t
plan_list_find(const struct plan_list *l, struct text id)
{
    const struct text *at = bsearch(&id, l->ids, l->count, sizeof *l->ids, compare);
    return at ? (uint32_t)(at - l->ids) : PLAN_LIST_NONE;
}

bool
plan_list_same(const struct plan_list *a, const struct plan_list *b)
{
    if (a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (!text_equal(a->ids[i], b->ids[i]))
            return false;
    return true;
}

struct plan_list *
plan_list_common(const struct plan_list *a, const struct plan_list *b)
{
    struct text *ids = must(calloc(a->count + 1, sizeof *ids));
    uint32_t count = 0;

    for (uint32_t i = 0; i < a->count; i++)
        if (plan_list_find(b, a->ids[i]) != PLAN_LIST_NONE)
            ids[count++] = a->ids[i];
    struct plan_list *common = plan_list_new(ids, count);
    free(ids);
    return common;
}
