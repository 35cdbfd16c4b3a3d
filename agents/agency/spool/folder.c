#include "agents/agency/spool/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agents/agency/options.h"
#include "agents/agency/spool/modes.h"
#include "schema/must.h"
#include "schema/shape.h"

#define DRAFT ".tmp"

/* Ours only: what is reached by path could be another's by now, or a link to anywhere. */
enum { FOLDER = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

static int
open_root(struct spool_folder *f, const char *group, struct why *why)
{
    if ((mkdir(f->root, 0770) == 0 || errno == EEXIST)
        && (f->at[SPOOL_WAITS] = open(f->root, FOLDER)) >= 0)
        return spool_modes_set(f->at[SPOOL_WAITS], f->root, group, why);
    return why_set(why, -errno, "spool %.200s can't be used: %s", f->root,
                   errno == ENOTDIR ? "it is no folder, or a link to one: name the folder itself"
                                    : strerror(errno));
}

static int
open_own(int root, const char *name, mode_t mode)
{
    struct stat st;

    if (mkdirat(root, name, mode) && errno != EEXIST)
        return -errno;
    int fd = openat(root, name, FOLDER);
    if (fd < 0)
        return -errno;
    int rc = -EPERM;
    if (fstat(fd, &st))
        rc = -errno;
    else if (st.st_uid == geteuid())
        return fd;
    (void)close(fd);
    return rc;
}

int
spool_folder_own(const struct spool_folder *f, const char *name, mode_t mode, struct why *why)
{
    int fd = open_own(f->at[SPOOL_WAITS], name, mode);

    if (fd >= 0)
        return fd;
    return why_set(why, fd,
                   "%.200s/%s can't be used: %s; it must be a folder that the agent's user "
                   "owns, not a link: move it away, and the agent makes it",
                   f->root, name, strerror(-fd));
}

/* A second agent would take what is in taking/ for its own, once more. There are file systems
   without locks: nothing is known there, and nothing said. */
static int
take_alone(const struct spool_folder *f, struct why *why)
{
    if (flock(f->at[SPOOL_TAKING], LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
        return 0;
    return why_set(why, -EWOULDBLOCK,
                   "another agent takes files from the spool %.200s: one spool, one agent",
                   f->root);
}

int
spool_folder_open(struct spool_folder *f, struct text root, struct text group, struct why *why)
{
    char name[AGENT_GROUP + 1];

    (void)snprintf(f->root, sizeof f->root, "%.*s", (int)root.len, root.at);
    (void)snprintf(name, sizeof name, "%.*s", (int)group.len, group.at);
    for (int i = 0; i < SPOOL_PLACES; i++)
        f->at[i] = -1;
    int rc = open_root(f, name, why);
    if (rc == 0 && (f->at[SPOOL_TAKING] = spool_folder_own(f, "taking", 0700, why)) < 0)
        rc = f->at[SPOOL_TAKING];
    if (rc == 0)
        rc = take_alone(f, why);
    if (rc == 0 && (f->at[SPOOL_TAKEN] = spool_folder_own(f, "taken", 0700, why)) < 0)
        rc = f->at[SPOOL_TAKEN];
    if (rc)
        spool_folder_close(f);
    return rc;
}

void
spool_folder_close(struct spool_folder *f)
{
    for (int i = 0; i < SPOOL_PLACES; i++) {
        if (f->at[i] >= 0)
            (void)close(f->at[i]);
        f->at[i] = -1;
    }
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

static int64_t
changed_at(const struct stat *st)
{
    return (int64_t)st->st_mtim.tv_sec * 1000000 + st->st_mtim.tv_nsec / 1000;
}

/* By when they were written, as long as they have no TIME. */
static int64_t
order_of(const struct spool_folder *f, enum spool_place place, const struct stat *st)
{
    return place == SPOOL_WAITS && !f->stamped ? changed_at(st) : 0;
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

/* From its beginning; NULL with errno. */
static DIR *
open_list(int folder)
{
    int fd = openat(folder, ".", FOLDER);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    int error = errno;

    if (!dir && fd >= 0)
        (void)close(fd);
    errno = error;
    return dir;
}

int
spool_folder_list(const struct spool_folder *f, enum spool_place place, struct spool_names *out,
                  spool_odd *odd, void *context)
{
    size_t most = longest(f, place);
    const struct dirent *e;
    struct stat st;

    out->count = out->next = 0;
    DIR *dir = open_list(f->at[place]);
    if (!dir)
        return -errno;
    while ((e = readdir(dir))) { /* NOLINT(concurrency-mt-unsafe): one thread */
        if (!may_be_taken(e->d_name) || fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW)
            || is_own_folder(&st))
            continue;
        const char *reason = find_odd(e->d_name, most, &st);
        if (!reason)
            add(out, e->d_name, order_of(f, place, &st));
        else if (odd)
            odd(context, e->d_name, reason);
    }
    (void)closedir(dir);
    spool_names_sort(out);
    return 0;
}

int
spool_folder_list_own(const struct spool_folder *f, struct spool_names *out)
{
    const struct dirent *e;
    struct stat st;

    out->count = out->next = 0;
    DIR *dir = open_list(f->at[SPOOL_WAITS]);
    if (!dir)
        return -errno;
    while ((e = readdir(dir))) /* NOLINT(concurrency-mt-unsafe): one thread */
        if (e->d_name[0] != '.' && fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0
            && is_own_folder(&st))
            spool_names_put(out, e->d_name);
    (void)closedir(dir);
    spool_names_sort(out);
    return 0;
}

int
spool_folder_list_drafts(int folder, struct spool_names *out)
{
    const struct dirent *e;
    char file[SPOOL_FILE];

    out->count = out->next = 0;
    DIR *dir = open_list(folder);
    if (!dir)
        return -errno;
    while ((e = readdir(dir))) { /* NOLINT(concurrency-mt-unsafe): one thread */
        size_t len = strlen(e->d_name);
        if (e->d_name[0] != '.' || !ends_in(e->d_name, DRAFT) || len - sizeof DRAFT >= SPOOL_FILE)
            continue;
        (void)snprintf(file, sizeof file, "%.*s", (int)(len - sizeof DRAFT), e->d_name + 1);
        spool_names_put(out, file);
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
open_file(const struct spool_folder *f, enum spool_place place, const char *name)
{
    int fd = openat(f->at[place], name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

int
spool_folder_is_ready(const struct spool_folder *f, const char *name, int64_t settle, int64_t wall)
{
    int fd = open_file(f, SPOOL_WAITS, name);
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
    int64_t age = wall - changed_at(&st);
    bool has_end = st.st_size > 0 && last == '\n';
    return has_end || age < 0 || age >= settle;
}

/* --- its way ------------------------------------------------------------------------------ */

static int
sync_folders(const struct spool_folder *f, enum spool_place one, enum spool_place other)
{
    return fsync(f->at[one]) || fsync(f->at[other]) ? -errno : 0;
}

bool
spool_folder_time(const char *name, int64_t *time)
{
    static const char digits[] = "0123456789";
    const char *end = name + strspn(name, digits);

    *time = strtoll(name, NULL, 10);
    if (end > name && *end == '.')
        end += 1 + strspn(end + 1, digits);
    return end > name && *end == '-';
}

bool
spool_folder_is_rest(const char *name)
{
    int64_t time;

    return spool_folder_time(name, &time) && name[strcspn(name, ".-")] == '.';
}

static int
move_to_taking(const struct spool_folder *f, const char *name, const char *file,
               struct spool_names *claimed)
{
    if (renameat2(f->at[SPOOL_WAITS], name, f->at[SPOOL_TAKING], file, RENAME_NOREPLACE))
        return -errno;
    spool_names_put(claimed, file);
    return 0;
}

int
spool_folder_claim(struct spool_folder *f, const char *name, int64_t wall,
                   struct spool_names *claimed)
{
    char file[SPOOL_FILE];
    int64_t time;
    int rc = -EEXIST;

    if (f->stamped && spool_folder_time(name, &time))
        return move_to_taking(f, name, name, claimed);
    f->stamp = wall > f->stamp ? wall - 1 : f->stamp;
    while (rc == -EEXIST) {
        (void)snprintf(file, SPOOL_FILE, "%" PRId64 "-%s", ++f->stamp, name);
        if (faccessat(f->at[SPOOL_TAKEN], file, F_OK, 0)) /* else the clock went back */
            rc = move_to_taking(f, name, file, claimed);
    }
    return rc;
}

int
spool_folder_read(const struct spool_folder *f, const char *file)
{
    return open_file(f, SPOOL_TAKING, file);
}

int
spool_folder_finish(const struct spool_folder *f, const char *file, bool kept)
{
    int taking = f->at[SPOOL_TAKING];
    int rc = kept ? renameat(taking, file, f->at[SPOOL_TAKEN], file) : unlinkat(taking, file, 0);
    return rc ? -errno : 0;
}

int
spool_folder_sync_claimed(const struct spool_folder *f)
{
    return sync_folders(f, SPOOL_WAITS, SPOOL_TAKING);
}

int
spool_folder_sync_finished(const struct spool_folder *f)
{
    return sync_folders(f, SPOOL_TAKING, SPOOL_TAKEN);
}

void
spool_folder_prune(const struct spool_folder *f, int64_t before)
{
    struct spool_names names = {0};
    int64_t time;

    if (spool_folder_list(f, SPOOL_TAKEN, &names, NULL, NULL) == 0)
        for (size_t i = 0; i < names.count; i++)
            if (spool_folder_time(names.at[i].name, &time) && time < before)
                (void)unlinkat(f->at[SPOOL_TAKEN], names.at[i].name, 0);
    spool_names_free(&names);
}
