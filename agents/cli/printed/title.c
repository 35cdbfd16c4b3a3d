#include "agents/cli/printed/title.h"

#include <ctype.h>
#include <string.h>

#include "schema/records.h"

#define ELLIPSIS "…"

/* A word before a full stop that is shorter is an abbreviation's. */
enum { WORD_LEAST = 3 };

static bool
is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

struct text
printed_trimmed(const char *cell)
{
    size_t len = strlen(cell);

    while (len && is_space(*cell))
        cell++, len--;
    while (len && is_space(cell[len - 1]))
        len--;
    return (struct text){cell, (uint32_t)len};
}

struct text
printed_line(struct arena *arena, struct text text)
{
    char *line = arena_take(arena, text.len);
    uint32_t len = 0;

    for (uint32_t i = 0; i < text.len; i++) {
        bool space = is_space(text.at[i]);
        if (!space)
            line[len++] = text.at[i];
        else if (len && line[len - 1] != ' ')
            line[len++] = ' ';
    }
    while (len && line[len - 1] == ' ')
        len--;
    return (struct text){line, len};
}

const char *
printed_terminated(struct arena *arena, struct text text)
{
    char *copy = arena_take(arena, text.len + 1);

    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    return copy;
}

/* How many letters and digits stand right before `at`. */
static uint32_t
word_before(struct text t, uint32_t at)
{
    uint32_t n = 0;

    while (n < at && (isalnum((unsigned char)t.at[at - n - 1]) || t.at[at - n - 1] & 0x80))
        n++;
    return n;
}

/* After the mark at `at` comes the next sentence, or a list. */
static bool
ends_here(struct text t, uint32_t at)
{
    uint32_t next = at + 1;
    bool new_line = false;

    if (!strchr(".?!:;", t.at[at]))
        return false;
    while (next < t.len && is_space(t.at[next]))
        new_line = t.at[next++] == '\n' || new_line;
    if (next == at + 1 || next == t.len)
        return false;
    if (t.at[at] == ':' || t.at[at] == ';')
        return new_line;
    return (new_line || isupper((unsigned char)t.at[next]))
           && (t.at[at] != '.' || word_before(t, at) >= WORD_LEAST);
}

/* Cut between words, where there are any, and never within a character. */
static struct text
cut(struct arena *arena, struct text line)
{
    const uint32_t room = TITLE_MAX - (uint32_t)strlen(ELLIPSIS);
    uint32_t len = room;

    while (len && !is_space(line.at[len]))
        len--;
    for (len = len ? len : room; (line.at[len] & 0xc0) == 0x80;)
        len--;
    char *out = arena_take(arena, TITLE_MAX);
    memcpy(out, line.at, len);
    memcpy(out + len, ELLIPSIS, strlen(ELLIPSIS));
    return (struct text){out, len + (uint32_t)strlen(ELLIPSIS)};
}

struct text
printed_title(struct arena *arena, struct text cell, bool *whole)
{
    uint32_t end = 0;

    while (end < cell.len && !ends_here(cell, end))
        end++;
    *whole = end == cell.len;
    struct text line = printed_line(arena, (struct text){cell.at, *whole ? end : end + 1});
    if (line.len <= TITLE_MAX)
        return line;
    *whole = false;
    return cut(arena, line);
}
