#include "schema/log_line.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Room is kept for the new line at the end. */
static void
append(struct log_line *line, const char *at, size_t len)
{
    if (len > sizeof line->at - 1 - line->len)
        return;
    memcpy(line->at + line->len, at, len);
    line->len += len;
}

static bool
is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
           || (c != '\0' && strchr("._/:@+-*", c));
}

static bool
needs_quotes(struct text value)
{
    for (uint32_t i = 0; i < value.len; i++)
        if (!is_plain(value.at[i]))
            return true;
    return value.len == 0;
}

static void
append_escaped(struct log_line *line, char c)
{
    char escaped[8];
    int len;

    if (c == '"' || c == '\\')
        len = snprintf(escaped, sizeof escaped, "\\%c", c);
    else if ((unsigned char)c < ' ' || c == 0x7f)
        len = snprintf(escaped, sizeof escaped, "\\x%02x", (unsigned)(unsigned char)c);
    else
        len = snprintf(escaped, sizeof escaped, "%c", c);
    append(line, escaped, (size_t)len);
}

struct log_line
log_event(const char *event)
{
    struct log_line line = {.len = 0};
    append(&line, "event=", 6);
    append(&line, event, strlen(event));
    return line;
}

static void
append_key(struct log_line *line, const char *key)
{
    append(line, " ", 1);
    append(line, key, strlen(key));
    append(line, "=", 1);
}

void
log_text(struct log_line *line, const char *key, struct text value)
{
    size_t before = line->len;

    append_key(line, key);
    if (line->len + 4 * (size_t)value.len + 2 >= sizeof line->at) {
        line->len = before;
        return;
    }
    if (!needs_quotes(value)) {
        append(line, value.at, value.len);
        return;
    }
    append(line, "\"", 1);
    for (uint32_t i = 0; i < value.len; i++)
        append_escaped(line, value.at[i]);
    append(line, "\"", 1);
}

void
log_word(struct log_line *line, const char *key, const char *value)
{
    log_text(line, key, text_of(value));
}

void
log_number(struct log_line *line, const char *key, int64_t value)
{
    char number[24];
    (void)snprintf(number, sizeof number, "%" PRId64, value);
    log_text(line, key, text_of(number));
}

struct text
log_end(struct log_line *line)
{
    line->at[line->len++] = '\n';
    return (struct text){line->at, (uint32_t)line->len};
}
