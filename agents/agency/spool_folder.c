#include "agents/agency/spool_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agents/files/whole_file.h"
#include "schema/must.h"

#define TAKING "taking"
#define TAKEN "taken"

static void
path_of(const struct spool_folder *f, const char *sub, const char *name, char path[PATH_MAX])
{
    (void)snprintf(path, PATH_MAX, "%s/%s%s%s", f->root, sub, *sub && *name ? "/" : "", name);
}

static int
make(const struct spool_folder *f, const char *sub, mode_t mode)
{
    char path[PATH_MAX];

    path_of(f, sub, "", path);
    return mkdir(path, mode) && errno != EEXIST ? -errno : 0;
}

int
spool_folder_open(struct spool_folder *f, const char *root)
{
    int rc;

    if (snprintf(f->root, sizeof f->root, "%s", root) >= (int)sizeof f->root)
        return -ENAMETOOLONG;
    if ((rc = make(f, "", 0770)) || (rc = make(f, TAKING, 0700)))
        return rc;
    return make(f, TAKEN, 0700);
}

/* --- what is there -------------------------------------------------------------------- */

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
    return name[0] != '.' && !ends_in(name, ".tmp") && !ends_in(name, ".done")
           && !ends_in(name, ".refused");
}

static void
add(struct spool_names *names, const char *name, const struct stat *st)
{
    if (names->count == names->cap) {
        names->cap = names->cap ? 2 * names->cap : 64;
        names->at = must(realloc(names->at, names->cap * sizeof *names->at));
    }
    struct spool_named *named = &names->at[names->count++];
    (void)snprintf(named->name, sizeof named->name, "%s", name);
    named->changed = (int64_t)st->st_mtim.tv_sec * 1000000 + st->st_mtim.tv_nsec / 1000;
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

static bool
is_file(int dir, const char *name, struct stat *st)
{
    return fstatat(dir, name, st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st->st_mode);
}

void
spool_names_add(const struct spool_folder *f, struct spool_names *names, const char *name)
{
    char path[PATH_MAX];
    struct stat st;

    path_of(f, "", name, path);
    if (strlen(name) <= SPOOL_NAME && may_be_taken(name) && is_file(AT_FDCWD, path, &st))
        add(names, name, &st);
}

int
spool_folder_list(const struct spool_folder *f, const char *sub, struct spool_names *out,
                  char odd[NAME_MAX + 1])
{
    size_t most = *sub ? SPOOL_FILE - 1 : SPOOL_NAME;
    const struct dirent *e;
    char path[PATH_MAX];
    struct stat st;

    out->count = out->next = 0;
    path_of(f, sub, "", path);
    DIR *dir = opendir(path);
    if (!dir)
        return -errno;
    while ((e = readdir(dir))) { /* NOLINT(concurrency-mt-unsafe): one thread */
        if (!may_be_taken(e->d_name) || !is_file(dirfd(dir), e->d_name, &st))
            continue;
        if (strlen(e->d_name) <= most)
            add(out, e->d_name, &st);
        else
            (void)snprintf(odd, NAME_MAX + 1, "%s", e->d_name);
    }
    (void)closedir(dir);
    spool_names_sort(out);
    return 0;
}

void
spool_names_free(struct spool_names *names)
{
    free(names->at);
    *names = (struct spool_names){0};
}

static int
open_file(const struct spool_folder *f, const char *sub, const char *name)
{
    char path[PATH_MAX];

    path_of(f, sub, name, path);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

int
spool_folder_is_ready(const struct spool_folder *f, const char *name, int64_t settle, int64_t wall)
{
    int fd = open_file(f, "", name);
    struct stat st;
    char last = '\n';

    if (fd < 0)
        return fd;
    int rc = fstat(fd, &st) ? -errno : 0;
    if (rc == 0 && st.st_size > 0 && pread(fd, &last, 1, st.st_size - 1) != 1)
        rc = -EIO;
    (void)close(fd);
    if (rc)
        return rc;
    int64_t age = wall - ((int64_t)st.st_mtim.tv_sec * 1000000 + st.st_mtim.tv_nsec / 1000);
    bool has_end = st.st_size > 0 && last == '\n';
    return has_end || age < 0 || age >= settle;
}

/* --- its way ------------------------------------------------------------------------------ */

static int
sync_folders(const struct spool_folder *f, const char *one, const char *other)
{
    char path[PATH_MAX];
    int rc;

    path_of(f, one, "", path);
    if ((rc = whole_file_sync_folder(path)))
        return rc;
    path_of(f, other, "", path);
    return whole_file_sync_folder(path);
}

int
spool_folder_claim(struct spool_folder *f, const char *name, int64_t wall,
                   struct spool_names *claimed)
{
    char from[PATH_MAX], to[PATH_MAX], file[SPOOL_FILE];
    const struct stat unknown = {0};

    path_of(f, "", name, from);
    f->stamp = wall > f->stamp ? wall : f->stamp + 1;
    for (;; f->stamp++) {
        (void)snprintf(file, SPOOL_FILE, "%" PRId64 "-%s", f->stamp, name);
        path_of(f, TAKEN, file, to);
        if (access(to, F_OK) == 0)
            continue; /* the clock went back */
        path_of(f, TAKING, file, to);
        if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) {
            add(claimed, file, &unknown);
            return 0;
        }
        if (errno != EEXIST)
            return -errno;
    }
}

int
spool_folder_read(const struct spool_folder *f, const char *file)
{
    return open_file(f, TAKING, file);
}

int
spool_folder_finish(const struct spool_folder *f, const char *file, bool kept)
{
    char from[PATH_MAX], to[PATH_MAX];

    path_of(f, TAKING, file, from);
    path_of(f, TAKEN, file, to);
    return (kept ? rename(from, to) : unlink(from)) ? -errno : 0;
}

int
spool_folder_sync_claimed(const struct spool_folder *f)
{
    return sync_folders(f, "", TAKING);
}

int
spool_folder_sync_finished(const struct spool_folder *f)
{
    return sync_folders(f, TAKING, TAKEN);
}

void
spool_folder_prune(const struct spool_folder *f, int64_t before)
{
    struct spool_names names = {0};
    char odd[NAME_MAX + 1];
    char path[PATH_MAX];

    if (spool_folder_list(f, TAKEN, &names, odd) == 0)
        for (size_t i = 0; i < names.count; i++) {
            path_of(f, TAKEN, names.at[i].name, path);
            if (strtoll(names.at[i].name, NULL, 10) < before)
                (void)unlink(path);
        }
    spool_names_free(&names);
}
