#include "schema/wire/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/ids.h"
#include "schema/wire/zpl.h"

enum { SETTINGS_FILE = 64 * 1024, SETTINGS_GROUP_NAME = 24 };

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

/* The one of two lines that counts might not be the one that a person looks at. */
static bool
was_said(const struct option_values *values, const char *name)
{
    for (unsigned i = 0; i < values->count; i++)
        if (values->at[i].source == OPTION_FROM_FILE && strcmp(values->at[i].name, name) == 0)
            return true;
    return false;
}

/* `name` is the end of the item's path. */
static bool
take_item(struct arena *arena, const char *path, const struct zpl_item *item, const char *name,
          const struct record *r, struct option_values *values, struct fault *fault)
{
    struct fault why;

    if (!option_known(r, name, &why))
        return fault_set(fault, why.code, "", "%s: line %d: %s %s", path, item->line, item->path,
                         why.reason);
    if (!option_takes(arena, r, name, item->value, &why))
        return fault_set(fault, why.code, "", "%s: line %d: %s: %s", path, item->line, item->path,
                         why.reason);
    if (was_said(values, name) && !option_repeats(r, name))
        return fault_set(fault, FAULT_MALFORMED, "",
                         "%s: line %d: %s is said twice: leave one of the two lines", path,
                         item->line, item->path);
    const char *kept = arena_copy(arena, name, strlen(name) + 1);
    const char *value = arena_copy(arena, item->value, strlen(item->value) + 1);
    return option_values_add(values, OPTION_FROM_FILE, kept, value, fault);
}

/* What follows the word, "" or "/..."; NULL where the item belongs to no group. */
static const char *
within_groups(const struct settings_groups *groups, const struct zpl_item *item)
{
    size_t len = groups ? strlen(groups->word) : 0;
    bool is_within = groups && strncmp(item->path, groups->word, len) == 0
                     && (item->path[len] == '\0' || item->path[len] == '/');
    return is_within ? item->path + len : NULL;
}

/* The group of this name, made if it is not there; NULL with a fault. */
static struct settings_group *
find_group(struct arena *arena, const char *path, const struct zpl_item *item, struct text name,
           struct settings_groups *groups, struct fault *fault)
{
    for (unsigned i = 0; i < groups->count; i++)
        if (text_is(name, groups->at[i].name))
            return &groups->at[i];
    if (name.len > SETTINGS_GROUP_NAME || !id_valid(name)) {
        fault_set(fault, FAULT_FIELD_INVALID, "",
                  "%s: line %d: %s: a name is 1 to %d bytes of a-z 0-9 . _ -", path, item->line,
                  item->path, SETTINGS_GROUP_NAME);
        return NULL;
    }
    if (groups->count == SETTINGS_GROUPS) {
        fault_set(fault, FAULT_LIMIT, "", "%s: line %d: %s: there may be %d under %s", path,
                  item->line, item->path, SETTINGS_GROUPS, groups->word);
        return NULL;
    }
    struct settings_group *group = &groups->at[groups->count++];
    group->name = text_string(arena, name);
    return group;
}

/* `rest` is "", "/NAME" or "/NAME/OPTION". */
static bool
take_within(struct arena *arena, const char *path, const struct zpl_item *item, const char *rest,
            struct settings_groups *groups, struct fault *fault)
{
    const char *name = *rest ? rest + 1 : rest;
    const char *slash = strchr(name, '/');
    struct text of = {name, (uint32_t)(slash ? slash - name : (long)strlen(name))};

    if (!slash && *item->value)
        return fault_set(fault, FAULT_MALFORMED, "",
                         "%s: line %d: %s takes no value: its lines follow, four blanks further in",
                         path, item->line, item->path);
    if (!*rest)
        return true;
    struct settings_group *group = find_group(arena, path, item, of, groups, fault);
    if (!group || !slash)
        return group != NULL;
    return take_item(arena, path, item, slash + 1, groups->record, &group->values, fault);
}

bool
settings_read(struct arena *arena, const char *path, const struct record *r,
              struct option_values *values, struct fault *fault)
{
    return settings_read_groups(arena, path, r, values, NULL, fault);
}

bool
settings_read_groups(struct arena *arena, const char *path, const struct record *r,
                     struct option_values *values, struct settings_groups *groups,
                     struct fault *fault)
{
    struct zpl_item item;
    struct fault why;
    size_t len = 0;
    int rc;

    const char *text = read_file(arena, path, &len);
    if (!text)
        return fault_set(fault, FAULT_NOT_FOUND, "", "%s can't be read: %s", path, strerror(errno));
    struct zpl zpl = zpl_begin(text, len);
    while ((rc = zpl_next(&zpl, &item, &why)) > 0) {
        const char *rest = within_groups(groups, &item);
        if (!(rest ? take_within(arena, path, &item, rest, groups, fault)
                   : take_item(arena, path, &item, item.path, r, values, fault)))
            return false;
    }
    return rc == 0 || fault_set(fault, why.code, "", "%s: %s", path, why.reason);
}
