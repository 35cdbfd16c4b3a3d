#include "schema/terms.h"

#include <stdlib.h>
#include <string.h>

#include "schema/key_index.h"
#include "schema/must.h"

enum {
    RING_FIRST = 64,
    ROOM_EVERY = 8, /* that could not be kept */
    EXPECTED = 128  /* bytes, of most */
};

/* The key lies behind it, then the terms. */
struct kept {
    uint32_t hash, place; /* on the ring */
    uint32_t key_len, len;
    bool used; /* since the hand came by */
    uint8_t bytes[];
};

struct terms {
    struct key_index index;
    struct kept **ring; /* as many as the index has */
    uint32_t cap, hand, missed;
};

static bool
has_key(const void *what, const struct state_key *key)
{
    const struct kept *k = what;
    return k->key_len == key->len && memcmp(k->bytes, key->at, key->len) == 0;
}

static struct kept *
find(const struct terms *t, const struct state_key *action)
{
    return t ? key_index_find(&t->index, state_key_hash(action), has_key, action) : NULL;
}

bool
terms_find(struct terms *t, const struct state_key *action, struct bytes *out)
{
    struct kept *k = find(t, action);

    if (!k)
        return false;
    k->used = true;
    *out = (struct bytes){k->bytes + k->key_len, k->len};
    return true;
}

void
terms_expect(const struct terms *t, uint32_t hash)
{
    if (t)
        key_index_expect(&t->index, hash);
}

void
terms_expect_row(const struct terms *t, uint32_t hash)
{
    const char *kept = t ? key_index_guess(&t->index, hash) : NULL;

    for (size_t i = 0; kept && i < EXPECTED; i += CACHE_LINE)
        __builtin_prefetch(kept + i);
}

/* The last on the ring takes its place. */
static void
let_go(struct terms *t, struct kept *k)
{
    key_index_remove(&t->index, k->hash, k);
    struct kept *last = t->ring[t->index.count];
    t->ring[k->place] = last;
    last->place = k->place;
    free(k);
}

void
terms_drop(struct terms *t, const struct state_key *action)
{
    struct kept *k = find(t, action);

    if (k)
        let_go(t, k);
}

static bool
has_room(struct terms *t)
{
    if (t->index.count < TERMS_MAX)
        return true;
    if (++t->missed % ROOM_EVERY)
        return false;
    t->hand = (t->hand + 1) % t->index.count;
    struct kept *k = t->ring[t->hand];
    bool used = k->used;
    k->used = false;
    if (!used)
        let_go(t, k);
    return !used;
}

static void
add(struct terms *t, struct kept *k)
{
    if (t->index.count == t->cap) {
        t->cap = t->cap ? 2 * t->cap : RING_FIRST;
        t->ring = must(realloc(t->ring, t->cap * sizeof(struct kept *)));
    }
    k->place = t->index.count;
    t->ring[k->place] = k;
    key_index_add(&t->index, k->hash, k);
}

void
terms_keep(struct terms **t, const struct state_key *action, struct bytes terms)
{
    if (!*t)
        *t = must(calloc(1, sizeof **t));
    if (!has_room(*t))
        return;
    struct kept *k = must(malloc(sizeof *k + action->len + terms.len));
    *k = (struct kept){.hash = state_key_hash(action), .key_len = action->len, .len = terms.len};
    memcpy(k->bytes, action->at, action->len);
    if (terms.len)
        memcpy(k->bytes + action->len, terms.at, terms.len);
    add(*t, k);
}

void
terms_forget(struct terms **t)
{
    if (!*t)
        return;
    for (uint32_t i = 0; i < (*t)->index.count; i++)
        free((*t)->ring[i]);
    free((*t)->ring);
    key_index_free(&(*t)->index);
    free(*t);
    *t = NULL;
}
