#include "schema/wire/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/wire/zpl.h"

enum { SETTINGS_FILE = 64 * 1024 };

/* The whole file, which is a page or two, into the arena; NULL with errno. */
static char *
read_file(struct arena *arena, const char *path, size_t *len)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    char *text = NULL;
    ssize_t got = -1;

    if (fd < 0)
        return NULL;
    if (fstat(fd, &st) == 0 && st.st_size <= SETTINGS_FILE) {
        text = arena_take(arena, SETTINGS_FILE);
        got = read(fd, text, SETTINGS_FILE);
    } else {
        errno = EFBIG;
    }
    (void)close(fd);
    *len = got > 0 ? (size_t)got : 0;
    return got < 0 ? NULL : text;
}

static bool
take_item(struct arena *arena, const char *path, const struct zpl_item *item,
          const struct record *r, struct option_values *values, struct fault *fault)
{
    struct fault why;

    if (!option_known(r, item->path, &why))
        return fault_set(fault, why.code, "", "%s: line %d: %s %s", path, item->line, item->path,
                         why.reason);
    const char *name = arena_copy(arena, item->path, strlen(item->path) + 1);
    const char *value = arena_copy(arena, item->value, strlen(item->value) + 1);
    return option_values_add(values, OPTION_FROM_FILE, name, value, fault);
}

bool
settings_read(struct arena *arena, const char *path, const struct record *r,
              struct option_values *values, struct fault *fault)
{
    struct zpl_item item;
    struct fault why;
    size_t len = 0;
    int rc;

    const char *text = read_file(arena, path, &len);
    if (!text)
        return fault_set(fault, FAULT_NOT_FOUND, "", "%s can't be read: %s", path, strerror(errno));
    struct zpl zpl = zpl_begin(text, len);
    while ((rc = zpl_next(&zpl, &item, &why)) > 0)
        if (!take_item(arena, path, &item, r, values, fault))
            return false;
    return rc == 0 || fault_set(fault, why.code, "", "%s: %s", path, why.reason);
}
