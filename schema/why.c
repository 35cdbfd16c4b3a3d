#include "schema/why.h"

#include <stdarg.h>
#include <stdio.h>

int
why_set(struct why *why, int rc, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(why->text, sizeof why->text, format, args);
    va_end(args);
    return rc;
}
