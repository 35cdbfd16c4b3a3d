#include "schema/cells.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/records.h"

static struct text
trimmed(struct text t)
{
    while (t.len && strchr(" \t\r\n", t.at[0])) {
        t.at++;
        t.len--;
    }
    while (t.len && strchr(" \t\r\n", t.at[t.len - 1]))
        t.len--;
    return t;
}

static struct text
unguarded(struct text t)
{
    if (t.len > 1 && t.at[0] == '\'' && strchr("=+-@", t.at[1]))
        return (struct text){t.at + 1, t.len - 1};
    return t;
}

static json_t *
string_value(struct text t)
{
    json_t *value = json_stringn(t.len ? t.at : "", t.len);
    return value ? value : json_null(); /* not UTF-8: null is refused by the field's name */
}

/* What is no number stays a string, and is refused as such. */
static json_t *
number_value(struct text t)
{
    char digits[32];
    char *end;

    if (t.len == 0 || t.len >= sizeof digits)
        return string_value(t);
    memcpy(digits, t.at, t.len);
    digits[t.len] = '\0';
    errno = 0;
    long long number = strtoll(digits, &end, 10);
    return *end || errno ? string_value(t) : json_integer(number);
}

static json_t *
list_value(struct text t, json_t *(*item)(struct text))
{
    json_t *list = json_array();

    while (t.len) {
        const char *end = memchr(t.at, ';', t.len);
        uint32_t len = end ? (uint32_t)(end - t.at) : t.len;
        struct text one = trimmed((struct text){t.at, len});
        if (one.len)
            json_array_append_new(list, item(one));
        t.at += len + (end != NULL);
        t.len -= len + (end != NULL);
    }
    return list;
}

/* So many digits and then the character that ends them. */
static bool
read_digits(const char **at, int least, int most, char end, unsigned *out)
{
    int count = 0;

    for (*out = 0; count < most && **at >= '0' && **at <= '9'; count++)
        *out = *out * 10 + (unsigned)(*(*at)++ - '0');
    return count >= least && *(*at)++ == end;
}

/* "31/3/2016" too; what is no day stays as it is, and is refused as such. */
static json_t *
day_value(struct text t)
{
    char given[sizeof "31/03/2016"];
    char day[3 * sizeof given];
    const char *at = given;
    unsigned d, m, y;

    if (t.len >= sizeof given)
        return string_value(t);
    memcpy(given, t.at, t.len);
    given[t.len] = '\0';
    if (!read_digits(&at, 1, 2, '/', &d) || !read_digits(&at, 1, 2, '/', &m)
        || !read_digits(&at, 4, 4, '\0', &y))
        return string_value(t);
    (void)snprintf(day, sizeof day, "%04u-%02u-%02u", y, m, d);
    return json_string(day);
}

static json_t *
value_of(const struct field *f, struct text given)
{
    struct text cell = unguarded(given);
    struct text t = trimmed(cell);

    switch (f->type) {
    case TYPE_INT: return number_value(t);
    case TYPE_FLAG:
        return text_is(t, "true")    ? json_true()
               : text_is(t, "false") ? json_false()
                                     : string_value(t);
    case TYPE_WHO: return text_is(t, "all") ? string_value(t) : list_value(t, string_value);
    case TYPE_IDS:
    case TYPE_TEXTS:
    case TYPE_SET: return list_value(t, string_value);
    case TYPE_NUMBERS: return list_value(t, number_value);
    case TYPE_TEXT: return string_value(cell);
    case TYPE_DAY: return day_value(t);
    case TYPE_ID:
    case TYPE_PATH:
    case TYPE_AMOUNT:
    case TYPE_WORD:
    case TYPE_BIN:
    case TYPE_ONE:
    case TYPE_MANY: break;
    }
    return string_value(t);
}

/* The object below this one, made when it is first named. */
static json_t *
object_in(json_t *object, const char *name)
{
    json_t *inner = json_object_get(object, name);

    if (!inner) {
        inner = json_object();
        json_object_set_new(object, name, inner);
    }
    return inner;
}

static bool
put_cell(struct arena *arena, json_t *object, const struct record *r, struct text heading,
         struct text cell, struct fault *fault)
{
    const char *whole = text_string(arena, heading);
    struct text left = heading;
    const struct field *f;
    const char *dot;

