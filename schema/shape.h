/* The shape that bytes from outside must have before they are decoded. A reader
   by itself takes duplicate keys, text that is not UTF-8 and trailing bytes, as
   msgpack-c does, which moreover takes extension types and sets memory aside for
   counts that the frame does not hold.

   Records (codec.h) are held to this as they are decoded, and looked at by
   shape_fault only in doubt. A body in a frame is a bin, which is not looked into:
   it is a record of its own. */
#ifndef SCHEMA_SHAPE_H
#define SCHEMA_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/record.h"

enum {
    SHAPE_DEPTH = 8,     /* arrays and maps within each other */
    SHAPE_KEYS = 64,     /* of one map */
    SHAPE_ITEMS = 65536, /* values, keys, arrays and maps together */
};

/* NULL if `buf` is exactly one MessagePack value, whole, within the limits
   above, with no extension type, every string valid UTF-8 without NUL, and
   every key of a map a string given once. Else what is wrong, for a person:
   "is nested too deep". Allocates nothing; time is bounded by `len`. */
const char *shape_fault(const void *buf, size_t len);

/* What it asks of a string. */
bool shape_text(struct text text);

#endif
