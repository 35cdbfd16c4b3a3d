#include "schema/fields.h"

#include "schema/messages.h"
#include "schema/shape.h"
#include "schema/state.h"
#include "schema/tables.h"

static bool
is_part(const struct record *r)
{
    return !record_is_body(r) && !record_is_message(r) && !record_is_row(r) && r != &entry_record;
}

static bool
is_entry(const struct record *r)
{
    return r == &entry_record;
}

static void
say_state(struct page *p)
{
    page_say(p, "\n| table | key | row |\n| --- | --- | --- |\n");
    for (int i = 0; i < STATE_TABLE_COUNT; i++) {
        const struct state_table_info *t = &state_tables[i];
        if (t->record)
            page_say(p, "| `%s` | %s | [%s](#%s) |\n", t->name, t->key, t->record->name,
                     t->record->name);
        else
            page_say(p, "| `%s` | %s | |\n", t->name, t->key);
    }
}

static void
say_vocabularies(struct page *p)
{
    const struct vocabulary *words[VOCABULARIES_MAX];
    size_t count = tables_vocabularies(record_is_any, words);

    for (size_t i = 0; i < count; i++)
        tables_say_words(p, words[i]);
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
    page_say(&p, beginning, ID_MAX, SHAPE_DEPTH - 1, SHAPE_KEYS);
    page_say(&p, "\n## Submissions\n\nThe body of a SUBMIT, by its kind; at most %d bytes.\n",
             BODY_MAX);
    tables_say_bodies(&p);
    page_say(&p, "\n## Messages\n\nA frame is an array of the command word and a map.\n");
    tables_say_messages(&p);
    page_say(&p, "\n## Records within others\n");
    tables_say_records(&p, is_part);
    page_say(&p, "\n## The journal\n");
    tables_say_records(&p, is_entry);
    page_say(&p,
             "\n## The state\n\nA fold of the journal: a cache, which `maat-broker verify` compares"
             " with it.\nIn keys NUL is a byte 0.\n");
    say_state(&p);
    tables_say_records(&p, record_is_row);
    page_say(&p, "\n## Words\n");
    say_vocabularies(&p);
    return p.len;
}
