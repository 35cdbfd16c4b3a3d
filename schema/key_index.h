/* Finds what is kept in memory by its key, from the key's hash: places side by side, so that
   most of what is not here is known from one look.

       struct key_index = {0} -> { key_index_add, _find, _remove } -> key_index_free   */
#ifndef SCHEMA_KEY_INDEX_H
#define SCHEMA_KEY_INDEX_H

#include "schema/state.h"

enum { CACHE_LINE = 64 };

struct key_place;

struct key_index {
    struct key_place *places;
    uint32_t cap, count; /* a power of two of places, at most half of them taken */
};

/* Is this what the key stands for? */
typedef bool key_index_is(const void *what, const struct state_key *key);

/* state_key_hash (key) is `hash`. NULL: it is not here. */
void *key_index_find(const struct key_index *i, uint32_t hash, key_index_is *is,
                     const struct state_key *key);

/* What is looked for soon is brought nearer to the processor: its place, and when that has come
   what is found there, told by its hash alone. NULL: nothing is. */
void key_index_expect(const struct key_index *i, uint32_t hash);
const void *key_index_guess(const struct key_index *i, uint32_t hash);

/* Nothing else of this key may be here. */
void key_index_add(struct key_index *i, uint32_t hash, void *what);

/* It must be here. */
void key_index_remove(struct key_index *i, uint32_t hash, const void *what);

void key_index_free(struct key_index *i);

#endif
