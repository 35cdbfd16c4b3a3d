/* JSON is turned into the MessagePack that it stands for, and that is decoded:
   there is one decoder, with one set of limits and faults. */
#include "schema/json.h"

#include <msgpack.h>
#include <stdio.h>
#include <string.h>

#include "schema/amount.h"
#include "schema/codec.h"
#include "schema/days.h"
#include "schema/json_inside.h"
#include "schema/records.h"
#include "schema/shape.h"

enum { HEX_MAX = 2 * BODY_MAX };

#define EXACT_IN_JSON INT64_C(1000000000000000)

/* --- reading -------------------------------------------------------------------- */

static void pack_object(msgpack_packer *pk, json_t *object, const struct record *r);
static void pack_any(msgpack_packer *pk, json_t *value, const struct field *f);

static void
pack_text(msgpack_packer *pk, const char *text, size_t len)
{
    msgpack_pack_str(pk, len);
    msgpack_pack_str_body(pk, text, len);
}

static int
hex_digit(char c)
{
    const char *digits = "0123456789abcdef";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* What is not hexadecimal stays a string, and is found to be no bin. */
static void
pack_hex(msgpack_packer *pk, const char *text, size_t len)
{
    static _Thread_local char bytes[HEX_MAX / 2];

    for (size_t i = 0; i + 1 < len && len <= HEX_MAX; i += 2) {
        int high = hex_digit(text[i]);
        int low = hex_digit(text[i + 1]);
        if (high < 0 || low < 0) {
            pack_text(pk, text, len);
            return;
        }
        bytes[i / 2] = (char)(high << 4 | low);
    }
    if (len % 2 || len > HEX_MAX) {
        pack_text(pk, text, len);
        return;
    }
    msgpack_pack_bin(pk, len / 2);
    msgpack_pack_bin_body(pk, bytes, len / 2);
}

/* An amount with decimals: the shortest text of three places that says the same
   number, or, if there is none, the number itself, which is refused. */
static void
pack_real(msgpack_packer *pk, double real, const struct field *f)
{
    char text[32];
    char *end;

    (void)snprintf(text, sizeof text, "%.3f", real);
    if (f && f->type == TYPE_AMOUNT && strtod(text, &end) == real)
        pack_text(pk, text, strlen(text));
    else
        msgpack_pack_double(pk, real);
}

static void
pack_array(msgpack_packer *pk, const json_t *array, const struct field *f)
{
    msgpack_pack_array(pk, json_array_size(array));
    for (size_t i = 0; i < json_array_size(array); i++) {
        json_t *item = json_array_get(array, i);
        if (json_is_object(item) && f && f->type == TYPE_MANY)
            pack_object(pk, item, f->record);
        else
            pack_any(pk, item, NULL);
    }
}

static void
pack_any(msgpack_packer *pk, json_t *value, const struct field *f)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT: pack_object(pk, value, f ? f->record : NULL); break;
    case JSON_ARRAY: pack_array(pk, value, f); break;
    case JSON_STRING:
        if (f && f->type == TYPE_BIN)
            pack_hex(pk, json_string_value(value), json_string_length(value));
        else
            pack_text(pk, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER: msgpack_pack_int64(pk, json_integer_value(value)); break;
    case JSON_REAL: pack_real(pk, json_real_value(value), f); break;
    case JSON_TRUE: msgpack_pack_true(pk); break;
    case JSON_FALSE: msgpack_pack_false(pk); break;
    case JSON_NULL: msgpack_pack_nil(pk); break;
    }
}

static void
pack_object(msgpack_packer *pk, json_t *object, const struct record *r)
{
    void *at;

    msgpack_pack_map(pk, json_object_size(object));
    for (at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
        const char *key = json_object_iter_key(at);
        pack_text(pk, key, strlen(key));
        pack_any(pk, json_object_iter_value(at), record_field(r, text_of(key)));
    }
}

bool
record_of_object(struct arena *arena, const struct record *r, void *out, json_t *object,
                 struct fault *fault)
{
    msgpack_sbuffer packed;
    msgpack_packer pk;

    msgpack_sbuffer_init(&packed);
    msgpack_packer_init(&pk, &packed, msgpack_sbuffer_write);
    pack_object(&pk, object, r);
    const void *copy = arena_copy(arena, packed.data, packed.size);
    bool ok = record_decode(arena, r, out, copy, packed.size, fault);
    msgpack_sbuffer_destroy(&packed);
    return ok;
}

/* jansson's own message may repeat the text, so only the place is told. */
json_t *
object_of_text(const char *text, size_t len, struct fault *fault)
{
    json_error_t error;
    json_t *object = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);

    if (!object) {
        bool twice = json_error_code(&error) == json_error_duplicate_key;
        fault_set(fault, FAULT_MALFORMED, "",
                  twice ? "gives a key twice (at byte %d)" : "is not JSON (at byte %d)",
                  error.position);
        return NULL;
    }
    if (!json_is_object(object)) {
        fault_set(fault, FAULT_MALFORMED, "", "must be a JSON object");
        json_decref(object);
        return NULL;
    }
    return object;
}

