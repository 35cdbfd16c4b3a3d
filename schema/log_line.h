/* What happened, for a program's log: an event of the program's own list and values
   by name, for people and for programs that read logs. Pure: who writes it
   (schema/wire/logging.h) makes a line of it, or fields of a log that keeps fields.

       struct log_line line = broker_event(BROKER_CLIENT_REFUSED);    (broker/events.h)
       log_text(&line, "client", author->client);
       log_number(&line, "n", n);
       log_write(&line);                event=client-refused client=police/crm n=7

   Values say who, which and how many: never a text that was sent, never a key. */
#ifndef SCHEMA_LOG_LINE_H
#define SCHEMA_LOG_LINE_H

#include <stdint.h>

#include "schema/record.h"

/* The severities of RFC 5424, section 6.2.1, as logs count them. */
enum event_severity {
    EVENT_ERROR = 3,   /* what is promised can't be done now: a person is needed */
    EVENT_WARNING = 4, /* it will be needed if this goes on */
    EVENT_NOTICE = 5,  /* worth knowing when one looks for what happened */
    EVENT_INFO = 6,    /* the daily run of things */
};

/* A program's list of what it may say. The id is stable: people search for it. */
struct log_event {
    const char *id;
    enum event_severity severity;
    const char *means, *remedy; /* each a sentence or more; no remedy is "" */
};

/* "error", "warning" ... */
const char *event_severity_word(enum event_severity severity);

/* Of a list, X(symbol, id, severity, meaning, remedy). */
#define EVENT_SYMBOL(symbol, id, severity, means, remedy) symbol,
#define EVENT_ROW(symbol, id, severity, means, remedy) {id, severity, means, remedy},

enum {
    EVENTS_MAX = 128, /* of a program */
    LOG_FIELDS = 12,
    LOG_VALUES = 800, /* bytes of all values together */
    LOG_LINE = 4096,  /* of the line: each of them escaped, and all keys */
};

struct log_line {
    const struct log_event *event; /* borrowed, for ever */
    unsigned count;
    struct {
        const char *key; /* borrowed, for ever: a-z and dashes, 1 to 20 of them */
        uint16_t at, len;
    } fields[LOG_FIELDS];
    char values[LOG_VALUES]; /* one after the other, each with a NUL after it */
};

struct log_line log_line_of(const struct log_event *event);

/* What does not fit any more is left out. */
void log_text(struct log_line *line, const char *key, struct text value);
void log_word(struct log_line *line, const char *key, const char *value);
void log_number(struct log_line *line, const char *key, int64_t value);

/* All of it in a line that ends with a new line: what could be taken for the end of a
   value, or of the line, is written quoted and escaped, and so are bytes above 127 of
   what is not UTF-8. */
struct text log_line_text(const struct log_line *line, char room[LOG_LINE]);

#endif
