/* Tables of fields and of words in Markdown, and the page that they are printed on:
   what schema/FIELDS.md and schema/PROTOCOL.md are made of. They follow from the
   tables that the codec walks. */
#ifndef SCHEMA_TABLES_H
#define SCHEMA_TABLES_H

#include <stddef.h>

#include "schema/record.h"

/* What does not fit is counted and not written, as by snprintf. */
struct page {
    char *buf;
    size_t cap, len;
};

void page_say(struct page *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Which records: a choice of those that there are. */
typedef bool record_choice(const struct record *r);
record_choice record_is_body, record_is_message, record_is_row, record_is_any;

/* Is it said on the wire: a message, a body, or within one? */
record_choice record_is_said;

/* The fields of one record, no heading. */
void tables_say_fields(struct page *p, const struct record *r);

/* Each with a heading, in the order of its file; bodies and messages in the order of
   their words, under them. */
void tables_say_records(struct page *p, record_choice *chosen);
void tables_say_bodies(struct page *p);
void tables_say_messages(struct page *p);

/* A vocabulary with its heading. */
void tables_say_words(struct page *p, const struct vocabulary *words);

/* Each vocabulary that a field of the chosen records has, in the order in which they
   are met. Returns how many; `out` has room for VOCABULARIES_MAX. */
enum { VOCABULARIES_MAX = 64 };
size_t tables_vocabularies(record_choice *chosen, const struct vocabulary **out);

#endif
