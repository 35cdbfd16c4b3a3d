#include "agents/files/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int
whole_file_sync_folder(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc = fd < 0 || fsync(fd) ? -errno : 0;

    if (fd >= 0)
        (void)close(fd);
    return rc;
}

static int
write_through(int fd, const char *text, size_t len)
{
    while (len) {
        ssize_t put = write(fd, text, len);
        if (put < 0 && errno != EINTR)
            return -errno;
        text += put > 0 ? put : 0;
        len -= put > 0 ? (size_t)put : 0;
    }
    return fsync(fd) ? -errno : 0;
}

int
whole_file_give(int fd, const char *dir)
{
    struct stat folder;

    if (geteuid() != 0)
        return 0;
    return stat(dir, &folder) || fchown(fd, folder.st_uid, folder.st_gid) ? -errno : 0;
}

/* A new file, and nobody's whom somebody planted a link to. */
static int
open_next(const char *next, mode_t mode)
{
    if (unlink(next) && errno != ENOENT) /* left by one that was killed here */
        return -errno;
    int fd = open(next, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    return fd < 0 ? -errno : fd;
}

int
whole_file_write(const char *path, mode_t mode, const char *text, size_t len)
{
    char next[PATH_MAX], dir[PATH_MAX];

    if (snprintf(next, sizeof next, "%s.tmp", path) >= (int)sizeof next)
        return -ENAMETOOLONG;
    (void)snprintf(dir, sizeof dir, "%s", next);
    const char *folder = dirname(dir);
    int fd = open_next(next, mode);
    if (fd < 0)
        return fd;
    int rc = whole_file_give(fd, folder);
    if (!rc)
        rc = write_through(fd, text, len);
    if (close(fd) && !rc)
        rc = -errno;
    if (!rc && rename(next, path))
        rc = -errno;
    if (rc) {
        (void)unlink(next);
        return rc;
    }
    return whole_file_sync_folder(folder);
}
