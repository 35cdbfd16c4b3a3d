#include <inttypes.h>
#include <string.h>

#include "schema/amount.h"
#include "schema/days.h"
#include "schema/decode_inside.h"
#include "schema/ids.h"
#include "schema/shape.h"

bool
decode_wrong(struct decoding *d, const char *field, enum fault_code code, const char *reason)
{
    field_path_enter(&d->path, field);
    return fault_set(d->fault, code, d->path.text, "%s", reason);
}

bool
decode_malformed(struct decoding *d, const char *reason)
{
    return fault_set(d->fault, FAULT_MALFORMED, d->path.text, "%s", reason);
}

static bool
invalid(struct decoding *d, const struct field *f, const char *reason)
{
    return decode_wrong(d, f->name, FAULT_FIELD_INVALID, reason);
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
    if (d->kept)
        return (out->len >= f->min && out->len <= f->max) || out_of_range(d, f, " bytes long");
    if (f->type == TYPE_ID)
        return id_valid(*out) || invalid(d, f, "must be an id: 1 to 64 of a-z 0-9 . _ -");
    if (f->type == TYPE_PATH)
        return path_valid(*out) || invalid(d, f, "must be two ids with / between them");
    if (out->len < f->min || out->len > f->max)
        return out_of_range(d, f, " bytes long");
    return shape_text(*out) || decode_malformed(d, "holds no UTF-8");
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
no_such_word(struct decoding *d, const struct field *f)
{
    char reason[FAULT_REASON] = "must be one of:";
    size_t len = strlen(reason);

    for (int i = 0; i < f->words->count && len < sizeof reason; i++)
        len += (size_t)snprintf(reason + len, sizeof reason - len, " %s", f->words->text[i]);
    return invalid(d, f, reason);
}

static bool
read_word(struct decoding *d, const struct field *f, const msgpack_object *o, int *out)
{
    return (o->type == MSGPACK_OBJECT_STR
            && (*out = word_find(f->words, o->via.str.ptr, o->via.str.size)) >= 0)
           || no_such_word(d, f);
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
        if (!decode_take(d, &item) || !read_word(d, f, &item, &word))
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

/* Keys are made of ids: so they are no longer than they may be, even where we kept them. */
static bool
check_item(struct decoding *d, const struct field *f, struct texts before, struct text item)
{
    if (f->type == TYPE_TEXTS)
        return d->kept || shape_text(item) || decode_malformed(d, "holds no UTF-8");
    if (d->kept ? item.len > ID_MAX : !id_valid(item))
        return invalid(d, f, "must be a list of ids: 1 to 64 of a-z 0-9 . _ -");
    return d->kept || !texts_hold(before, item) || invalid(d, f, "names an id twice");
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
        if (!decode_take(d, &item))
            return false;
        if (item.type != MSGPACK_OBJECT_STR)
            return invalid(d, f, "must be a list of strings");
        items[i] = text_in(&item);
        if (!check_item(d, f, (struct texts){items, i}, items[i]))
            return false;
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
        if (!decode_take(d, &item))
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
    bool ok = decode_map(d, f->record, out, o);
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
        if (!decode_take(d, &item) || !decode_map(d, f->record, items + i * f->record->size, &item))
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

/* --- most values ------------------------------------------------------------------- */

/* Of what is not negative how many bytes it takes; 0: it is no such number, or cut short. */
static size_t
number_at_once(const struct reader *in, uint64_t *out)
{
    const uint8_t *at = in->at;

    if (at < in->end && *at < 0x80) {
        *out = *at;
        return 1;
    }
    if (at == in->end || *at < 0xcc || *at > 0xcf)
        return 0;
    size_t len = (size_t)1 << (*at - 0xcc);
    if (len >= (size_t)(in->end - at))
        return 0;
    *out = 0;
    for (size_t i = 1; i <= len; i++)
        *out = *out << 8 | at[i];
    return 1 + len;
}

static bool
read_int_at_once(struct decoding *d, const struct field *f, int64_t *out)
{
    uint64_t number = 0;
    size_t len = number_at_once(&d->in, &number);

    if (!len || number > (uint64_t)f->max || (int64_t)number < f->min)
        return false;
    *out = (int64_t)number;
    d->in.at += len;
    return true;
}

static bool
fits_at_once(const struct decoding *d, const struct field *f, struct text text, void *to)
{
    if (f->type == TYPE_DAY)
        return day_parse(text.at, text.len, to);
    if (f->type == TYPE_WORD)
        return (*(int *)to = word_find(f->words, text.at, text.len)) >= 0;
    if (!d->kept || text.len < f->min || text.len > f->max)
        return false;
    *(struct text *)to = text;
    return true;
}

static bool
read_short_at_once(struct decoding *d, const struct field *f, void *to)
{
    struct reader in = d->in;
    struct text text;

    if (!reader_take_short(&in, &text) || !fits_at_once(d, f, text, to))
        return false;
    d->in = in;
    return true;
}

/* What nearly all fields are, in the form that they nearly always have: to look for any that a
   value may have takes longer than to read it. False: it has another, or is wrong. */
static bool
read_at_once(struct decoding *d, const struct field *f, void *to)
{
    const uint32_t in_texts =
        1 << TYPE_TEXT | 1 << TYPE_ID | 1 << TYPE_PATH | 1 << TYPE_DAY | 1 << TYPE_WORD;

    if (f->type == TYPE_INT)
        return read_int_at_once(d, f, to);
    return in_texts >> f->type & 1 && read_short_at_once(d, f, to);
}

bool
decode_value(struct decoding *d, const struct field *f, void *out)
{
    void *to = (char *)out + f->offset;
    msgpack_object value;

    return read_at_once(d, f, to) || (decode_take(d, &value) && read_value(d, f, &value, to));
}
