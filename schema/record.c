#include "schema/record.h"

#include <string.h>

bool
text_equal(struct text a, struct text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool
bytes_equal(struct bytes a, struct bytes b)
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

struct text
text_copy(struct arena *arena, struct text text)
{
    return (struct text){text_string(arena, text), text.len};
}

char *
text_string(struct arena *arena, struct text text)
{
    return arena_string(arena, text.at, text.len);
}

const char **
text_strings(struct arena *arena, struct texts list)
{
    const char **strings = arena_take(arena, (list.count + 1) * sizeof *strings);

    for (uint32_t i = 0; i < list.count; i++)
        strings[i] = text_string(arena, list.at[i]);
    strings[list.count] = NULL;
    return strings;
}

const struct field *
record_field(const struct record *r, struct text name)
{
    for (unsigned i = 0; r && i < r->count; i++)
        if (text_equal(name, (struct text){r->fields[i].name, (uint32_t)r->fields[i].name_len}))
            return &r->fields[i];
    return NULL;
}
