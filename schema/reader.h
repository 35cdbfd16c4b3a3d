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

/* Steps over the next value with all that is in it. */
enum reading reader_skip(struct reader *r);

#endif
