/* Keys of a state's rows. */
#include <assert.h>
#include <string.h>

#include "schema/state.h"

static void
append(struct state_key *key, const void *bytes, size_t len)
{
    assert(key->len + len <= sizeof key->at);
    if (len)
        memcpy(key->at + key->len, bytes, len);
    key->len += (uint32_t)len;
}

struct state_key
state_key_of(struct text text)
{
    struct state_key key; /* not all of it: most keys are short */

    key.len = 0;
    append(&key, text.at, text.len);
    return key;
}

struct state_key
state_key_pair(struct text a, struct text b)
{
    struct state_key key = state_key_of(a);
    append(&key, "", 1);
    append(&key, b.at, b.len);
    return key;
}

struct state_key
state_key_of_plan_chain(struct text plan)
{
    struct state_key key = state_key_of(text_of(plan.len ? "p" : "r"));
    append(&key, plan.at, plan.len);
    return key;
}

struct state_key
state_key_of_outbox(struct bytes outbox)
{
    struct state_key key = state_key_of(text_of("o"));
    append(&key, outbox.at, outbox.len);
    return key;
}

struct state_key
state_key_of_mark(const struct state_key *chain, int64_t position)
{
    struct state_key key = *chain;
    uint8_t place[8];

    for (int i = 0; i < 8; i++)
        place[i] = (uint8_t)((uint64_t)position >> (56 - 8 * i));
    append(&key, "", 1);
    append(&key, place, sizeof place);
    return key;
}

#define SPREAD UINT64_C(0x9e3779b97f4a7c15)

static uint64_t
mix(uint64_t hash, const uint8_t *at, size_t len)
{
    uint64_t word = 0;

    memcpy(&word, at, len);
    hash = (hash ^ word) * SPREAD;
    return hash ^ hash >> 32;
}

/* Eight bytes at once, the last of them perhaps twice. What they differ in may be the upper
   bits of a word, which are spread to the lower ones by another turn. */
uint32_t
state_key_hash(const struct state_key *key)
{
    const uint8_t *end = key->at + key->len;
    uint64_t hash = key->len;

    if (key->len < sizeof hash)
        return (uint32_t)(mix(hash, key->at, key->len) * SPREAD >> 32);
    for (const uint8_t *at = key->at; end - at > (ptrdiff_t)sizeof hash; at += sizeof hash)
        hash = mix(hash, at, sizeof hash);
    return (uint32_t)(mix(hash, end - sizeof hash, sizeof hash) * SPREAD >> 32);
}
