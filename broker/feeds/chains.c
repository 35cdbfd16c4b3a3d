#include "broker/feeds/chains.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "broker/ledger/marks.h"

/* Numbers found so far, of all chains; all there are up to `whole`. */
struct found {
    int64_t after, whole;
    int64_t at[CHAINS_MAX * 2 * MARK_EVERY];
    size_t count;
};

static bool
is_after(const struct entry *entry, int64_t number)
{
    return entry->number > number;
}

/* Back from the first mark after `after`, or from the chain's end, which is less than
   two marks' distance. */
static int
walk_back(struct ledger *l, struct found *f, int64_t number)
{
    struct entry entry;

    while (number > f->after) {
        arena_reset(l->arena);
        int rc = ledger_entry(l, number, &entry);
        if (rc != 1)
            return rc < 0 ? rc : -EBADMSG;
        if (f->count == sizeof f->at / sizeof *f->at)
            return -EBADMSG;
        f->at[f->count++] = number;
        number = entry.previous_in_plan;
    }
    return 0;
}

static int
find(struct ledger *l, struct found *f, struct text plan)
{
    struct state_key key = state_key_of_plan_chain(plan);
    struct chain chain;
    int64_t number;
    int rc = state_get_chain(l->state, l->arena, &key, &chain);

    if (rc < 0 || (rc = marks_find(l, &key, &chain, is_after, f->after, &number)))
        return rc;
    if (number != chain.last && number < f->whole)
        f->whole = number;
    return walk_back(l, f, number);
}

static int
compare(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static int
add(struct span *s, const struct found *f, size_t most)
{
    size_t bytes = 0;

    for (size_t i = 0; i < f->count && f->at[i] <= f->whole; i++) {
        struct bytes entry;
        if (bytes >= most)
            return 0;
        arena_reset(s->ledger->arena);
        int rc = ledger_get(s->ledger, f->at[i], &entry);
        if (rc == 1)
            rc = span_add(s, entry);
        else
            rc = rc < 0 ? rc : -EBADMSG;
        if (rc)
            return rc;
        bytes += entry.len;
    }
    s->last = f->whole;
    return 0;
}

int
chains_read(struct span *s, const struct plan_list *plans, int64_t after, int64_t to, size_t bytes)
{
    struct found f = {.after = after, .whole = to};
    const struct text registry = {"", 0};
    int rc = find(s->ledger, &f, registry);

    assert(plans->count < CHAINS_MAX);
    for (uint32_t i = 0; i < plans->count && rc == 0; i++)
        rc = find(s->ledger, &f, plans->ids[i]);
    if (rc)
        return rc;
    qsort(f.at, f.count, sizeof *f.at, compare);
    return add(s, &f, bytes);
}
