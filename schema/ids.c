#include "schema/ids.h"

#include <string.h>

static bool
id_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

bool
id_valid(struct text id)
{
    if (id.len < 1 || id.len > ID_MAX)
        return false;
    for (uint32_t i = 0; i < id.len; i++)
        if (!id_char(id.at[i]))
            return false;
    return true;
}

bool
path_valid(struct text path)
{
    const char *slash = path.len ? memchr(path.at, '/', path.len) : NULL;
    return slash && id_valid(path_first(path)) && id_valid(path_second(path));
}

struct text
path_first(struct text path)
{
    const char *slash = memchr(path.at, '/', path.len);
    return (struct text){path.at, slash ? (uint32_t)(slash - path.at) : path.len};
}

struct text
path_second(struct text path)
{
    uint32_t first = path_first(path).len;
    if (first == path.len)
        return (struct text){path.at + path.len, 0};
    return (struct text){path.at + first + 1, path.len - first - 1};
}

unsigned
id_from_printed(struct text printed, char id[65])
{
    unsigned len = 0;
    bool gap = false;

    for (uint32_t i = 0; i < printed.len; i++) {
        char c = printed.at[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (!id_char(c) || c == '-') {
            gap = len > 0;
            continue;
        }
        if (len + (gap ? 2u : 1u) > ID_MAX)
            return 0;
        if (gap)
            id[len++] = '-';
        gap = false;
        id[len++] = c;
    }
    id[len] = '\0';
    return len;
}