    while ((dot = memchr(left.at, '.', left.len))) {
        f = record_field(r, (struct text){left.at, (uint32_t)(dot - left.at)});
        if (!f || f->type != TYPE_ONE)
            break;
        object = object_in(object, f->name);
        r = f->record;
        left.len -= (uint32_t)(dot + 1 - left.at);
        left.at = dot + 1;
    }
    f = record_field(r, left);
    if (f && (f->type == TYPE_MANY || f->type == TYPE_ONE))
        return fault_set(fault, FAULT_FIELD_INVALID, whole,
                         f->type == TYPE_ONE ? "is several fields: a column for each, named %s.%s"
                                             : "can't be said in CSV: use JSON Lines",
                         whole, f->type == TYPE_ONE ? f->record->fields[0].name : "");
    const char *name = f ? f->name : text_string(arena, left);
    if (json_object_get(object, name))
        return fault_set(fault, FAULT_MALFORMED, whole, "is the heading of two columns");
    json_object_set_new(object, name, f ? value_of(f, cell) : string_value(cell));
    return true;
}

/* --- rows ------------------------------------------------------------------------------ */

static bool
is_read_only(struct text heading)
{
    return heading.len > 1 && heading.at[0] == '(' && heading.at[heading.len - 1] == ')';
}

/* A kind that is none has no record: it is refused when the line is read. */
static const struct record *
record_of(const struct text *headings, unsigned heading_count, const struct text *cells,
          unsigned count, struct text *kind)
{
    *kind = text_of(word_text(&submission_kinds, KIND_PROGRESS));
    for (unsigned i = 0; i < heading_count && i < count; i++)
        if (text_is(trimmed(headings[i]), "kind"))
            *kind = trimmed(cells[i]);
    int found = word_find(&submission_kinds, kind->at, kind->len);
    return found < 0 ? NULL : body_records[found];
}

static bool
put_cells(struct arena *arena, json_t *object, const struct text *headings, unsigned heading_count,
          const struct text *cells, unsigned count, struct fault *fault)
{
    struct text kind;
    const struct record *r = record_of(headings, heading_count, cells, count, &kind);

    json_object_set_new(object, "kind", string_value(kind));
    for (unsigned i = 0; i < count; i++) {
        struct text heading = i < heading_count ? trimmed(headings[i]) : (struct text){"", 0};
        if (trimmed(cells[i]).len == 0 || text_is(heading, "kind") || is_read_only(heading))
            continue;
        if (heading.len == 0)
            return fault_set(fault, FAULT_MALFORMED, "", "cell %u has no heading", i + 1);
        if (!put_cell(arena, object, r, heading, cells[i], fault))
            return false;
    }
    return true;
}

bool
cells_to_json(struct arena *arena, const struct text *headings, unsigned heading_count,
              const struct text *cells, unsigned count, struct text *json, struct fault *fault)
{
    json_t *object = json_object();
    bool ok = put_cells(arena, object, headings, heading_count, cells, count, fault);

    if (ok) {
        size_t len = json_dumpb(object, NULL, 0, JSON_COMPACT);
        char *at = arena_take(arena, len + 1);
        json_dumpb(object, at, len, JSON_COMPACT);
        *json = (struct text){at, (uint32_t)len};
    }
    json_decref(object);
    return ok;
}

/* Up to its first dot, "evidence.title". */
static bool
names_field(struct text heading)
{
    const char *dot = heading.len ? memchr(heading.at, '.', heading.len) : NULL;
    const struct text first = {heading.at, dot ? (uint32_t)(dot - heading.at) : heading.len};

    for (int kind = 0; kind < submission_kinds.count; kind++)
        if (record_field(body_records[kind], first))
            return true;
    return text_is(first, "kind");
}

bool
cells_are_headings(const struct text *cells, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (names_field(trimmed(cells[i])))
            return true;
    return false;
}

bool
cells_are_blank(const struct text *cells, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (trimmed(cells[i]).len)
            return false;
    return true;
}

bool
cells_say_nothing(const struct text *headings, unsigned heading_count, const struct text *cells,
                  unsigned count)
{
    static const char *const of_whom[] = {"kind", "action", "agency", "on", "post"};
    struct text kind;

    if (record_of(headings, heading_count, cells, count, &kind) != &progress_record)
        return false;
    for (unsigned i = 0; i < count; i++) {
        struct text heading = i < heading_count ? trimmed(headings[i]) : (struct text){"", 0};
        bool says = trimmed(cells[i]).len && !is_read_only(heading);
        for (size_t k = 0; k < sizeof of_whom / sizeof *of_whom && says; k++)
            says = !text_is(heading, of_whom[k]);
        if (says)
            return false;
    }
    return true;
}
