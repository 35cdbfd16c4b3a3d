#include "schema/fields.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "schema/messages.h"
#include "schema/shape.h"
#include "schema/state.h"

/* Every record there is, in the order of its file. */
#define ADDRESS(tag, FIELDS, open, doc) &tag##_record,
static const struct record *const all[] = {RECORDS(ADDRESS) MESSAGE_RECORDS(ADDRESS)};
enum { RECORD_COUNT = sizeof all / sizeof *all, VOCABULARIES = 64 };

struct page {
    char *buf;
    size_t cap, len;
};

static void __attribute__((format(printf, 2, 3))) say(struct page *p, const char *format, ...)
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
    say(p, "[%s](#word-", words->name);
    for (const char *c = words->name; *c; c++)
        say(p, "%c", *c == ' ' ? '-' : *c);
    say(p, ")");
}

static void
say_range(struct page *p, const struct field *f, const char *unit)
{
    if (f->max == INT64_MAX)
        say(p, ", from %" PRId64, f->min);
    else if (f->min == f->max)
        say(p, ", %" PRId64 "%s", f->min, unit);
    else
        say(p, ", %" PRId64 " to %" PRId64 "%s", f->min, f->max, unit);
}

static void
say_type(struct page *p, const struct field *f)
{
    switch (f->type) {
    case TYPE_TEXT: say(p, "text"), say_range(p, f, " bytes"); break;
    case TYPE_ID: say(p, "id"); break;
    case TYPE_PATH: say(p, "path"); break;
    case TYPE_INT: say(p, "integer"), say_range(p, f, ""); break;
    case TYPE_AMOUNT: say(p, "amount"); break;
    case TYPE_FLAG: say(p, "flag"); break;
    case TYPE_DAY: say(p, "day"); break;
    case TYPE_WORD: say(p, "word: "), say_words(p, f->words); break;
    case TYPE_SET: say(p, "list of different words: "), say_words(p, f->words); break;
    case TYPE_BIN: say(p, "bin"), say_range(p, f, " bytes"); break;
    case TYPE_IDS: say(p, "list of different ids, up to %" PRId64, f->max); break;
    case TYPE_TEXTS: say(p, "list of texts, up to %" PRId64, f->max); break;
    case TYPE_NUMBERS: say(p, "list of integers from 0, up to %" PRId64, f->max); break;
    case TYPE_WHO: say(p, "`\"all\"`, or a list of different ids, up to %" PRId64, f->max); break;
    case TYPE_ONE: say(p, "[%s](#%s)", f->record->name, f->record->name); break;
    case TYPE_MANY:
        say(p, "list of [%s](#%s), up to %" PRId64, f->record->name, f->record->name, f->max);
        break;
    }
}

/* --- a record ------------------------------------------------------------------- */

static void
say_record(struct page *p, const struct record *r, const char *heading)
{
    say(p, "\n### %s\n\n%s\n\n| field | needed | type | meaning |\n| --- | --- | --- | --- |\n",
        heading, r->doc);
    for (unsigned i = 0; i < r->count; i++) {
        const struct field *f = &r->fields[i];
        say(p, "| `%s` | %s | ", f->name, f->need == REQUIRED ? "yes" : "");
        say_type(p, f);
        say(p, " | %s |\n", f->doc);
    }
}

static bool
is_body(const struct record *r)
{
    for (int i = 0; i < SUBMISSION_KIND_COUNT; i++)
        if (body_records[i] == r)
            return true;
    return false;
}

static bool
is_message(const struct record *r)
{
    for (int i = 0; i < MESSAGE_COUNT; i++)
        if (message_records[i] == r)
            return true;
    return false;
}

static bool
is_row(const struct record *r)
{
    for (int i = 0; i < STATE_TABLE_COUNT; i++)
        if (state_tables[i].record == r)
            return true;
    return false;
}

static bool
is_part(const struct record *r)
{
    return !is_body(r) && !is_message(r) && !is_row(r) && r != &entry_record;
}

static void
say_records(struct page *p, bool (*chosen)(const struct record *))
{
    for (size_t i = 0; i < RECORD_COUNT; i++)
        if (chosen(all[i]))
            say_record(p, all[i], all[i]->name);
}

