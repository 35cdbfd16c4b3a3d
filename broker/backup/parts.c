#include "broker/backup/parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker/board.h"
#include "schema/options.h"
#include "schema/wire/disk.h"
#include "store/environment.h"

enum { FILE_MOST = 64 * 1024, MIB = 1 << 20, OPEN_FOLDERS = 8 };

/* --- files -------------------------------------------------------------------- */

static int
write_file(const char *path, const void *bytes, size_t len, struct why *why)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0)
        return why_set(why, -errno, "%s can't be made: %s", path, strerror(errno));
    errno = ENOSPC; /* of a write that was cut short */
    int rc = write(fd, bytes, len) == (ssize_t)len && fsync(fd) == 0 ? 0 : -errno;
    if (close(fd) && !rc)
        rc = -errno;
    return rc ? why_set(why, rc, "%s can't be written: %s", path, strerror(-rc)) : 0;
}

/* Its length, or a negative error. */
static int
read_file(const char *path, void *buf, size_t cap, struct why *why)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? -1 : read(fd, buf, cap);
    int rc = len < 0 ? -errno : len == (ssize_t)cap ? -EFBIG : (int)len;

    if (fd >= 0)
        (void)close(fd);
    return rc < 0 ? why_set(why, rc, "%s can't be read: %s", path, strerror(-rc)) : rc;
}

static int
copy_file(const char *from, const char *to, struct why *why)
{
    char bytes[FILE_MOST];
    int len = read_file(from, bytes, sizeof bytes, why);
    int rc = len < 0 ? len : write_file(to, bytes, (size_t)len, why);

    explicit_bzero(bytes, sizeof bytes);
    return rc;
}

int
parts_copy_settings(const char *from, const char *to, struct why *why)
{
    char target[BOARD_PATH];

    board_path(to, "broker.zpl", target);
    return copy_file(from, target, why);
}

static int
copy_if_there(const char *from, const char *to, const char *name, struct why *why)
{
    char target[BOARD_PATH];

    board_path(to, name, target);
    return access(from, F_OK) ? 0 : copy_file(from, target, why);
}

int
parts_copy_keys(const char *from, const char *to, struct why *why)
{
    static const char *const clients[] = {"operator.zpl", "lead.zpl"};
    char source[BOARD_PATH];
    int rc = 0;

    for (size_t i = 0; i < sizeof clients / sizeof *clients && !rc; i++) {
        board_path(from, clients[i], source);
        rc = copy_if_there(source, to, clients[i], why);
    }
    board_keys_path(from, source);
    if (!rc)
        rc = copy_if_there(source, to, "board.zpl", why);
    return rc ? rc : environment_sync(to, why);
}

int
parts_read_settings(const char *dir, struct arena *arena, struct run_option *out, struct why *why)
{
    struct option_values *values = arena_take(arena, sizeof *values);
    struct fault fault;

    *values = (struct option_values){0};
    return board_settings(dir, arena, values, out, &fault)
               ? 0
               : why_set(why, -EINVAL, "%s: %s", fault.field, fault.reason);
}

/* --- the head ------------------------------------------------------------------- */

int
parts_write_head(const char *dir, const char *note, struct why *why)
{
    char path[BOARD_PATH];

    board_path(dir, "head", path);
    return write_file(path, note, strlen(note), why);
}

int
parts_read_head(const char *dir, char note[CHECKPOINT_NOTE], struct checkpoint *out,
                struct why *why)
{
    char path[BOARD_PATH];
    struct fault fault;

    board_path(dir, "head", path);
    int len = read_file(path, note, CHECKPOINT_NOTE, why);
    if (len == -ENOENT)
        return why_set(why, len, "%s is no backup: it has no file head", dir);
    if (len < 0)
        return len;
    note[len] = '\0';
    return checkpoint_parse(out, note, (size_t)len, &fault)
               ? 0
               : why_set(why, -EBADMSG, "%s is damaged: %s. Use another backup", path,
                         fault.reason);
}

/* --- folders ---------------------------------------------------------------------- */

void
parts_cut_name(char *path)
{
    size_t len = strlen(path);

    while (len > 1 && path[len - 1] == '/')
        path[--len] = '\0';
    char *slash = strrchr(path, '/');
    if (!slash)
        memcpy(path, ".", sizeof ".");
    else
        slash[slash == path] = '\0';
}

/* What it is to be in, as far as that is there already. */
static bool
resolve_above(const char *path, char real[BOARD_PATH])
{
    char at[BOARD_PATH];

    (void)snprintf(at, sizeof at, "%s", path);
    do
        parts_cut_name(at);
    while (!realpath(at, real) && errno == ENOENT && strcmp(at, ".") != 0);
    return *real == '/';
}

int
parts_check_place(const char *path, struct why *why)
{
    char above[BOARD_PATH] = "", journal[BOARD_PATH];

    if (!*path)
        return why_set(why, -EINVAL, "a folder without a name can't be made: name a new one");
    for (bool more = resolve_above(path, above); more; parts_cut_name(above)) {
        board_path(above, "journal/data.mdb", journal);
        if (access(journal, F_OK) == 0)
            return why_set(why, -EINVAL,
                           "%s would be in %s, which is a board's directory or a backup: name "
                           "another place",
                           path, above);
        more = strcmp(above, "/") != 0;
    }
    return 0;
}

int
parts_check_room(const char *path, uint64_t bytes, uint64_t reserve, struct why *why)
{
    struct disk disk;
    int rc = disk_look(path, &disk);

    if (rc)
        return why_set(why, rc, "%s: %s", path, strerror(-rc));
    uint64_t there = (uint64_t)disk.free;
    if (there >= bytes + reserve)
        return 0;
    return why_set(why, -ENOSPC,
                   "%s has %" PRIu64 " MiB left, and %" PRIu64 " are needed, with %" PRIu64
                   " to be left free: make room, or use another disk",
                   path, there / MIB, bytes / MIB + 1, reserve / MIB);
}

uint64_t
parts_journal_size(const char *dir)
{
    return (uint64_t)disk_file_bytes(dir, "journal/data.mdb");
}

bool
parts_are_all(const char *path)
{
    static const char parts[] = "/./../head/journal/settings/restored/restored.new/lock/";
    const struct dirent *entry;
    char name[sizeof entry->d_name + 2];
    DIR *dir = opendir(path);
    bool only = dir != NULL;

    while (only && (entry = readdir(dir))) {
        (void)snprintf(name, sizeof name, "/%s/", entry->d_name);
        only = strstr(parts, name) != NULL;
    }
    if (dir)
        (void)closedir(dir);
    return only;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path) ? -errno : 0;
}

static int
remove_below(const char *path, const struct stat *st, int type, struct FTW *at)
{
    return at->level ? remove_one(path, st, type, at) : 0;
}

int
parts_remove(const char *path, bool emptied)
{
    int rc = nftw(path, emptied ? remove_below : remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
    return rc == -1 ? -errno : rc;
}
