#include "schema/wire/zpl.h"

#include <stdbool.h>
#include <string.h>

enum { INDENT = 4 };

struct zpl
zpl_begin(const char *text, size_t len)
{
    static const char mark[] = "\xef\xbb\xbf"; /* as some editors put first */
    size_t skip = len >= 3 && memcmp(text, mark, 3) == 0 ? 3 : 0;
    return (struct zpl){.at = text + skip, .left = len - skip, .depth = -1};
}

static int
refuse(const struct zpl *zpl, struct fault *fault, const char *why)
{
    (void)fault_set(fault, FAULT_MALFORMED, "", "line %d: %s", zpl->line, why);
    return -1;
}

/* The next line without its end, as a string; false if it can't be one. */
static bool
take_line(struct zpl *zpl, char line[ZPL_LINE + 1])
{
    const char *end = memchr(zpl->at, '\n', zpl->left);
    size_t len = end ? (size_t)(end - zpl->at) : zpl->left;
    size_t taken = len + (end ? 1 : 0);
    const char *from = zpl->at;

    zpl->line++;
    zpl->at += taken;
    zpl->left -= taken;
    if (len > ZPL_LINE)
        return false;
    for (size_t i = 0; i < len; i++)
        line[i] = from[i];
    while (len && strchr(" \t\r", line[len - 1]))
        len--;
    line[len] = '\0';
    for (size_t i = 0; i < len; i++)
        if (((unsigned char)line[i] < ' ' && line[i] != '\t') || line[i] == '\x7f')
            return false;
    return true;
}

static size_t
name_len(const char *text)
{
    return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");
}

static const char *
skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

static bool
is_blank(const char *text)
{
    text = skip_blanks(text);
    return *text == '\0' || *text == '#';
}

/* What follows the name, moved to `value`, which may be the same line's start.
   A quoted value ends at the next such quote, for there is no escape; any other
   at a comment or the line's end. */
static const char *
take_value(const char *text, char *value)
{
    size_t len;

    if (is_blank(text)) {
        *value = '\0';
        return NULL;
    }
    text = skip_blanks(text);
    if (*text != '=')
        return "expected `name = value`";
    text = skip_blanks(text + 1);
    if (*text == '"' || *text == '\'') {
        const char *close = strchr(text + 1, *text);
        if (!close)
            return "a quote is not closed";
        if (!is_blank(close + 1))
            return "something follows the closing quote";
        len = (size_t)(close - ++text);
    } else {
        for (len = strcspn(text, "#"); len && strchr(" \t", text[len - 1]); len--)
            ;
    }
    memmove(value, text, len);
    value[len] = '\0';
    return NULL;
}

/* Puts the name below the levels above it, and remembers where it ends. */
static const char *
take_path(struct zpl *zpl, size_t indent, const char *name, size_t len)
{
    size_t level = indent / INDENT;

    if (indent % INDENT || level > ZPL_DEPTH - 1 || (int)level > zpl->depth + 1)
        return "indent by 4 spaces, one level below its section";
    size_t above = level ? zpl->path_len[level - 1] : 0;
    size_t at = above ? above + 1 : 0;
    if (at + len > ZPL_PATH)
        return "the name is too long";
    if (above)
        zpl->path[above] = '/';
    memcpy(zpl->path + at, name, len);
    zpl->path[at + len] = '\0';
    zpl->path_len[level] = at + len;
    zpl->depth = (int)level;
    return NULL;
}

int
zpl_next(struct zpl *zpl, struct zpl_item *item, struct fault *fault)
{
    char *line = item->value; /* worked on where it is, so that no copy of a secret stays behind */
    const char *why;

    while (zpl->left) {
        if (!take_line(zpl, line))
            return refuse(zpl, fault, "too long, or not text");
        if (is_blank(line))
            continue;
        size_t indent = strspn(line, " ");
        const char *name = line + indent;
        size_t len = name_len(name);
        if (len == 0)
            return refuse(zpl, fault, "expected a name of letters, digits, `-`, `_` and `.`");
        if ((why = take_path(zpl, indent, name, len)) || (why = take_value(name + len, line)))
            return refuse(zpl, fault, why);
        item->line = zpl->line;
        memcpy(item->path, zpl->path, sizeof item->path);
        return 1;
    }
    return 0;
}
