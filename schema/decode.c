#include <string.h>

#include "schema/decode_inside.h"
#include "schema/ids.h"
#include "schema/shape.h"

enum { AROUND = 4 }; /* items that a frame has beside those of its record's fields */

static bool
take_key(struct decoding *d, struct text *key)
{
    msgpack_object o;

    if (reader_take_short(&d->in, key))
        return true;
    if (!decode_take(d, &o))
        return false;
    *key = (struct text){o.via.str.ptr, o.via.str.size};
    return o.type == MSGPACK_OBJECT_STR || decode_malformed(d, "must be a map of strings");
}

static bool
is_named(const struct field *f, struct text key)
{
    return f->name_len == key.len && memcmp(f->name, key.at, key.len) == 0;
}

/* Fields mostly come in the table's order: the search begins at `from`. */
static const struct field *
find_field(const struct record *r, struct text key, unsigned from)
{
    for (unsigned i = from; i < r->count; i++)
        if (is_named(&r->fields[i], key))
            return &r->fields[i];
    for (unsigned i = 0; i < from; i++)
        if (is_named(&r->fields[i], key))
            return &r->fields[i];
    return NULL;
}

/* An unknown name is repeated only if it is shaped like one of ours: a key is
   text of the sender's, and no text of a sender reaches a reason. */
static bool
refuse_unknown(struct decoding *d, struct text key)
{
    char name[ID_MAX + 1] = "";

    if (id_valid(key))
        memcpy(name, key.at, key.len);
    return decode_wrong(d, name, FAULT_FIELD_UNKNOWN, "is not a field of this record");
}

static bool
step_over(struct decoding *d)
{
    return reader_skip(&d->in) == READING_DONE || decode_malformed(d, "is cut short");
}

static bool
skip_unknown(struct decoding *d)
{
    d->unknown = true;
    return step_over(d);
}

static bool
end_record(struct decoding *d, const struct record *r, uint64_t required, uint64_t present,
           void *out)
{
    uint64_t missing = required & ~present;

    if (missing)
        return decode_wrong(d, r->fields[__builtin_ctzll(missing)].name, FAULT_FIELD_MISSING,
                            "is missing");
    memcpy(out, &present, sizeof present);
    return true;
}

bool
decode_map(struct decoding *d, const struct record *r, void *out, const msgpack_object *map)
{
    uint64_t present = 0;
    unsigned next = 0;

    if (map->type != MSGPACK_OBJECT_MAP)
        return decode_malformed(d, "must be a map");
    memset(out, 0, r->size);
    d->items += UINT64_C(2) * map->via.map.size;
    for (uint32_t i = 0; i < map->via.map.size; i++) {
        struct text key;
        if (!take_key(d, &key))
            return false;
        const struct field *f = find_field(r, key, next);
        if (!f && !(r->open ? skip_unknown(d) : refuse_unknown(d, key)))
            return false;
        if (!f)
            continue;
        next = (unsigned)(f - r->fields);
        if (present >> next & 1)
            return decode_malformed(d, "gives a key twice");
        present |= UINT64_C(1) << next;
        if (!decode_value(d, f, out))
            return false;
        next++;
    }
    return end_record(d, r, *r->required, present, out);
}

/* The record that the bytes to the reader's end are. */
static bool
read_whole(struct decoding *d, const struct record *r, void *out)
{
    msgpack_object map;

    if (!decode_take(d, &map) || !decode_map(d, r, out, &map))
        return false;
    return d->in.at == d->in.end || decode_malformed(d, "has bytes after its end");
}

static bool
take_row(struct decoding *d, const struct record *r, uint32_t *count)
{
    msgpack_object row;

    if (!decode_take(d, &row))
        return false;
    *count = row.type == MSGPACK_OBJECT_ARRAY ? row.via.array.size : UINT32_MAX;
    return *count <= r->count || decode_malformed(d, "must be an array of this record's fields");
}

/* Of those that are wanted; others are stepped over. Most of a row is nil. */
static bool
read_row(struct decoding *d, const struct record *r, uint64_t fields, void *out,
         struct row_places *places)
{
    uint64_t present = 0;
    uint32_t count;

    if (!take_row(d, r, &count))
        return false;
    memset(out, 0, r->size);
    const uint8_t *at = d->in.at; /* here at hand, which is quicker */
    for (uint32_t i = 0; i < count; i++) {
        places->at[i] = at;
        if (at < d->in.end && *at == READER_NIL) {
            at++;
            continue;
        }
        bool wanted = fields >> i & 1;
        size_t len = wanted ? 0 : reader_short_len(at, d->in.end);
        present |= UINT64_C(1) << i;
        d->in.at = at + len;
        if (!len && !(wanted ? decode_value(d, &r->fields[i], out) : step_over(d)))
            return false;
        at = d->in.at;
    }
    places->at[count] = d->in.at = at;
    places->present = present;
    return end_record(d, r, *r->required & fields, present & fields, out);
}

bool
record_place_row(struct arena *arena, const struct record *r, uint64_t fields, void *out,
                 struct row_places *places, const void *buf, size_t len, struct fault *fault)
{
    struct decoding d = {
        .in = {buf, (const uint8_t *)buf + len}, .arena = arena, .fault = fault, .kept = true};

    return read_row(&d, r, fields, out, places)
           && (d.in.at == d.in.end || decode_malformed(&d, "has bytes after its end"));
}

bool
record_decode_row(struct arena *arena, const struct record *r, uint64_t fields, void *out,
                  const void *buf, size_t len, struct fault *fault)
{
    struct row_places places;

    return record_place_row(arena, r, fields, out, &places, buf, len, fault);
}

/* A wrong shape is told before any other fault, and where all that is known has one the
   rest must have one too. Else one walk does. */
bool
record_decode_rest(struct arena *arena, const struct record *r, void *out, const void *buf,
                   size_t len, size_t at, struct fault *fault)
{
    const uint8_t *bytes = buf;
    struct decoding d = {.in = {bytes + at, bytes + len}, .arena = arena, .fault = fault};
    bool ok = read_whole(&d, r, out);

    if (ok && !d.unknown && d.items <= SHAPE_ITEMS - AROUND)
        return true;
    const char *shape = shape_fault(buf, len);
    return shape ? fault_set(fault, FAULT_MALFORMED, "", "%s", shape) : ok;
}

bool
record_decode(struct arena *arena, const struct record *r, void *out, const void *buf, size_t len,
              struct fault *fault)
{
    return record_decode_rest(arena, r, out, buf, len, 0, fault);
}
