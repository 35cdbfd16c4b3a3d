/* Submissions as tests write them: a line of JSON in which single quotes stand
   for double ones. */
#ifndef TESTS_LINE_H
#define TESTS_LINE_H

#include <stdarg.h>

#include "schema/arena.h"
#include "schema/records.h"

/* The line with its arguments and JSON's quotes, until the next call. */
const char *line_fill(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

/* Its body, encoded into `body` (BODY_MAX bytes), and its kind; fails the test
   where that can't be. */
size_t line_encode(struct arena *arena, const char *line, enum submission_kind *kind,
                   uint8_t *body);

#endif