bool
record_from_json(struct arena *arena, const struct record *r, void *out, const char *text,
                 size_t len, struct fault *fault)
{
    json_t *object = object_of_text(text, len, fault);
    bool ok = object && record_of_object(arena, r, out, object, fault);

    json_decref(object);
    return ok;
}

/* --- writing -------------------------------------------------------------------- */

static json_t *
json_text(struct text text)
{
    return json_stringn(text.len ? text.at : "", text.len);
}

static json_t *
json_hex(const struct bytes *bytes)
{
    static const char digits[] = "0123456789abcdef";
    static _Thread_local char hex[HEX_MAX];

    for (uint32_t i = 0; i < bytes->len; i++) {
        hex[(size_t)2 * i] = digits[bytes->at[i] >> 4];
        hex[(size_t)2 * i + 1] = digits[bytes->at[i] & 15];
    }
    return json_stringn(hex, 2 * (size_t)bytes->len);
}

static json_t *
json_texts(const struct texts *texts)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < texts->count; i++)
        json_array_append_new(array, json_text(texts->at[i]));
    return array;
}

static json_t *
json_numbers(const struct numbers *numbers)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < numbers->count; i++)
        json_array_append_new(array, json_integer(numbers->at[i]));
    return array;
}

static json_t *
json_set(const struct vocabulary *words, uint32_t set)
{
    json_t *array = json_array();
    for (int i = 0; i < words->count; i++)
        if (set >> i & 1)
            json_array_append_new(array, json_string(words->text[i]));
    return array;
}

static json_t *
json_many(const struct record *r, const struct list *list)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < list->count; i++)
        json_array_append_new(array, object_of_record(r, (const char *)list->at + i * r->size));
    return array;
}

static json_t *
json_day(int32_t day)
{
    char text[DAY_TEXT];
    day_format(day, text);
    return json_string(text);
}

/* A number where the 15 digits that a double is sure to keep hold it, else the
   text that an amount may be too. */
static json_t *
json_amount(int64_t amount)
{
    char text[AMOUNT_TEXT];

    if (amount % 1000 == 0)
        return json_integer(amount / 1000);
    if (amount > -EXACT_IN_JSON && amount < EXACT_IN_JSON)
        return json_real((double)amount / 1000);
    amount_format(amount, text);
    return json_string(text);
}

static json_t *
json_value(const struct field *f, const void *from)
{
    switch (f->type) {
    case TYPE_TEXT:
    case TYPE_ID:
    case TYPE_PATH: return json_text(*(const struct text *)from);
    case TYPE_INT: return json_integer(*(const int64_t *)from);
    case TYPE_AMOUNT: return json_amount(*(const int64_t *)from);
    case TYPE_FLAG: return json_boolean(*(const bool *)from);
    case TYPE_DAY: return json_day(*(const int32_t *)from);
    case TYPE_WORD: return json_string(f->words->text[*(const int *)from]);
    case TYPE_SET: return json_set(f->words, *(const uint32_t *)from);
    case TYPE_BIN: return json_hex(from);
    case TYPE_IDS:
    case TYPE_TEXTS: return json_texts(from);
    case TYPE_NUMBERS: return json_numbers(from);
    case TYPE_WHO:
        return ((const struct who *)from)->all ? json_string("all")
                                               : json_texts(&((const struct who *)from)->list);
    case TYPE_ONE: return object_of_record(f->record, from);
    case TYPE_MANY: return json_many(f->record, from);
    }
    return NULL;
}

json_t *
object_of_record(const struct record *r, const void *rec)
{
    json_t *object = json_object();
    uint64_t present;

    memcpy(&present, rec, sizeof present);
    for (unsigned i = 0; i < r->count; i++)
        if (present >> i & 1)
            json_object_set_new(object, r->fields[i].name,
                                json_value(&r->fields[i], (const char *)rec + r->fields[i].offset));
    return object;
}

struct text
text_of_object(struct arena *arena, json_t *object)
{
    size_t len = json_dumpb(object, NULL, 0, JSON_COMPACT | JSON_REAL_PRECISION(15));
    char *at = arena_take(arena, len + 1);

    json_dumpb(object, at, len, JSON_COMPACT | JSON_REAL_PRECISION(15));
    at[len] = '\0';
    json_decref(object);
    return (struct text){at, (uint32_t)len};
}

struct text
record_to_json(struct arena *arena, const struct record *r, const void *rec)
{
    return text_of_object(arena, object_of_record(r, rec));
}
