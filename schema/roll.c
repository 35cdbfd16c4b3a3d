#include "schema/roll.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "schema/must.h"

int
roll_compare(struct text a, struct text b)
{
    int order = memcmp(a.at, b.at, a.len < b.len ? a.len : b.len);
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static struct text
id_of(const void *thing)
{
    return *(const struct text *)thing;
}

/* Where it is, or would be. They mostly come in their order: the end is looked at first. */
static size_t
place_of(const struct roll *r, struct text id)
{
    size_t low = 0;
    size_t high = r->count;

    if (high && roll_compare(id_of(r->at[high - 1]), id) < 0)
        return high;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (roll_compare(id_of(r->at[mid]), id) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

void
roll_end(struct roll *r)
{
    free(r->at);
    *r = (struct roll){0};
}

void *
roll_find(const struct roll *r, struct text id)
{
    size_t at = place_of(r, id);
    return at < r->count && text_equal(id_of(r->at[at]), id) ? r->at[at] : NULL;
}

void
roll_add(struct roll *r, void *thing)
{
    size_t at = place_of(r, id_of(thing));

    if (r->count == r->cap) {
        r->cap = r->cap ? 2 * r->cap : 16;
        r->at = must(realloc(r->at, r->cap * sizeof(void *)));
    }
    memmove(r->at + at + 1, r->at + at, (r->count - at) * sizeof(void *));
    r->at[at] = thing;
    r->count++;
}

void
roll_remove(struct roll *r, const void *thing)
{
    size_t at = place_of(r, id_of(thing));

    assert(at < r->count && r->at[at] == thing);
    memmove(r->at + at, r->at + at + 1, (--r->count - at) * sizeof(void *));
}
