#include "schema/tables.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "schema/messages.h"
#include "schema/state.h"

/* Every record there is, in the order of its file. */
#define ADDRESS(tag, FIELDS, open, doc) &tag##_record,
static const struct record *const all[] = {RECORDS(ADDRESS) MESSAGE_RECORDS(ADDRESS)};
enum { RECORD_COUNT = sizeof all / sizeof *all };

void
page_say(struct page *p, const char *format, ...)
{
    size_t room = p->len < p->cap ? p->cap - p->len : 0;
    va_list args;

    va_start(args, format);
    p->len += (size_t)vsnprintf(room ? p->buf + p->len : NULL, room, format, args);
    va_end(args);
}

/* --- a field -------------------------------------------------------------------- */

/* Words have a section of their own: "plan kind" is at #word-plan-kind. */
static void
say_words(struct page *p, const struct vocabulary *words)
{
    page_say(p, "[%s](#word-", words->name);
    for (const char *c = words->name; *c; c++)
        page_say(p, "%c", *c == ' ' ? '-' : *c);
    page_say(p, ")");
}

static void
say_range(struct page *p, const struct field *f, const char *unit)
{
    if (f->max == INT64_MAX)
        page_say(p, ", from %" PRId64, f->min);
    else if (f->min == f->max)
        page_say(p, ", %" PRId64 "%s", f->min, unit);
    else
        page_say(p, ", %" PRId64 " to %" PRId64 "%s", f->min, f->max, unit);
}

static void
say_type(struct page *p, const struct field *f)
{
    switch (f->type) {
    case TYPE_TEXT: page_say(p, "text"), say_range(p, f, " bytes"); break;
    case TYPE_ID: page_say(p, "id"); break;
    case TYPE_PATH: page_say(p, "path"); break;
    case TYPE_INT: page_say(p, "integer"), say_range(p, f, ""); break;
    case TYPE_AMOUNT: page_say(p, "amount"); break;
    case TYPE_FLAG: page_say(p, "flag"); break;
    case TYPE_DAY: page_say(p, "day"); break;
    case TYPE_WORD: page_say(p, "word: "), say_words(p, f->words); break;
    case TYPE_SET: page_say(p, "list of different words: "), say_words(p, f->words); break;
    case TYPE_BIN: page_say(p, "bin"), say_range(p, f, " bytes"); break;
    case TYPE_IDS: page_say(p, "list of different ids, up to %" PRId64, f->max); break;
    case TYPE_TEXTS: page_say(p, "list of texts, up to %" PRId64, f->max); break;
    case TYPE_NUMBERS: page_say(p, "list of integers from 0, up to %" PRId64, f->max); break;
    case TYPE_WHO:
        page_say(p, "`\"all\"`, or a list of different ids, up to %" PRId64, f->max);
        break;
    case TYPE_ONE: page_say(p, "[%s](#%s)", f->record->name, f->record->name); break;
    case TYPE_MANY:
        page_say(p, "list of [%s](#%s), up to %" PRId64, f->record->name, f->record->name, f->max);
        break;
    }
}

/* --- a record ------------------------------------------------------------------- */

void
tables_say_fields(struct page *p, const struct record *r)
{
    page_say(p, "| field | needed | type | meaning |\n| --- | --- | --- | --- |\n");
    for (unsigned i = 0; i < r->count; i++) {
        const struct field *f = &r->fields[i];
        page_say(p, "| `%s` | %s | ", f->name, f->need == REQUIRED ? "yes" : "");
        say_type(p, f);
        page_say(p, " | %s |\n", f->doc);
    }
}

static void
say_record(struct page *p, const struct record *r, const char *heading)
{
    page_say(p, "\n### %s\n\n%s\n\n", heading, r->doc);
    tables_say_fields(p, r);
}

void
tables_say_records(struct page *p, record_choice *chosen)
{
    for (size_t i = 0; i < RECORD_COUNT; i++)
        if (chosen(all[i]))
            say_record(p, all[i], all[i]->name);
}

void
tables_say_bodies(struct page *p)
{
    for (int i = 0; i < SUBMISSION_KIND_COUNT; i++)
        if (body_records[i])
            say_record(p, body_records[i], submission_kinds.text[i]);
}

void
tables_say_messages(struct page *p)
{
    for (int i = 0; i < MESSAGE_COUNT; i++)
        say_record(p, message_records[i], message_words[i]);
}

/* --- which records ---------------------------------------------------------------- */

bool
record_is_any(const struct record *r)
{
    return r != NULL;
}

bool
record_is_body(const struct record *r)
{
    for (int i = 0; i < SUBMISSION_KIND_COUNT; i++)
        if (body_records[i] == r)
            return true;
    return false;
}

bool
record_is_message(const struct record *r)
{
    for (int i = 0; i < MESSAGE_COUNT; i++)
        if (message_records[i] == r)
            return true;
    return false;
}

bool
record_is_row(const struct record *r)
{
    for (int i = 0; i < STATE_TABLE_COUNT; i++)
        if (state_tables[i].record == r)
            return true;
    return false;
}

/* A record stands after those it holds, so that this ends. */
static bool
is_within(const struct record *outer, const struct record *r)
{
    for (unsigned i = 0; i < outer->count; i++) {
        const struct record *inner = outer->fields[i].record;
        if (inner && (inner == r || is_within(inner, r)))
            return true;
    }
    return false;
}

bool
record_is_said(const struct record *r)
{
    for (size_t i = 0; i < RECORD_COUNT; i++)
        if ((record_is_message(all[i]) || record_is_body(all[i]))
            && (all[i] == r || is_within(all[i], r)))
            return true;
    return false;
}

/* --- words ------------------------------------------------------------------------ */

void
tables_say_words(struct page *p, const struct vocabulary *words)
{
    page_say(p, "\n### Word: %s\n\n| word | meaning |\n| --- | --- |\n", words->name);
    for (int i = 0; i < words->count; i++)
        page_say(p, "| `%s` | %s |\n", words->text[i], words->doc[i]);
}

size_t
tables_vocabularies(record_choice *chosen, const struct vocabulary **out)
{
    size_t count = 0;

    for (size_t i = 0; i < RECORD_COUNT; i++)
        for (unsigned k = 0; chosen(all[i]) && k < all[i]->count; k++) {
            const struct vocabulary *words = all[i]->fields[k].words;
            size_t at = 0;
            while (at < count && out[at] != words)
                at++;
            if (words && at == count && count < VOCABULARIES_MAX)
                out[count++] = words;
        }
    return count;
}
