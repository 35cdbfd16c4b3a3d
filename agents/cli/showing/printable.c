#include "agents/cli/showing/printable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/must.h"

/* C0 and DEL, and C1 as UTF-8 writes it: C2 80 to C2 9F. */
static bool
is_control(const unsigned char *at)
{
    if (*at < 0x20)
        return *at != '\n';
    return *at == 0x7f || (*at == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f);
}

void
printable_make(char *text)
{
    for (unsigned char *at = (unsigned char *)text; *at; at++)
        if (is_control(at)) {
            if (*at == 0xc2)
                *at++ = '?';
            *at = '?';
        }
}

void
printable_print(struct text text)
{
    char *copy = must(strndup(text.len ? text.at : "", text.len));

    printable_make(copy);
    (void)fputs(copy, stdout);
    free(copy);
}
