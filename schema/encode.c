#include <string.h>

#include "schema/amount.h"
#include "schema/codec.h"
#include "schema/days.h"
#include "schema/writer.h"

static void write_record(struct writer *w, const struct record *r, const void *rec);

/* Names are short, and are copied whole with the zeros behind them where there is room:
   to copy a length known beforehand takes no call. */
static void
write_name(struct writer *w, const struct field *f)
{
    if ((size_t)(w->end - w->at) < 1 + sizeof f->name) {
        writer_text(w, f->name, (uint32_t)f->name_len);
        return;
    }
    writer_head(w, (uint8_t)(0xa0 | f->name_len), 0, 0);
    memcpy(w->at, f->name, sizeof f->name);
    w->at += f->name_len;
}

static void
write_text(struct writer *w, struct text text)
{
    writer_text(w, text.at, text.len);
}

static void
write_texts(struct writer *w, const struct texts *texts)
{
    writer_array(w, texts->count);
    for (uint32_t i = 0; i < texts->count; i++)
        write_text(w, texts->at[i]);
}

static void
write_numbers(struct writer *w, const struct numbers *numbers)
{
    writer_array(w, numbers->count);
    for (uint32_t i = 0; i < numbers->count; i++)
        writer_int(w, numbers->at[i]);
}

static void
write_who(struct writer *w, const struct who *who)
{
    if (who->all)
        write_text(w, text_of("all"));
    else
        write_texts(w, &who->list);
}

static void
write_amount(struct writer *w, int64_t amount)
{
    char text[AMOUNT_TEXT];

    if (amount % 1000 == 0) {
        writer_int(w, amount / 1000);
        return;
    }
    amount_format(amount, text);
    write_text(w, text_of(text));
}

static void
write_day(struct writer *w, int32_t day)
{
    char text[DAY_TEXT];

    day_format(day, text);
    writer_text(w, text, DAY_TEXT - 1);
}

static void
write_word(struct writer *w, const struct vocabulary *words, int word)
{
    writer_text(w, words->text[word], words->len[word]);
}

static void
write_set(struct writer *w, const struct vocabulary *words, uint32_t set)
{
    writer_array(w, (uint32_t)__builtin_popcount(set));
    for (; set; set &= set - 1)
        write_word(w, words, __builtin_ctz(set));
}

static void
write_many(struct writer *w, const struct record *r, const struct list *list)
{
    writer_array(w, list->count);
    for (uint32_t i = 0; i < list->count; i++)
        write_record(w, r, (const char *)list->at + i * r->size);
}

static void
write_value(struct writer *w, const struct field *f, const void *from)
{
    switch (f->type) {
    case TYPE_TEXT:
    case TYPE_ID:
    case TYPE_PATH: write_text(w, *(const struct text *)from); break;
    case TYPE_INT: writer_int(w, *(const int64_t *)from); break;
    case TYPE_AMOUNT: write_amount(w, *(const int64_t *)from); break;
    case TYPE_FLAG: writer_flag(w, *(const bool *)from); break;
    case TYPE_DAY: write_day(w, *(const int32_t *)from); break;
    case TYPE_WORD: write_word(w, f->words, *(const int *)from); break;
    case TYPE_SET: write_set(w, f->words, *(const uint32_t *)from); break;
    case TYPE_BIN:
        writer_bin(w, ((const struct bytes *)from)->at, ((const struct bytes *)from)->len);
        break;
    case TYPE_IDS:
    case TYPE_TEXTS: write_texts(w, from); break;
    case TYPE_NUMBERS: write_numbers(w, from); break;
    case TYPE_WHO: write_who(w, from); break;
    case TYPE_ONE: write_record(w, f->record, from); break;
    case TYPE_MANY: write_many(w, f->record, from); break;
    }
}

/* The fields of `encoded` as they are; NULL: there are none. */
static void
write_fields(struct writer *w, const struct record *r, const void *rec,
             const struct encoded_fields *encoded)
{
    uint64_t as_they_are = encoded ? encoded->present : 0;
    uint64_t present;

    memcpy(&present, rec, sizeof present);
    present |= as_they_are;
    writer_map(w, (uint32_t)__builtin_popcountll(present));
    for (; present; present &= present - 1) {
        unsigned i = (unsigned)__builtin_ctzll(present);
        const struct field *f = &r->fields[i];
        write_name(w, f);
        if (as_they_are >> i & 1)
            writer_raw(w, encoded->at[i].at, encoded->at[i].len);
        else
            write_value(w, f, (const char *)rec + f->offset);
    }
}

static void
write_record(struct writer *w, const struct record *r, const void *rec)
{
    write_fields(w, r, rec, NULL);
}

size_t
record_encode_with(const struct record *r, const void *rec, const struct encoded_fields *encoded,
                   void *buf, size_t cap)
{
    struct writer w = {buf, (uint8_t *)buf + cap, false};

    write_fields(&w, r, rec, encoded);
    return w.full ? 0 : (size_t)(w.at - (uint8_t *)buf);
}

size_t
record_encode(const struct record *r, const void *rec, void *buf, size_t cap)
{
    return record_encode_with(r, rec, NULL, buf, cap);
}

size_t
record_encode_row(const struct record *r, const void *rec, void *buf, size_t cap)
{
    struct writer w = {buf, (uint8_t *)buf + cap, false};
    uint64_t present;

    memcpy(&present, rec, sizeof present);
    uint32_t count = present ? 64 - (uint32_t)__builtin_clzll(present) : 0;
    writer_array(&w, count);
    for (uint32_t i = 0; i < count; i++)
        if (present >> i & 1)
            write_value(&w, &r->fields[i], (const char *)rec + r->fields[i].offset);
        else
            writer_nil(&w);
    return w.full ? 0 : (size_t)(w.at - (uint8_t *)buf);
}
