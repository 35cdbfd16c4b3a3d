#include "tests/line.h"

#include <stdio.h>

#include "schema/codec.h"
#include "schema/submission_line.h"
#include "tests/t.h"

enum { LINE = 70000 };

const char *
line_fill(const char *format, va_list args)
{
    static char line[LINE];

    (void)vsnprintf(line, sizeof line, format, args);
    for (char *at = line; *at; at++)
        if (*at == '\'')
            *at = '"';
    return line;
}

size_t
line_encode(struct arena *arena, const char *line, enum submission_kind *kind, uint8_t *body)
{
    struct submission_line sub;
    struct fault fault;

    if (!submission_from_json(arena, &sub, line, strlen(line), &fault))
        FAIL_WITH("%s: %s %s", line, fault.field, fault.reason);
    *kind = sub.kind;
    return record_encode(body_records[sub.kind], &sub.body, body, BODY_MAX);
}
