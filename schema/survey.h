/* One look over a text, many bytes at once: what the guard must know of it before it
   looks closer, if it must. Pure. */
#ifndef SCHEMA_SURVEY_H
#define SCHEMA_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct survey {
    bool plain;      /* ASCII, and no "%" that might stand for another character */
    bool at;         /* an "@" */
    uint32_t digits; /* how many */
};

/* Takes any bytes. */
void survey_text(const char *text, size_t len, struct survey *out);

#endif
