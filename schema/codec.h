/* Records to and from MessagePack bytes. Pure: no input or output. */
#ifndef SCHEMA_CODEC_H
#define SCHEMA_CODEC_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/arena.h"
#include "schema/fault.h"
#include "schema/record.h"

/* Decodes and checks one record, a MessagePack map. Everything in `out` points
   into `buf` or `arena` and lives as long as both. On false `out` holds no
   meaning and `fault` says which field ("measure.target", "cells[2].text") and
   why: malformed, unknown, missing or invalid.                              */
bool record_decode(struct arena *arena, const struct record *r, void *out, const void *buf,
                   size_t len, struct fault *fault);

/* The same as record_decode for a record that is the rest of `buf` from `at` on (a
   frame's): it is the whole of `buf` that must have a shape. */
bool record_decode_rest(struct arena *arena, const struct record *r, void *out, const void *buf,
                        size_t len, size_t at, struct fault *fault);

/* The fields that are present, in the table's order: one record has one
   encoding. Returns the number of bytes written, or 0 if `cap` is too small. */
size_t record_encode(const struct record *r, const void *rec, void *buf, size_t cap);

/* A row of the state (schema/state.h): an array of the fields' values in the table's order,
   nil for one that is not present, as far as the last that is. Without their names rows are a
   quarter shorter, and quicker both ways. Returns as record_encode. */
size_t record_encode_row(const struct record *r, const void *rec, void *buf, size_t cap);

/* Of bytes that record_encode_row wrote and that were kept where nobody else writes, and of
   some fields alone, bits as of `present`: the others are stepped over, whether they are there
   or not, and are not there then. Their shape is not checked, which costs as much as the
   decoding: of damaged ones the damage may be taken for content. */
#define ROW_WHOLE UINT64_MAX
bool record_decode_row(struct arena *arena, const struct record *r, uint64_t fields, void *out,
                       const void *buf, size_t len, struct fault *fault);

/* Where the fields of such a row lie, for whoever passes some on as they are: the value of
   the field at place i, where `present` says that there is one, is what begins at at[i], up
   to at[i + 1]. */
enum { ROW_FIELDS_MAX = 64 };
struct row_places {
    uint64_t present;
    const uint8_t *at[ROW_FIELDS_MAX + 1];
};

/* As record_decode_row, and tells where all fields lie, wanted or not. */
bool record_place_row(struct arena *arena, const struct record *r, uint64_t fields, void *out,
                      struct row_places *places, const void *buf, size_t len, struct fault *fault);

/* Fields of a record whose encodings are there already: where a row that was decoded has the
   same field, what lies at its place. Bits as of `present`. */
struct encoded_fields {
    uint64_t present;
    struct bytes at[ROW_FIELDS_MAX];
};

/* As record_encode, with these fields as they are, whatever the record says of them. */
size_t record_encode_with(const struct record *r, const void *rec,
                          const struct encoded_fields *encoded, void *buf, size_t cap);

/* Calls `each` with every string of the record (texts, ids, paths, in nested
   records and lists too; never bins), until it returns false; then returns
   false. `field` is the path as in a fault. */
bool record_each_text(const struct record *r, const void *rec,
                      bool (*each)(void *context, const char *field, struct text text),
                      void *context);

#endif
