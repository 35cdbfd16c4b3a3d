#include "agents/agency/spool/folder.h"

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
#include "agents/agency/spool/names.h"

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

/* --- a file that waits --------------------------------------------------------------------- */

int64_t
spool_folder_changed(const struct stat *st)
{
    return (int64_t)st->st_mtim.tv_sec * 1000000 + st->st_mtim.tv_nsec / 1000;
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
    ssize_t got = 1;

    if (fd < 0)
        return fd;
    int rc = fstat(fd, &st) ? -errno : S_ISREG(st.st_mode) ? 0 : -ENOENT;
    if (rc == 0 && st.st_size > 0 && (got = pread(fd, &last, 1, st.st_size - 1)) < 0)
        rc = -errno;
    (void)close(fd);
    if (rc || got == 0)
        return rc;
    int64_t age = wall - spool_folder_changed(&st);
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

    if (spool_names_list(f, SPOOL_TAKEN, &names, NULL, NULL) == 0)
        for (size_t i = 0; i < names.count; i++)
            if (spool_folder_time(names.at[i].name, &time) && time < before)
                (void)unlinkat(f->at[SPOOL_TAKEN], names.at[i].name, 0);
    spool_names_free(&names);
}
