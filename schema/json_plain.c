#include "schema/json_plain.h"

#include <stdbool.h>
#include <string.h>

enum { DEPTH = 4, DIGITS = 15, KEY = 64 };

struct plain {
    const char *at, *end;
};

static void
skip_blanks(struct plain *p)
{
    while (p->at < p->end && (*p->at == ' ' || *p->at == '\t' || *p->at == '\n' || *p->at == '\r'))
        p->at++;
}

static bool
take(struct plain *p, char c)
{
    if (p->at == p->end || *p->at != c)
        return false;
    p->at++;
    return true;
}

/* From behind its first quote to its last, which is passed. */
static bool
take_string(struct plain *p, const char **from, size_t *len)
{
    *from = p->at;
    while (p->at < p->end && *p->at != '"') {
        if (*p->at == '\\' || (unsigned char)*p->at < ' ')
            return false;
        p->at++;
    }
    *len = (size_t)(p->at - *from);
    return take(p, '"');
}

static json_t *
read_string(struct plain *p)
{
    const char *from;
    size_t len;

    return take_string(p, &from, &len) ? json_stringn(from, len) : NULL;
}

/* Without a sign, a place after a point or a needless zero. */
static json_t *
read_integer(struct plain *p)
{
    const char *from = p->at;
    json_int_t value = 0;

    while (p->at < p->end && *p->at >= '0' && *p->at <= '9' && p->at - from <= DIGITS)
        value = value * 10 + (*p->at++ - '0');
    bool is_odd = p->at - from > DIGITS || (*from == '0' && p->at - from > 1);
    return is_odd ? NULL : json_integer(value);
}

static json_t *
read_word(struct plain *p)
{
    static const char yes[] = "true";
    static const char no[] = "false";
    const char *word = *p->at == 't' ? yes : no;
    size_t len = strlen(word);

    if ((size_t)(p->end - p->at) < len || memcmp(p->at, word, len) != 0)
        return NULL;
    p->at += len;
    return json_boolean(word == yes);
}

static json_t *read_object(struct plain *p, int depth);

/* What may follow a number or a word is looked at by who asked for it. */
static json_t *
read_value(struct plain *p, int depth)
{
    if (p->at == p->end)
        return NULL;
    if (take(p, '"'))
        return read_string(p);
    if (take(p, '{'))
        return depth < DEPTH ? read_object(p, depth + 1) : NULL;
    return *p->at >= '0' && *p->at <= '9' ? read_integer(p) : read_word(p);
}

static bool
read_pair(struct plain *p, json_t *object, int depth)
{
    const char *from;
    char key[KEY];
    size_t len;

    if (!take(p, '"') || !take_string(p, &from, &len) || len >= sizeof key)
        return false;
    memcpy(key, from, len);
    key[len] = '\0';
    skip_blanks(p);
    if (!take(p, ':') || json_object_get(object, key))
        return false;
    skip_blanks(p);
    json_t *value = read_value(p, depth);
    return value && json_object_set_new(object, key, value) == 0;
}

/* From behind its brace to its end. */
static json_t *
read_object(struct plain *p, int depth)
{
    json_t *object = json_object();
    bool more = true;

    skip_blanks(p);
    bool ok = object && !take(p, '}');
    if (object && !ok)
        return object; /* an empty one */
    while (ok && more) {
        skip_blanks(p);
        ok = read_pair(p, object, depth);
        skip_blanks(p);
        more = ok && take(p, ',');
    }
    if (ok && take(p, '}'))
        return object;
    json_decref(object);
    return NULL;
}

json_t *
json_plain_load(const char *text, size_t len)
{
    struct plain p = {text, text + len};

    skip_blanks(&p);
    json_t *object = take(&p, '{') ? read_object(&p, 0) : NULL;
    skip_blanks(&p);
    if (p.at == p.end)
        return object;
    json_decref(object);
    return NULL;
}
