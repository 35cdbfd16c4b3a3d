#include <msgpack.h>
#include <string.h>

#include "schema/amount.h"
#include "schema/codec.h"
#include "schema/days.h"
#include "schema/field_path.h"

/* Where msgpack-c writes: a buffer that refuses what does not fit. */
struct sink {
    char *buf;
    size_t cap, len;
};

static int
sink_write(void *data, const char *bytes, size_t n)
{
    struct sink *s = data;
    if (n > s->cap - s->len)
        return -1;
    memcpy(s->buf + s->len, bytes, n);
    s->len += n;
    return 0;
}

static int write_record(msgpack_packer *pk, const struct record *r, const void *rec);

static int
write_text(msgpack_packer *pk, struct text text)
{
    int rc = msgpack_pack_str(pk, text.len);
    return rc || !text.len ? rc : msgpack_pack_str_body(pk, text.at, text.len);
}

static int
write_bytes(msgpack_packer *pk, const struct bytes *bytes)
{
    int rc = msgpack_pack_bin(pk, bytes->len);
    return rc || !bytes->len ? rc : msgpack_pack_bin_body(pk, bytes->at, bytes->len);
}

static int
write_texts(msgpack_packer *pk, const struct texts *texts)
{
    int rc = msgpack_pack_array(pk, texts->count);
    for (uint32_t i = 0; i < texts->count && !rc; i++)
        rc = write_text(pk, texts->at[i]);
    return rc;
}

static int
write_numbers(msgpack_packer *pk, const struct numbers *numbers)
{
    int rc = msgpack_pack_array(pk, numbers->count);
    for (uint32_t i = 0; i < numbers->count && !rc; i++)
        rc = msgpack_pack_int64(pk, numbers->at[i]);
    return rc;
}

static int
write_who(msgpack_packer *pk, const struct who *who)
{
    return who->all ? write_text(pk, text_of("all")) : write_texts(pk, &who->list);
}

static int
write_amount(msgpack_packer *pk, int64_t amount)
{
    char text[AMOUNT_TEXT];

    if (amount % 1000 == 0)
        return msgpack_pack_int64(pk, amount / 1000);
    amount_format(amount, text);
    return write_text(pk, text_of(text));
}

static int
write_day(msgpack_packer *pk, int32_t day)
{
    char text[11];
    day_format(day, text);
    return write_text(pk, text_of(text));
}

static int
write_set(msgpack_packer *pk, const struct vocabulary *words, uint32_t set)
{
    int rc = msgpack_pack_array(pk, (size_t)__builtin_popcount(set));
    for (int i = 0; i < words->count && !rc; i++)
        if (set >> i & 1)
            rc = write_text(pk, text_of(words->text[i]));
    return rc;
}

static int
write_many(msgpack_packer *pk, const struct record *r, const struct list *list)
{
    int rc = msgpack_pack_array(pk, list->count);
    for (uint32_t i = 0; i < list->count && !rc; i++)
        rc = write_record(pk, r, (const char *)list->at + i * r->size);
    return rc;
}

static int
write_value(msgpack_packer *pk, const struct field *f, const void *from)
{
    switch (f->type) {
    case TYPE_TEXT:
    case TYPE_ID:
    case TYPE_PATH: return write_text(pk, *(const struct text *)from);
    case TYPE_INT: return msgpack_pack_int64(pk, *(const int64_t *)from);
    case TYPE_AMOUNT: return write_amount(pk, *(const int64_t *)from);
    case TYPE_FLAG: return *(const bool *)from ? msgpack_pack_true(pk) : msgpack_pack_false(pk);
    case TYPE_DAY: return write_day(pk, *(const int32_t *)from);
    case TYPE_WORD: return write_text(pk, text_of(f->words->text[*(const int *)from]));
    case TYPE_SET: return write_set(pk, f->words, *(const uint32_t *)from);
    case TYPE_BIN: return write_bytes(pk, from);
    case TYPE_IDS:
    case TYPE_TEXTS: return write_texts(pk, from);
    case TYPE_NUMBERS: return write_numbers(pk, from);
    case TYPE_WHO: return write_who(pk, from);
    case TYPE_ONE: return write_record(pk, f->record, from);
    case TYPE_MANY: return write_many(pk, f->record, from);
    }
    return -1;
}

static int
write_record(msgpack_packer *pk, const struct record *r, const void *rec)
{
    uint64_t present;
    memcpy(&present, rec, sizeof present);
    int rc = msgpack_pack_map(pk, (size_t)__builtin_popcountll(present));

    for (unsigned i = 0; i < r->count && !rc; i++) {
        const struct field *f = &r->fields[i];
        if (!(present >> i & 1))
            continue;
        rc = write_text(pk, (struct text){f->name, (uint32_t)f->name_len});
        if (!rc)
            rc = write_value(pk, f, (const char *)rec + f->offset);
    }
    return rc;
}

size_t
record_encode(const struct record *r, const void *rec, void *buf, size_t cap)
{
    struct sink sink = {buf, cap, 0};
    msgpack_packer pk;

    msgpack_packer_init(&pk, &sink, sink_write);
    return write_record(&pk, r, rec) ? 0 : sink.len;
}
