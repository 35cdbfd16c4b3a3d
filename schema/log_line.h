/* What happened, as a line of a program's log: a stable id first and then
   key=value, for people and for programs that read logs. Pure: each program
   writes its own (broker/log.h, agents/agency/log.h).

       struct log_line line = log_event("client-refused");
       log_text(&line, "client", author->client);
       log_number(&line, "n", n);
       log_write(&line);                event=client-refused client=police/crm n=7

   Values say who, which and how many: never a text that was sent, never a key. */
#ifndef SCHEMA_LOG_LINE_H
#define SCHEMA_LOG_LINE_H

#include <stddef.h>
#include <stdint.h>

#include "schema/record.h"

enum { LOG_LINE = 1024 };

struct log_line {
    size_t len;
    char at[LOG_LINE];
};

struct log_line log_event(const char *event);

/* What could be taken for the end of a value, or of a line, is written quoted and
   escaped; what does not fit is left out. */
void log_text(struct log_line *line, const char *key, struct text value);
void log_word(struct log_line *line, const char *key, const char *value);
void log_number(struct log_line *line, const char *key, int64_t value);

/* Ends the line, for which there always is room: what to write, as long as it lives. */
struct text log_end(struct log_line *line);

#endif
