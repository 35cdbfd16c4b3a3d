#include "agents/agency/spool/names.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/must.h"
#include "schema/shape.h"

#define DRAFT ".tmp"

static bool
ends_in(const char *name, const char *ending)
{
    size_t len = strlen(name);
    size_t end = strlen(ending);
    return len >= end && strcmp(name + len - end, ending) == 0;
}

static bool
may_be_taken(const char *name)
{
    return name[0] != '.' && !ends_in(name, DRAFT) && !ends_in(name, ".done")
           && !ends_in(name, ".refused");
}

static void
add(struct spool_names *names, const char *name, int64_t changed)
{
    if (names->count == names->cap) {
        names->cap = names->cap ? 2 * names->cap : 64;
        names->at = must(realloc(names->at, names->cap * sizeof *names->at));
    }
    struct spool_named *named = &names->at[names->count++];
    (void)snprintf(named->name, sizeof named->name, "%s", name);
    named->changed = changed;
}

void
spool_names_put(struct spool_names *names, const char *file)
{
    add(names, file, 0);
}

/* By when they were written, as long as they have no TIME. */
static int64_t
order_of(const struct spool_folder *f, enum spool_place place, const struct stat *st)
{
    return place == SPOOL_WAITS && !f->stamped ? spool_folder_changed(st) : 0;
}

static int
compare(const void *a, const void *b)
{
    const struct spool_named *x = a;
    const struct spool_named *y = b;

    if (x->changed != y->changed)
        return x->changed < y->changed ? -1 : 1;
    return strcmp(x->name, y->name);
}

void
spool_names_sort(struct spool_names *names)
{
    if (names->count)
        qsort(names->at, names->count, sizeof *names->at, compare);
}

/* It is kept with each row, in texts that must be UTF-8, and shown to people. */
static bool
can_be_shown(const char *name)
{
    for (const char *c = name; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return false;
    return shape_text(text_of(name));
}

/* Why what has this name and is this can't be taken; NULL if it can. */
static const char *
find_odd(const char *name, size_t most, const struct stat *st)
{
    return !S_ISREG(st->st_mode) ? "it is a folder or a link, not a file: take it away"
           : strlen(name) > most ? "its name is too long: rename it"
           : !can_be_shown(name) ? "its name is not UTF-8, or has control characters: rename it"
                                 : NULL;
}

/* Ours are taking/, taken/ and those of boards. */
static bool
is_own_folder(const struct stat *st)
{
    return S_ISDIR(st->st_mode) && st->st_uid == geteuid();
}

static size_t
longest(const struct spool_folder *f, enum spool_place place)
{
    return place == SPOOL_WAITS && !f->stamped ? SPOOL_NAME : SPOOL_FILE - 1;
}

void
spool_names_add(const struct spool_folder *f, struct spool_names *names, const char *name)
{
    struct stat st;

    if (may_be_taken(name) && fstatat(f->at[SPOOL_WAITS], name, &st, AT_SYMLINK_NOFOLLOW) == 0
        && !find_odd(name, longest(f, SPOOL_WAITS), &st))
        add(names, name, order_of(f, SPOOL_WAITS, &st));
}

/* Of the folder from its beginning; NULL with errno. */
static DIR *
begin_list(int folder, struct spool_names *out)
{
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    int error = errno;

    out->count = out->next = 0;
    if (!dir && fd >= 0)
        (void)close(fd);
    errno = error;
    return dir;
}

static const struct dirent *
next_of(DIR *dir)
{
    return dir ? readdir(dir) : NULL; /* NOLINT(concurrency-mt-unsafe): one thread */
}

static int
end_list(DIR *dir, struct spool_names *out)
{
    if (!dir)
        return -errno;
    (void)closedir(dir);
    spool_names_sort(out);
    return 0;
}

int
spool_names_list(const struct spool_folder *f, enum spool_place place, struct spool_names *out,
                 spool_odd *odd, void *context)
{
    size_t most = longest(f, place);
    const struct dirent *e;
    struct stat st;
    DIR *dir = begin_list(f->at[place], out);

    while ((e = next_of(dir))) {
        if (!may_be_taken(e->d_name) || fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW)
            || is_own_folder(&st))
            continue;
        const char *reason = find_odd(e->d_name, most, &st);
        if (!reason)
            add(out, e->d_name, order_of(f, place, &st));
        else if (odd)
            odd(context, e->d_name, reason);
    }
    return end_list(dir, out);
}

int
spool_names_list_own(const struct spool_folder *f, struct spool_names *out)
{
    const struct dirent *e;
    struct stat st;
    DIR *dir = begin_list(f->at[SPOOL_WAITS], out);

    while ((e = next_of(dir)))
        if (e->d_name[0] != '.' && fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0
            && is_own_folder(&st))
            spool_names_put(out, e->d_name);
    return end_list(dir, out);
}

const char *
spool_names_draft(const char *file, char out[SPOOL_DRAFT])
{
    (void)snprintf(out, SPOOL_DRAFT, ".%s" DRAFT, file);
    return out;
}

int
spool_names_list_drafts(int folder, struct spool_names *out)
{
    const struct dirent *e;
    char file[SPOOL_FILE];
    DIR *dir = begin_list(folder, out);

    while ((e = next_of(dir))) {
        size_t len = strlen(e->d_name);
        if (e->d_name[0] != '.' || !ends_in(e->d_name, DRAFT) || len - sizeof DRAFT >= SPOOL_FILE)
            continue;
        (void)snprintf(file, sizeof file, "%.*s", (int)(len - sizeof DRAFT), e->d_name + 1);
        spool_names_put(out, file);
    }
    return end_list(dir, out);
}

void
spool_names_free(struct spool_names *names)
{
    free(names->at);
    *names = (struct spool_names){0};
}
