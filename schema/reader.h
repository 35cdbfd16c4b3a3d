/* Reads MessagePack a value at a time, into msgpack-c's own object. For msgpack-c
   to build a tree of them, only to have it walked once, costs as much as the rest
   of decoding.

       struct reader r = {buf, end};
       reader_take(&r, &map);                 the members of an array or a map
       map.via.map.size times: reader_take(&r, &key), reader_take(&r, &value)

   No bytes make it read beyond the end. What is said of keys, UTF-8 and depth is
   shape.h's to check.                                                         */
#ifndef SCHEMA_READER_H
#define SCHEMA_READER_H

#include <msgpack.h>
#include <stdbool.h>
#include <stdint.h>

#include "schema/record.h"

struct reader {
    const uint8_t *at, *end;
};

enum reading {
    READING_DONE,
    READING_SHORT, /* the bytes end within the value, or its members can't all follow */
    READING_WRONG, /* an extension type, or no MessagePack */
};

/* The next value. Texts and bins are views; of an array or a map only the size is
   set, its members (each key before its value) come next. */
enum reading reader_take(struct reader *r, msgpack_object *out);

/* A text of less than 32 bytes, as nearly all keys are. False: the next value is
   something else, or cut short; it is still the next one. */
static inline bool
reader_take_short(struct reader *r, struct text *out)
{
    if (r->at == r->end || *r->at >> 5 != 5 || (*r->at & 31) >= r->end - r->at)
        return false;
    *out = (struct text){(const char *)r->at + 1, *r->at & 31u};
    r->at += 1 + out->len;
    return true;
}

/* Steps over the next value with all that is in it. */
enum reading reader_skip(struct reader *r);

/* How many bytes the value at `at` takes, where its first one or two tell: nil, a small number
   and a text of less than 256 bytes, as most of a row is. 0: it is something else, or cut
   short. */
enum { READER_NIL = 0xc0 };
static inline size_t
reader_short_len(const uint8_t *at, const uint8_t *end)
{
    size_t left = (size_t)(end - at);
    size_t len = 0;

    if (left && (*at < 0x80 || *at == READER_NIL))
        len = 1;
    else if (left && *at >> 5 == 5)
        len = 1 + (*at & 31u);
    else if (left > 1 && *at == 0xd9)
        len = 2 + (size_t)at[1];
    return len <= left ? len : 0;
}

#endif
