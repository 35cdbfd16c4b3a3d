/* What decoding is made of: the walk over a record (decode.c), and each value that it
   meets (decode_value.c). For these two files. */
#ifndef SCHEMA_DECODE_INSIDE_H
#define SCHEMA_DECODE_INSIDE_H

#include "schema/codec.h"
#include "schema/field_path.h"
#include "schema/reader.h"

/* The shape of what comes from outside is checked as it is decoded: each text here, and
   what a record of ours can't hold by being refused. What this leaves open is in `items`
   and `unknown`; in doubt shape_fault looks at all of it (record_decode_rest). */
struct decoding {
    struct reader in; /* after the value that is being read, or its head */
    struct arena *arena;
    struct fault *fault;
    bool kept;      /* by ourselves: of its texts only the length is looked at */
    bool unknown;   /* a field was skipped that may hold anything */
    uint64_t items; /* values, keys, arrays and maps, nearly */
    struct field_path path;
};

/* Both return false: of a field ("" for the record itself), and of where the walk is. */
bool decode_wrong(struct decoding *d, const char *field, enum fault_code code, const char *reason);
bool decode_malformed(struct decoding *d, const char *reason);

/* The next value, or the head of an array or a map. */
static inline bool
decode_take(struct decoding *d, msgpack_object *out)
{
    return reader_take(&d->in, out) == READING_DONE || decode_malformed(d, "is cut short");
}

/* The next value, which is this field's, into the record. */
bool decode_value(struct decoding *d, const struct field *f, void *out);

/* The record whose map's head was read. */
bool decode_map(struct decoding *d, const struct record *r, void *out, const msgpack_object *map);

#endif
