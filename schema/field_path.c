#include "schema/field_path.h"

#include <string.h>

/* No printf: this runs for each string of each update. */
static void
append(struct field_path *path, const char *text, size_t len)
{
    size_t room = sizeof path->text - 1 - path->len;

    if (len > room)
        len = room;
    memcpy(path->text + path->len, text, len);
    path->len += len;
    path->text[path->len] = '\0';
}

size_t
field_path_enter(struct field_path *path, const char *name)
{
    size_t before = path->len;
    if (before)
        append(path, ".", 1);
    append(path, name, strlen(name));
    return before;
}

size_t
field_path_enter_item(struct field_path *path, unsigned index)
{
    size_t before = path->len;
    char item[] = "[4294967295]";
    char *at = item + sizeof item - 2; /* at the bracket that closes */

    do
        *--at = (char)('0' + index % 10);
    while ((index /= 10));
    *--at = '[';
    append(path, at, (size_t)(item + sizeof item - 1 - at));
    return before;
}

void
field_path_leave(struct field_path *path, size_t before)
{
    path->len = before;
    path->text[before] = '\0';
}
