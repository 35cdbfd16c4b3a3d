#include <inttypes.h>
#include <string.h>

#include "schema/amount.h"
#include "schema/codec.h"
#include "schema/days.h"
#include "schema/field_path.h"
#include "schema/ids.h"
#include "schema/reader.h"
#include "schema/shape.h"

/* The shape of what comes from outside is checked as it is decoded: each text here, and
   what a record of ours can't hold by being refused. What this leaves open is in `items`
   and `unknown`; in doubt shape_fault looks at all of it (record_decode_rest). */
struct decoding {
    struct reader in; /* after the value that is being read, or its head */
    struct arena *arena;
    struct fault *fault;
    bool kept;      /* by ourselves: its texts are not looked at */
    bool unknown;   /* a field was skipped that may hold anything */
    uint64_t items; /* values, keys, arrays and maps, nearly */
    struct field_path path;
};

enum { AROUND = 4 }; /* items that a frame has beside those of its record's fields */

static bool read_record(struct decoding *d, const struct record *r, void *out,
                        const msgpack_object *o);

static bool
wrong(struct decoding *d, const char *field, enum fault_code code, const char *reason)
{
    field_path_enter(&d->path, field);
    return fault_set(d->fault, code, d->path.text, "%s", reason);
}

static bool
malformed(struct decoding *d, const char *reason)
{
    return fault_set(d->fault, FAULT_MALFORMED, d->path.text, "%s", reason);
}

static bool
invalid(struct decoding *d, const struct field *f, const char *reason)
{
    return wrong(d, f->name, FAULT_FIELD_INVALID, reason);
}

static bool
out_of_range(struct decoding *d, const struct field *f, const char *unit)
{
    field_path_enter(&d->path, f->name);
    if (f->min == f->max)
        return fault_set(d->fault, FAULT_FIELD_INVALID, d->path.text, "must be %" PRId64 "%s",
                         f->max, unit);
    return fault_set(d->fault, FAULT_FIELD_INVALID, d->path.text,
                     "must be %" PRId64 " to %" PRId64 "%s", f->min, f->max, unit);
}

static bool
take(struct decoding *d, msgpack_object *out)
{
    return reader_take(&d->in, out) == READING_DONE || malformed(d, "is cut short");
}

static struct text
text_in(const msgpack_object *o)
{
    return (struct text){o->via.str.ptr, o->via.str.size};
}

static bool
read_text(struct decoding *d, const struct field *f, const msgpack_object *o, struct text *out)
{
    if (o->type != MSGPACK_OBJECT_STR)
        return invalid(d, f, "must be a string");
    *out = text_in(o);
    if (f->type == TYPE_ID)
        return id_valid(*out) || invalid(d, f, "must be an id: 1 to 64 of a-z 0-9 . _ -");
    if (f->type == TYPE_PATH)
        return path_valid(*out) || invalid(d, f, "must be two ids with / between them");
    if (out->len < f->min || out->len > f->max)
        return out_of_range(d, f, " bytes long");
    return d->kept || shape_text(*out) || malformed(d, "holds no UTF-8");
}

static bool
read_bytes(struct decoding *d, const struct field *f, const msgpack_object *o, struct bytes *out)
{
    if (o->type != MSGPACK_OBJECT_BIN)
        return invalid(d, f, "must be a bin");
    *out = (struct bytes){(const uint8_t *)o->via.bin.ptr, o->via.bin.size};
    return (out->len >= f->min && out->len <= f->max) || out_of_range(d, f, " bytes long");
}

static bool
read_int(struct decoding *d, const struct field *f, const msgpack_object *o, int64_t *out)
{
    bool positive = o->type == MSGPACK_OBJECT_POSITIVE_INTEGER;
    if (!positive && o->type != MSGPACK_OBJECT_NEGATIVE_INTEGER)
        return invalid(d, f, "must be an integer");
    if ((positive && o->via.u64 > INT64_MAX) || o->via.i64 < f->min || o->via.i64 > f->max)
        return out_of_range(d, f, "");
    *out = o->via.i64;
    return true;
}

static bool
read_amount(struct decoding *d, const struct field *f, const msgpack_object *o, int64_t *out)
{
    static const char expected[] =
        "must be an integer, or a string of digits with up to three places, as \"12.5\"";
    if (o->type == MSGPACK_OBJECT_STR)
        return amount_parse(text_in(o), out) || invalid(d, f, expected);
    bool positive = o->type == MSGPACK_OBJECT_POSITIVE_INTEGER;
    if (!positive && o->type != MSGPACK_OBJECT_NEGATIVE_INTEGER)
        return invalid(d, f, expected);
    if ((positive && o->via.u64 > INT64_MAX) || o->via.i64 < f->min / 1000
        || o->via.i64 > f->max / 1000)
        return invalid(d, f, "is too large");
    *out = o->via.i64 * 1000;
    return true;
}

