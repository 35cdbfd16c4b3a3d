#include "schema/shape.h"

#include <stdint.h>
#include <string.h>

#include "schema/reader.h"

struct walk {
    struct reader in;
    unsigned items;
};

/* Without its head, since there are several ways to write the same length. */
struct key {
    const uint8_t *at;
    size_t len;
};

/* The bytes of the one character at `s`, or 0 if it is not UTF-8. */
static size_t
character_len(const uint8_t *s, size_t len)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    unsigned more = s[0] < 0x80         ? 0
                    : s[0] >> 5 == 0x06 ? 1
                    : s[0] >> 4 == 0x0e ? 2
                    : s[0] >> 3 == 0x1e ? 3
                                        : 4;
    if (more == 4 || len <= more)
        return 0;
    uint32_t code = more ? s[0] & (0x3fu >> more) : s[0];
    for (unsigned i = 1; i <= more; i++) {
        if (s[i] >> 6 != 2)
            return 0;
        code = code << 6 | (s[i] & 0x3f);
    }
    bool surrogate = code >> 11 == 0x1b;
    return code < least[more] || code > 0x10ffff || surrogate ? 0 : more + 1;
}

/* True only if none of eight bytes is NUL or has its high bit set. */
static inline bool
is_plain_word(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    return ((word | (word - ones)) & ones << 7) == 0;
}

static inline uint64_t
load(const uint8_t *s)
{
    uint64_t word;
    memcpy(&word, s, sizeof word);
    return word;
}

/* The two halves overlap where there are fewer than eight bytes, as do the last
   word and the one before it where there are more. */
static inline bool
is_plain(const uint8_t *s, size_t len)
{
    const uint8_t *end = s + len;
    uint32_t half[2];

    if (len >= 8) {
        for (; end - s > 8; s += 8)
            if (!is_plain_word(load(s)))
                return false;
        return is_plain_word(load(end - 8));
    }
    if (len >= 4) {
        memcpy(&half[0], s, 4);
        memcpy(&half[1], end - 4, 4);
        return is_plain_word((uint64_t)half[1] << 32 | half[0]);
    }
    for (; s < end; s++)
        if (*s - 1u >= 0x7f)
            return false;
    return true;
}

static const char *
text_fault(const uint8_t *s, size_t len)
{
    const uint8_t *end = s + len;

    if (is_plain(s, len))
        return NULL;
    while (s < end) {
        while (end - s >= 8 && is_plain_word(load(s)))
            s += 8;
        while (s < end && *s - 1u < 0x7f)
            s++;
        if (s == end)
            break;
        if (*s == 0)
            return "holds a NUL in a text";
        size_t step = character_len(s, (size_t)(end - s));
        if (!step)
            return "holds text that is not UTF-8";
        s += step;
    }
    return NULL;
}

static const char *step(struct walk *w, unsigned depth, struct key *key);

static const char *
walk_array(struct walk *w, uint64_t members, unsigned depth)
{
    for (uint64_t i = 0; i < members; i++) {
        const char *wrong = step(w, depth, NULL);
        if (wrong)
            return wrong;
    }
    return NULL;
}

/* Keys are few, and SHAPE_KEYS keeps them few. Each sets the bit that its ends and
   its length make, so that nearly always a new one need not be compared with
   those before it. */
static bool
is_repeated(const struct key *keys, uint64_t count, uint64_t *bits)
{
    const struct key *key = &keys[count];
    uint64_t bit = UINT64_C(1);

    if (key->len) /* NOLINT(clang-analyzer-core*): walk has filled it */
        bit <<= (key->at[0] + 5u * key->at[key->len - 1] + 11u * key->len) % 64;
    bool met = *bits & bit;
    *bits |= bit;
    for (uint64_t i = 0; i < count && met; i++)
        if (keys[i].len == key->len && memcmp(keys[i].at, key->at, key->len) == 0)
            return true;
    return false;
}

static const char *
walk_map(struct walk *w, uint64_t members, unsigned depth)
{
    struct key keys[SHAPE_KEYS];
    uint64_t bits = 0;

    if (members > SHAPE_KEYS)
        return "has a map of too many keys";
    for (uint64_t i = 0; i < members; i++) {
        const char *wrong;
        if ((wrong = step(w, depth, &keys[i])))
            return wrong;
        if (is_repeated(keys, i, &bits))
            return "gives a key twice";
        if ((wrong = step(w, depth, NULL)))
            return wrong;
    }
    return NULL;
}

/* Steps over one value, which `depth` arrays and maps are around. Where `key`
   is given, the value must be one. */
static const char *
step(struct walk *w, unsigned depth, struct key *key)
{
    msgpack_object o;

    if (w->in.at < w->in.end && ++w->items > SHAPE_ITEMS)
        return "holds too many items";
    switch (reader_take(&w->in, &o)) {
    case READING_DONE: break;
    case READING_SHORT: return "is cut short";
    case READING_WRONG: return "is not MessagePack, or uses an extension type";
    }
    if (key && o.type != MSGPACK_OBJECT_STR)
        return "has a key that is not a string";
    if (o.type == MSGPACK_OBJECT_MAP || o.type == MSGPACK_OBJECT_ARRAY) {
        if (depth == SHAPE_DEPTH)
            return "is nested too deep";
        return o.type == MSGPACK_OBJECT_MAP ? walk_map(w, o.via.map.size, depth + 1)
                                            : walk_array(w, o.via.array.size, depth + 1);
    }
    if (o.type != MSGPACK_OBJECT_STR)
        return NULL;
    const uint8_t *content = (const uint8_t *)o.via.str.ptr;
    if (key)
        *key = (struct key){content, o.via.str.size};
    return text_fault(content, o.via.str.size);
}

bool
shape_text(struct text text)
{
    return !text_fault((const uint8_t *)text.at, text.len);
}

const char *
shape_fault(const void *buf, size_t len)
{
    struct walk w = {{buf, (const uint8_t *)buf + len}, 0};
    const char *wrong = step(&w, 0, NULL);
    if (!wrong && w.in.at != w.in.end)
        return "has bytes after its end";
    return wrong;
}
