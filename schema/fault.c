#include "schema/fault.h"

#include <stdarg.h>
#include <stdio.h>

bool
fault_set(struct fault *fault, enum fault_code code, const char *field, const char *format, ...)
{
    va_list args;

    fault->code = code;
    (void)snprintf(fault->field, sizeof fault->field, "%s", field);
    va_start(args, format);
    (void)vsnprintf(fault->reason, sizeof fault->reason, format, args);
    va_end(args);
    return false;
}
