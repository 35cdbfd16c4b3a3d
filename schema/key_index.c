#include "schema/key_index.h"

#include <assert.h>
#include <stdlib.h>

#include "schema/must.h"

enum { PLACES_FIRST = 32 };

struct key_place {
    void *what; /* NULL: free */
    uint32_t hash;
};

/* A search begins at the hash and ends at what is free. */
static uint32_t
next(const struct key_index *i, uint32_t at)
{
    return (at + 1) & (i->cap - 1);
}

void *
key_index_find(const struct key_index *i, uint32_t hash, key_index_is *is,
               const struct state_key *key)
{
    if (!i->count)
        return NULL;
    for (uint32_t at = hash & (i->cap - 1); i->places[at].what; at = next(i, at))
        if (i->places[at].hash == hash && is(i->places[at].what, key))
            return i->places[at].what;
    return NULL;
}

void
key_index_expect(const struct key_index *i, uint32_t hash)
{
    if (i->count)
        __builtin_prefetch(&i->places[hash & (i->cap - 1)]);
}

const void *
key_index_guess(const struct key_index *i, uint32_t hash)
{
    if (!i->count)
        return NULL;
    for (uint32_t at = hash & (i->cap - 1); i->places[at].what; at = next(i, at))
        if (i->places[at].hash == hash)
            return i->places[at].what;
    return NULL;
}

static void
place(struct key_index *i, struct key_place p)
{
    uint32_t at = p.hash & (i->cap - 1);

    while (i->places[at].what)
        at = next(i, at);
    i->places[at] = p;
}

static void
grow(struct key_index *i)
{
    struct key_index wider = {.cap = i->cap ? 2 * i->cap : PLACES_FIRST, .count = i->count};

    wider.places = must(calloc(wider.cap, sizeof *wider.places));
    for (uint32_t at = 0; at < i->cap; at++)
        if (i->places[at].what)
            place(&wider, i->places[at]);
    free(i->places);
    *i = wider;
}

void
key_index_add(struct key_index *i, uint32_t hash, void *what)
{
    if (2 * i->count >= i->cap)
        grow(i);
    place(i, (struct key_place){what, hash});
    i->count++;
}

/* What follows and would no longer be found moves up. */
static void
close_gap(struct key_index *i, uint32_t gap)
{
    uint32_t mask = i->cap - 1;

    for (uint32_t at = next(i, gap); i->places[at].what; at = next(i, at)) {
        uint32_t begin = i->places[at].hash & mask;
        if (((at - begin) & mask) < ((at - gap) & mask))
            continue;
        i->places[gap] = i->places[at];
        gap = at;
    }
    i->places[gap] = (struct key_place){NULL, 0};
}

void
key_index_remove(struct key_index *i, uint32_t hash, const void *what)
{
    uint32_t at = hash & (i->cap - 1);

    while (i->places[at].what != what) {
        assert(i->places[at].what);
        at = next(i, at);
    }
    i->count--;
    close_gap(i, at);
}

void
key_index_free(struct key_index *i)
{
    free(i->places);
    *i = (struct key_index){0};
}
