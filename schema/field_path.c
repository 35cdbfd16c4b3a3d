#include "schema/field_path.h"

#include <stdio.h>
#include <string.h>

/* No printf for names: this runs for each string of each update. */
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
    char item[16];
    int len = snprintf(item, sizeof item, "[%u]", index);

    append(path, item, (size_t)len);
    return before;
}

void
field_path_leave(struct field_path *path, size_t before)
{
    path->len = before;
    path->text[before] = '\0';
}