static void
say_bodies(struct page *p)
{
    for (int i = 0; i < SUBMISSION_KIND_COUNT; i++)
        if (body_records[i])
            say_record(p, body_records[i], submission_kinds.text[i]);
}

static void
say_messages(struct page *p)
{
    for (int i = 0; i < MESSAGE_COUNT; i++)
        say_record(p, message_records[i], message_words[i]);
}

static void
say_tables(struct page *p)
{
    say(p, "\n| table | key | row |\n| --- | --- | --- |\n");
    for (int i = 0; i < STATE_TABLE_COUNT; i++) {
        const struct state_table_info *t = &state_tables[i];
        if (t->record)
            say(p, "| `%s` | %s | [%s](#%s) |\n", t->name, t->key, t->record->name,
                t->record->name);
        else
            say(p, "| `%s` | %s | |\n", t->name, t->key);
    }
}

/* --- words ------------------------------------------------------------------------ */

static void
say_vocabulary(struct page *p, const struct vocabulary *words)
{
    say(p, "\n### Word: %s\n\n| word | meaning |\n| --- | --- |\n", words->name);
    for (int i = 0; i < words->count; i++)
        say(p, "| `%s` | %s |\n", words->text[i], words->doc[i]);
}

/* Each that a field has, in the order in which they are met. */
static void
say_vocabularies(struct page *p)
{
    const struct vocabulary *said[VOCABULARIES];
    size_t count = 0;

    for (size_t i = 0; i < RECORD_COUNT; i++)
        for (unsigned k = 0; k < all[i]->count; k++) {
            const struct vocabulary *words = all[i]->fields[k].words;
            size_t at = 0;
            while (at < count && said[at] != words)
                at++;
            if (!words || at < count || count == VOCABULARIES)
                continue;
            said[count++] = words;
            say_vocabulary(p, words);
        }
}

/* --- the document ------------------------------------------------------------------- */

static const char beginning[] =
    "# Fields and words\n\n"
    "Printed from the tables in `schema/` by `make docs`: do not edit.\n\n"
    "A record is a MessagePack map from the names of its fields to values, given in any order;\n"
    "in spool files, on the agent's socket and in `--json` it is a JSON object of the same\n"
    "names. A field that is not needed is left out where there is nothing to say: there is no\n"
    "null. In submissions, in the journal and in rows an unknown field is refused by its name;\n"
    "in a message's own map it is ignored.\n\n"
    "| type | MessagePack | JSON, where it differs |\n"
    "| --- | --- | --- |\n"
    "| text | string: UTF-8 without NUL, limits in bytes | |\n"
    "| id | string of 1 to %d bytes of `a-z 0-9 . _ -` | |\n"
    "| path | string: two ids with `/` between them | |\n"
    "| integer | integer, never a float | |\n"
    "| amount | integer, or a string of digits with up to three places: `\"12.5\"` | also a number "
    "|\n"
    "| flag | true or false; left out is false | |\n"
    "| day | string `YYYY-MM-DD`, a day of the calendar from 1900 to 2199 | |\n"
    "| word | string: one of the words of its section | |\n"
    "| bin | bin | string of hexadecimal digits, in lower case |\n"
    "| list | array; `different`: none twice | |\n\n"
    "No map or array lies within more than %d others, no map has more than %d keys or gives one\n"
    "twice, and there are no extension types.\n";

size_t
fields_document(char *buf, size_t cap)
{
    struct page p = {buf, cap, 0};

    if (cap)
        buf[0] = '\0';
    say(&p, beginning, ID_MAX, SHAPE_DEPTH - 1, SHAPE_KEYS);
    say(&p, "\n## Submissions\n\nThe body of a SUBMIT, by its kind; at most %d bytes.\n", BODY_MAX);
    say_bodies(&p);
    say(&p, "\n## Messages\n\nA frame is an array of the command word and a map.\n");
    say_messages(&p);
    say(&p, "\n## Records within others\n");
    say_records(&p, is_part);
    say(&p, "\n## The journal\n");
    say_record(&p, &entry_record, entry_record.name);
    say(&p, "\n## The state\n\nA fold of the journal: a cache, which `maat-broker verify` compares"
            " with it.\nIn keys NUL is a byte 0.\n");
    say_tables(&p);
    say_records(&p, is_row);
    say(&p, "\n## Words\n");
    say_vocabularies(&p);
    return p.len;
}
