#include "schema/log_line.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "schema/shape.h"

const char *
event_severity_word(enum event_severity severity)
{
    switch (severity) {
    case EVENT_ERROR: return "error";
    case EVENT_WARNING: return "warning";
    case EVENT_NOTICE: return "notice";
    case EVENT_INFO: return "info";
    }
    return "";
}

/* --- what is said -------------------------------------------------------------- */

struct log_line
log_line_of(const struct log_event *event)
{
    return (struct log_line){.event = event};
}

static size_t
used(const struct log_line *line)
{
    unsigned n = line->count;
    return n ? (size_t)line->fields[n - 1].at + line->fields[n - 1].len + 1 : 0;
}

void
log_text(struct log_line *line, const char *key, struct text value)
{
    size_t at = used(line);

    if (line->count == LOG_FIELDS || value.len >= LOG_VALUES - at)
        return;
    if (value.len)
        memcpy(line->values + at, value.at, value.len);
    line->values[at + value.len] = '\0';
    line->fields[line->count].key = key;
    line->fields[line->count].at = (uint16_t)at;
    line->fields[line->count++].len = (uint16_t)value.len;
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

/* --- as a line ------------------------------------------------------------------- */

struct room {
    char *at;
    size_t len;
};

/* Room for all is there: see LOG_LINE. */
static void
append(struct room *r, const char *at, size_t len)
{
    memcpy(r->at + r->len, at, len);
    r->len += len;
}

static bool
is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
           || (c != '\0' && strchr("._/:@+-*", c));
}

static bool
needs_quotes(const char *value, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!is_plain(value[i]))
            return true;
    return len == 0;
}

static void
append_escaped(struct room *r, char c, bool is_text)
{
    char escaped[8];
    int len;

    if (c == '"' || c == '\\')
        len = snprintf(escaped, sizeof escaped, "\\%c", c);
    else if ((unsigned char)c < ' ' || c == 0x7f || ((unsigned char)c > 0x7f && !is_text))
        len = snprintf(escaped, sizeof escaped, "\\x%02x", (unsigned)(unsigned char)c);
    else
        len = snprintf(escaped, sizeof escaped, "%c", c);
    append(r, escaped, (size_t)len);
}

static void
append_value(struct room *r, const char *value, size_t len)
{
    if (!needs_quotes(value, len)) {
        append(r, value, len);
        return;
    }
    const bool is_text = shape_text((struct text){value, (uint32_t)len});
    append(r, "\"", 1);
    for (size_t i = 0; i < len; i++)
        append_escaped(r, value[i], is_text);
    append(r, "\"", 1);
}

_Static_assert(6 + 64 + LOG_FIELDS * (1 + 20 + 1 + 2) + 4 * LOG_VALUES + 1 <= LOG_LINE,
               "a line holds its event, every key, and every value escaped");

struct text
log_line_text(const struct log_line *line, char room[LOG_LINE])
{
    struct room r;

    r.at = room;
    r.len = 0;
    append(&r, "event=", 6);
    append(&r, line->event->id, strlen(line->event->id));
    for (unsigned i = 0; i < line->count; i++) {
        append(&r, " ", 1);
        append(&r, line->fields[i].key, strlen(line->fields[i].key));
        append(&r, "=", 1);
        append_value(&r, line->values + line->fields[i].at, line->fields[i].len);
    }
    append(&r, "\n", 1);
    return (struct text){r.at, (uint32_t)r.len};
}