static bool
read_flag(struct decoding *d, const struct field *f, const msgpack_object *o, bool *out)
{
    if (o->type != MSGPACK_OBJECT_BOOLEAN)
        return invalid(d, f, "must be true or false");
    *out = o->via.boolean;
    return true;
}

static bool
read_day(struct decoding *d, const struct field *f, const msgpack_object *o, int32_t *out)
{
    if (o->type != MSGPACK_OBJECT_STR)
        return invalid(d, f, "must be a string");
    return day_parse(o->via.str.ptr, o->via.str.size, out)
           || invalid(d, f, "must be a day of the calendar, as 2016-03-31");
}

/* A word's fault lists the words: there are few, and a person must choose one. */
static bool
read_word(struct decoding *d, const struct field *f, const msgpack_object *o, int *out)
{
    char reason[FAULT_REASON] = "must be one of:";
    size_t len = strlen(reason);

    if (o->type == MSGPACK_OBJECT_STR
        && (*out = word_find(f->words, o->via.str.ptr, o->via.str.size)) >= 0)
        return true;
    for (int i = 0; i < f->words->count && len < sizeof reason; i++)
        len += (size_t)snprintf(reason + len, sizeof reason - len, " %s", f->words->text[i]);
    return invalid(d, f, reason);
}

static bool
read_set(struct decoding *d, const struct field *f, const msgpack_object *o, uint32_t *out)
{
    int word = 0;

    *out = 0;
    if (o->type != MSGPACK_OBJECT_ARRAY)
        return invalid(d, f, "must be a list");
    d->items += o->via.array.size;
    for (uint32_t i = 0; i < o->via.array.size; i++) {
        msgpack_object item;
        if (!take(d, &item) || !read_word(d, f, &item, &word))
            return false;
        if (*out >> word & 1)
            return invalid(d, f, "names a word twice");
        *out |= UINT32_C(1) << word;
    }
    return true;
}

static bool
read_items(struct decoding *d, const struct field *f, const msgpack_object *o, uint32_t *count)
{
    if (o->type != MSGPACK_OBJECT_ARRAY)
        return invalid(d, f, "must be a list");
    *count = o->via.array.size;
    d->items += *count;
    return *count <= f->max || out_of_range(d, f, " items long");
}

static bool
read_texts(struct decoding *d, const struct field *f, const msgpack_object *o, struct texts *out)
{
    if (!read_items(d, f, o, &out->count))
        return false;
    struct text *items = arena_take(d->arena, out->count * sizeof *items);
    out->at = items;
    for (uint32_t i = 0; i < out->count; i++) {
        msgpack_object item;
        if (!take(d, &item))
            return false;
        if (item.type != MSGPACK_OBJECT_STR)
            return invalid(d, f, "must be a list of strings");
        items[i] = text_in(&item);
        if (f->type == TYPE_TEXTS && !d->kept && !shape_text(items[i]))
            return malformed(d, "holds no UTF-8");
        if (f->type == TYPE_TEXTS)
            continue;
        if (!id_valid(items[i]))
            return invalid(d, f, "must be a list of ids: 1 to 64 of a-z 0-9 . _ -");
        if (texts_hold((struct texts){items, i}, items[i]))
            return invalid(d, f, "names an id twice");
    }
    return true;
}

static bool
read_numbers(struct decoding *d, const struct field *f, const msgpack_object *o,
             struct numbers *out)
{
    if (!read_items(d, f, o, &out->count))
        return false;
    int64_t *items = arena_take(d->arena, out->count * sizeof *items);
    out->at = items;
    for (uint32_t i = 0; i < out->count; i++) {
        msgpack_object item;
        if (!take(d, &item))
            return false;
        if (item.type != MSGPACK_OBJECT_POSITIVE_INTEGER || item.via.u64 > INT64_MAX)
            return invalid(d, f, "must be a list of integers from 0");
        items[i] = item.via.i64;
    }
    return true;
}

static bool
read_who(struct decoding *d, const struct field *f, const msgpack_object *o, struct who *out)
{
    *out = (struct who){0};
    if (o->type == MSGPACK_OBJECT_STR) {
        out->all = text_is(text_in(o), "all");
        return out->all || invalid(d, f, "must be \"all\" or a list of agencies");
    }
    return read_texts(d, f, o, &out->list);
}

static bool
read_one(struct decoding *d, const struct field *f, const msgpack_object *o, void *out)
{
    size_t before = field_path_enter(&d->path, f->name);
    bool ok = read_record(d, f->record, out, o);
    if (ok)
        field_path_leave(&d->path, before);
    return ok;
}

