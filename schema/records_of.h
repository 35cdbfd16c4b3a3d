/* What follows from a list of fields: the struct, and the table that describes
   it. For records.h, messages.h and the options of each program. */
#ifndef SCHEMA_RECORDS_OF_H
#define SCHEMA_RECORDS_OF_H

#include "schema/record.h"

/* --- the struct ------------------------------------------------------------ */

#define MEMBER_TEXT(min, max) struct text
#define MEMBER_ID struct text
#define MEMBER_PATH struct text
#define MEMBER_INT(min, max) int64_t
#define MEMBER_AMOUNT int64_t
#define MEMBER_FLAG bool
#define MEMBER_DAY int32_t
#define MEMBER_WORD(tag, words) enum tag
#define MEMBER_SET(words) uint32_t
#define MEMBER_BIN(min, max) struct bytes
#define MEMBER_IDS(max) struct texts
#define MEMBER_TEXTS(max) struct texts
#define MEMBER_NUMBERS(max) struct numbers
#define MEMBER_WHO struct who
#define MEMBER_NUMBER int64_t
#define MEMBER_ONE(tag) struct tag
#define MEMBER_MANY(tag, max) \
    struct {                  \
        const struct tag *at; \
        uint32_t count;       \
    }

#define FIELD_MEMBER(tag, name, need, type, doc) MEMBER_##type name;
#define FIELD_BIT(tag, name, need, type, doc) uint64_t name : 1;

/* `present` and `has` are the same bits: the first for engines, the second for
   code that knows the field. */
#define RECORD_STRUCT(tag, FIELDS, open, doc) \
    struct tag {                              \
        union {                               \
            uint64_t present;                 \
            struct {                          \
                FIELDS(FIELD_BIT, tag)        \
            } has;                            \
        };                                    \
        FIELDS(FIELD_MEMBER, tag)             \
    };

#define RECORD_EXTERN(tag, FIELDS, open, doc) extern const struct record tag##_record;

/* Copies a field of one record to another, and whether it was given. */
#define KEEP(row, from, field) ((row)->field = (from)->field, (row)->has.field = (from)->has.field)

/* Its place in the record's table, which is that of its bit in `present`. */
#define FIELD_PLACE(tag, field) \
    ((unsigned)__builtin_ctzll((struct tag){.has = {.field = 1}}.present))

/* --- the table ------------------------------------------------------------- */

#define ROW_TEXT(least, most) .type = TYPE_TEXT, .min = (least), .max = (most)
#define ROW_ID .type = TYPE_ID, .min = 1, .max = ID_MAX
#define ROW_PATH .type = TYPE_PATH, .min = 3, .max = PATH_MAX_LEN
#define ROW_INT(least, most) .type = TYPE_INT, .min = (least), .max = (most)
#define ROW_NUMBER .type = TYPE_INT, .min = 0, .max = INT64_MAX
#define ROW_AMOUNT .type = TYPE_AMOUNT, .min = AMOUNT_MIN, .max = AMOUNT_MAX
#define ROW_FLAG .type = TYPE_FLAG
#define ROW_DAY .type = TYPE_DAY, .min = DAY_MIN, .max = DAY_MAX
#define ROW_WORD(tag, vocabulary) .type = TYPE_WORD, .words = &(vocabulary)
#define ROW_SET(vocabulary) .type = TYPE_SET, .words = &(vocabulary)
#define ROW_BIN(least, most) .type = TYPE_BIN, .min = (least), .max = (most)
#define ROW_IDS(most) .type = TYPE_IDS, .max = (most)
#define ROW_TEXTS(most) .type = TYPE_TEXTS, .max = (most)
#define ROW_NUMBERS(most) .type = TYPE_NUMBERS, .max = (most)
#define ROW_WHO .type = TYPE_WHO, .max = AGENCIES_MAX
#define ROW_ONE(tag) .type = TYPE_ONE, .record = &tag##_record
#define ROW_MANY(tag, most) .type = TYPE_MANY, .max = (most), .record = &tag##_record

/* Amounts are thousandths: up to a thousand million million. */
#define AMOUNT_MAX INT64_C(1000000000000000000)
#define AMOUNT_MIN (-AMOUNT_MAX)

#define FIELD_ROW(tag_, name_, need_, type_, doc_) \
    {.name = #name_,                               \
     .name_len = sizeof #name_ - 1,                \
     .need = (need_),                              \
     .offset = offsetof(struct tag_, name_),       \
     ROW_##type_,                                  \
     .doc = (doc_)},

#define FIELD_NEED(tag, name, need, type, doc) need,
#define FIELD_FITS(tag, name, need, type, doc) &&sizeof #name <= FIELD_NAME_ROOM

#define RECORD_TABLE(tag, FIELDS, open_, doc_)                                                 \
    static const struct field tag##_fields[] = {FIELDS(FIELD_ROW, tag)};                       \
    _Static_assert(sizeof tag##_fields / sizeof *tag##_fields <= 64, "`present` has 64 bits"); \
    _Static_assert(true FIELDS(FIELD_FITS, tag), "a field's name ends within its room");       \
    static const union {                                                                       \
        struct {                                                                               \
            FIELDS(FIELD_BIT, tag)                                                             \
        } has;                                                                                 \
        uint64_t present;                                                                      \
    } tag##_required = {{FIELDS(FIELD_NEED, tag)}};                                            \
    const struct record tag##_record = {#tag,                                                  \
                                        doc_,                                                  \
                                        tag##_fields,                                          \
                                        sizeof tag##_fields / sizeof *tag##_fields,            \
                                        &tag##_required.present,                               \
                                        sizeof(struct tag),                                    \
                                        open_};

#define CLOSED false
#define OPEN true

#endif
