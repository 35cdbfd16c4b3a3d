/* Packs a record by its table, without the encoder, and spoils one thing of it. */
#include <stdio.h>

#include "schema/amount.h"
#include "schema/days.h"
#include "tests/gen.h"
#include "tests/gen_spoiling.h"

static void pack_record(struct spoiling *s, msgpack_packer *pk, const struct record *r,
                        const void *rec);

static void
pack_texts(msgpack_packer *pk, const struct texts *texts)
{
    msgpack_pack_array(pk, texts->count);
    for (uint32_t i = 0; i < texts->count; i++)
        gen_pack_text(pk, texts->at[i]);
}

static void
pack_list(struct spoiling *s, msgpack_packer *pk, const struct field *f, const struct list *list)
{
    size_t before = strlen(s->path);

    msgpack_pack_array(pk, list->count);
    for (uint32_t i = 0; i < list->count; i++) {
        snprintf(s->path + before, GEN_PATH - before, "%s%s[%u]", before ? "." : "", f->name, i);
        pack_record(s, pk, f->record, (const char *)list->at + i * f->record->size);
    }
    s->path[before] = '\0';
}

static void
pack_one(struct spoiling *s, msgpack_packer *pk, const struct field *f, const void *rec)
{
    size_t before = strlen(s->path);

    snprintf(s->path + before, GEN_PATH - before, "%s%s", before ? "." : "", f->name);
    pack_record(s, pk, f->record, rec);
    s->path[before] = '\0';
}

static void
pack_day(msgpack_packer *pk, int32_t day)
{
    char text[DAY_TEXT];
    day_format(day, text);
    gen_pack_word(pk, text);
}

static void
pack_amount(msgpack_packer *pk, int64_t amount)
{
    char text[AMOUNT_TEXT];
    amount_format(amount, text);
    gen_pack_word(pk, text);
}

static void
pack_set(msgpack_packer *pk, const struct vocabulary *words, uint32_t set)
{
    msgpack_pack_array(pk, (size_t)__builtin_popcount(set));
    for (int i = words->count - 1; i >= 0; i--)
        if (set >> i & 1)
            gen_pack_word(pk, words->text[i]);
}

static void
pack_numbers(msgpack_packer *pk, const struct numbers *numbers)
{
    msgpack_pack_array(pk, numbers->count);
    for (uint32_t i = 0; i < numbers->count; i++)
        msgpack_pack_int64(pk, numbers->at[i]);
}

static void
pack_bytes(msgpack_packer *pk, const struct bytes *bytes)
{
    msgpack_pack_bin(pk, bytes->len);
    msgpack_pack_bin_body(pk, bytes->at, bytes->len);
}

static void
pack_who(msgpack_packer *pk, const struct who *who)
{
    if (who->all)
        gen_pack_word(pk, "all");
    else
        pack_texts(pk, &who->list);
}

static void
pack_value(struct spoiling *s, msgpack_packer *pk, const struct field *f, const void *from)
{
    switch (f->type) {
    case TYPE_TEXT:
    case TYPE_ID:
    case TYPE_PATH: gen_pack_text(pk, *(const struct text *)from); break;
    case TYPE_INT: msgpack_pack_int64(pk, *(const int64_t *)from); break;
    case TYPE_AMOUNT: pack_amount(pk, *(const int64_t *)from); break;
    case TYPE_FLAG: *(const bool *)from ? msgpack_pack_true(pk) : msgpack_pack_false(pk); break;
    case TYPE_DAY: pack_day(pk, *(const int32_t *)from); break;
    case TYPE_WORD: gen_pack_word(pk, f->words->text[*(const int *)from]); break;
    case TYPE_SET: pack_set(pk, f->words, *(const uint32_t *)from); break;
    case TYPE_BIN: pack_bytes(pk, from); break;
    case TYPE_IDS:
    case TYPE_TEXTS: pack_texts(pk, from); break;
    case TYPE_NUMBERS: pack_numbers(pk, from); break;
    case TYPE_WHO: pack_who(pk, from); break;
    case TYPE_ONE: pack_one(s, pk, f, from); break;
    case TYPE_MANY: pack_list(s, pk, f, from); break;
    }
}

/* --- the record -------------------------------------------------------------------------- */

static void
pack_record(struct spoiling *s, msgpack_packer *pk, const struct record *r, const void *rec)
{
    msgpack_sbuffer body;
    msgpack_packer fields;
    size_t count = 0;
    uint64_t present;

    memcpy(&present, rec, sizeof present);
    msgpack_sbuffer_init(&body);
    msgpack_packer_init(&fields, &body, msgpack_sbuffer_write);
    for (unsigned i = 0; i < r->count; i++) {
        const struct field *f = &r->fields[i];
        if (!(present >> i & 1)
            || (f->need == REQUIRED && spoiling_turn(s, FAULT_FIELD_MISSING, f->name)))
            continue;
        count++;
        gen_pack_word(&fields, f->name);
        if (!spoiling_value(s, &fields, f))
            pack_value(s, &fields, f, (const char *)rec + f->offset);
    }
    if (!r->open && spoiling_turn(s, FAULT_FIELD_UNKNOWN, "no-such-field")) {
        count++;
        gen_pack_word(&fields, "no-such-field");
        msgpack_pack_nil(&fields);
    }
    msgpack_pack_map(pk, count);
    pk->callback(pk->data, body.data, body.size);
    msgpack_sbuffer_destroy(&body);
}

bool
gen_spoilt(const struct record *r, const void *rec, unsigned k, msgpack_sbuffer *out,
           struct fault *want)
{
    struct spoiling s = {.left = k, .want = want};
    msgpack_packer pk;

    msgpack_packer_init(&pk, out, msgpack_sbuffer_write);
    pack_record(&s, &pk, r, rec);
    return s.spoilt;
}