static bool
read_many(struct decoding *d, const struct field *f, const msgpack_object *o, struct list *out)
{
    if (!read_items(d, f, o, &out->count))
        return false;
    char *items = arena_take(d->arena, out->count * f->record->size);
    out->at = items;
    size_t before = field_path_enter(&d->path, f->name);
    for (uint32_t i = 0; i < out->count; i++) {
        size_t at_list = field_path_enter_item(&d->path, i);
        msgpack_object item;
        if (!take(d, &item) || !read_record(d, f->record, items + i * f->record->size, &item))
            return false;
        field_path_leave(&d->path, at_list);
    }
    field_path_leave(&d->path, before);
    return true;
}

static bool
read_value(struct decoding *d, const struct field *f, const msgpack_object *o, void *to)
{
    switch (f->type) {
    case TYPE_TEXT:
    case TYPE_ID:
    case TYPE_PATH: return read_text(d, f, o, to);
    case TYPE_INT: return read_int(d, f, o, to);
    case TYPE_AMOUNT: return read_amount(d, f, o, to);
    case TYPE_FLAG: return read_flag(d, f, o, to);
    case TYPE_DAY: return read_day(d, f, o, to);
    case TYPE_WORD: return read_word(d, f, o, to);
    case TYPE_SET: return read_set(d, f, o, to);
    case TYPE_BIN: return read_bytes(d, f, o, to);
    case TYPE_IDS:
    case TYPE_TEXTS: return read_texts(d, f, o, to);
    case TYPE_NUMBERS: return read_numbers(d, f, o, to);
    case TYPE_WHO: return read_who(d, f, o, to);
    case TYPE_ONE: return read_one(d, f, o, to);
    case TYPE_MANY: return read_many(d, f, o, to);
    }
    return invalid(d, f, "has a type that this program does not know");
}

static bool
take_key(struct decoding *d, struct text *key)
{
    msgpack_object o;

    if (reader_take_short(&d->in, key))
        return true;
    if (!take(d, &o))
        return false;
    *key = text_in(&o);
    return o.type == MSGPACK_OBJECT_STR || malformed(d, "must be a map of strings");
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
    return wrong(d, name, FAULT_FIELD_UNKNOWN, "is not a field of this record");
}

static bool
step_over(struct decoding *d)
{
    return reader_skip(&d->in) == READING_DONE || malformed(d, "is cut short");
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
        return wrong(d, r->fields[__builtin_ctzll(missing)].name, FAULT_FIELD_MISSING,
                     "is missing");
    memcpy(out, &present, sizeof present);
    return true;
}

static bool
read_record(struct decoding *d, const struct record *r, void *out, const msgpack_object *o)
{
    uint64_t present = 0;
    unsigned next = 0;

    if (o->type != MSGPACK_OBJECT_MAP)
        return malformed(d, "must be a map");
    memset(out, 0, r->size);
    d->items += UINT64_C(2) * o->via.map.size;
    for (uint32_t i = 0; i < o->via.map.size; i++) {
        struct text key;
        msgpack_object value;
        if (!take_key(d, &key))
            return false;
        const struct field *f = find_field(r, key, next);
        if (!f && !(r->open ? skip_unknown(d) : refuse_unknown(d, key)))
            return false;
        if (!f)
            continue;
        next = (unsigned)(f - r->fields);
        if (present >> next & 1)
            return malformed(d, "gives a key twice");
        present |= UINT64_C(1) << next;
        if (!take(d, &value) || !read_value(d, f, &value, (char *)out + f->offset))
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

    if (!take(d, &map) || !read_record(d, r, out, &map))
        return false;
    return d->in.at == d->in.end || malformed(d, "has bytes after its end");
}

/* Of those that are wanted; others are stepped over. */
static bool
read_row(struct decoding *d, const struct record *r, uint64_t fields, void *out)
{
    uint64_t present = 0;
    msgpack_object row;
    msgpack_object value;

    if (!take(d, &row))
        return false;
    if (row.type != MSGPACK_OBJECT_ARRAY || row.via.array.size > r->count)
        return malformed(d, "must be an array of this record's fields");
    memset(out, 0, r->size);
    for (uint32_t i = 0; i < row.via.array.size; i++) {
        const struct field *f = &r->fields[i];
        bool wanted = fields >> i & 1;
        if (wanted ? !take(d, &value) : !step_over(d))
            return false;
        if (!wanted || value.type == MSGPACK_OBJECT_NIL)
            continue;
        if (!read_value(d, f, &value, (char *)out + f->offset))
            return false;
        present |= UINT64_C(1) << i;
    }
    return end_record(d, r, *r->required & fields, present, out);
}

bool
record_decode_row(struct arena *arena, const struct record *r, uint64_t fields, void *out,
                  const void *buf, size_t len, struct fault *fault)
{
    struct decoding d = {
        .in = {buf, (const uint8_t *)buf + len}, .arena = arena, .fault = fault, .kept = true};

    return read_row(&d, r, fields, out)
           && (d.in.at == d.in.end || malformed(&d, "has bytes after its end"));
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
