#include "schema/record.h"

#include <string.h>

bool
text_equal(struct text a, struct text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool
text_is(struct text a, const char *b)
{
    return text_equal(a, text_of(b));
}

struct text
text_of(const char *terminated)
{
    return (struct text){terminated, (uint32_t)strlen(terminated)};
}

bool
texts_hold(struct texts list, struct text one)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (text_equal(list.at[i], one))
            return true;
    return false;
}
