#include "schema/protocol.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "schema/messages.h"
#include "schema/shape.h"
#include "schema/tables.h"

/* clang-format off */
static const struct {
    const char *what;
    int64_t value;
    const char *meaning;
} limits[] = {
    {"version",             PROTOCOL_VERSION,  "of this protocol"},
    {"frame to the broker", FRAME_IN_MAX,      "bytes, with the 33 that CURVE adds: a longer one cuts the connection"},
    {"frame to a client",   FRAME_OUT_MAX,     "bytes, without those that CURVE adds"},
    {"body",                BODY_MAX,          "bytes of a submission's body"},
    {"least grant",         CREDIT_LEAST,      "bytes of `credit` in one SUBSCRIBE or CREDIT"},
    {"credit left",         FEED_CREDIT_MAX,   "bytes that a subscription may have: what is granted beyond is cut"},
    {"cost of a message",   FEED_COST_LEAST,   "bytes of credit, at least, of each message of a feed"},
    {"subscriptions",       SUBSCRIPTIONS_MAX, "in a session"},
    {"run",                 RUN_MAX,           "numbers in one ACK"},
    {"page",                PAGE_MAX,          "rows in one RESULT"},
    {"rows of a feed",      FEED_ROWS_MAX,     "rows, entries or plans in one PLANS, STATE or EVENT"},
    {"plans held",          PLANS_HELD_MAX,    "in one SUBSCRIBE"},
    {"list",                LIST_MAX,          "items, unless its field says otherwise"},
    {"agencies",            AGENCIES_MAX,      "members of a plan, leads of an action, parts"},
    {"text",                TEXT_MAX,          "bytes of a note, a reason or another long text"},
    {"title",               TITLE_MAX,         "bytes of a title or another short text"},
    {"id",                  ID_MAX,            "bytes"},
    {"nesting",             SHAPE_DEPTH,       "arrays and maps within each other, in a frame and, counted anew, in a body"},
    {"keys",                SHAPE_KEYS,        "of one map"},
    {"items",               SHAPE_ITEMS,       "values, keys, arrays and maps in a frame or a body"},
};
/* clang-format on */

static bool
say_limits(struct page *p, const char *name, const char *text)
{
    (void)name, (void)text;
    page_say(p, "\n| limit | value | |\n| --- | ---: | --- |\n");
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        page_say(p, "| %s | %" PRId64 " | %s |\n", limits[i].what, limits[i].value,
                 limits[i].meaning);
    return true;
}

/* Their records say in a word who says them. */
static bool
say_messages(struct page *p, const char *name, const char *text)
{
    (void)name, (void)text;
    page_say(p, "\n| message | says |\n| --- | --- |\n");
    for (int i = 0; i < MESSAGE_COUNT; i++) {
        const char *word = message_words[i];
        page_say(p, "| [%s](#", word);
        for (; *word; word++)
            page_say(p, "%c", *word - 'A' + 'a');
        page_say(p, ") | %s |\n", message_records[i]->doc);
    }
    return true;
}

static bool
say_message(struct page *p, const char *name, const char *text)
{
    (void)text;
    for (int i = 0; i < MESSAGE_COUNT; i++)
        if (strcmp(message_words[i], name) == 0) {
            page_say(p, "\n");
            tables_say_fields(p, message_records[i]);
            return true;
        }
    return false;
}

static bool
say_bodies(struct page *p, const char *name, const char *text)
{
    (void)name, (void)text;
    tables_say_bodies(p);
    return true;
}

static bool
is_inner(const struct record *r)
{
    return record_is_said(r) && !record_is_message(r) && !record_is_body(r);
}

static bool
say_records(struct page *p, const char *name, const char *text)
{
    (void)name, (void)text;
    tables_say_records(p, is_inner);
    return true;
}

/* --- words -------------------------------------------------------------------- */

enum { NAME = 40, MARKER = 80 };

static bool
has_own_table(const char *text, const struct vocabulary *words)
{
    char marker[MARKER];

    (void)snprintf(marker, sizeof marker, "<!-- table: words %s -->", words->name);
    return strstr(text, marker);
}

static bool
say_words(struct page *p, const char *name, const char *text)
{
    const struct vocabulary *words[VOCABULARIES_MAX];
    size_t count = tables_vocabularies(record_is_said, words);
    bool said = !*name;

    for (size_t i = 0; i < count; i++)
        if (*name ? strcmp(words[i]->name, name) == 0 : !has_own_table(text, words[i])) {
            tables_say_words(p, words[i]);
            said = true;
        }
    return said;
}

/* --- markers ------------------------------------------------------------------- */

static const char begins[] = "<!-- table: ";
static const char ends[] = "<!-- end of table -->";

/* Each prints a table; false if there is none of that name. */
static const struct {
    const char *kind;
    bool (*say)(struct page *p, const char *name, const char *text);
} kinds[] = {
    {"message", say_message}, {"words", say_words},   {"bodies", say_bodies},
    {"records", say_records}, {"limits", say_limits}, {"messages", say_messages},
};

static bool
say_table(struct page *p, const char *marker, const char *text)
{
    const char *kind = marker + strlen(begins);
    const char *end = strstr(kind, " -->");
    const char *space = strchr(kind, ' '); /* before the name, or before the end */
    char name[NAME] = "";

    if (!end || end - space >= NAME)
        return false;
    if (space < end)
        memcpy(name, space + 1, (size_t)(end - space - 1));
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strlen(kinds[i].kind) == (size_t)(space - kind)
            && strncmp(kind, kinds[i].kind, (size_t)(space - kind)) == 0)
            return kinds[i].say(p, name, text);
    return false;
}

static void
say_text(struct page *p, const char *from, const char *to)
{
    page_say(p, "%.*s", (int)(to - from), from);
}

size_t
protocol_document(const char *text, char *buf, size_t cap, const char **wrong)
{
    struct page p = {.buf = buf, .cap = cap};
    const char *at = text;
    const char *marker;

    if (cap)
        buf[0] = '\0';
    while ((marker = strstr(at, begins))) {
        const char *line_end = strchr(marker, '\n');
        const char *end = line_end ? strstr(line_end, ends) : NULL;
        *wrong = marker;
        if (!end)
            return 0;
        say_text(&p, at, line_end + 1);
        if (!say_table(&p, marker, text))
            return 0;
        page_say(&p, "\n");
        at = end;
    }
    say_text(&p, at, at + strlen(at));
    return p.len;
}
