#include "agents/files/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
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
whole_file_write(const char *path, mode_t mode, const char *text, size_t len)
{
    char next[PATH_MAX];

    if (snprintf(next, sizeof next, "%s.tmp", path) >= (int)sizeof next)
        return -ENAMETOOLONG;
    int fd = open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (fd < 0)
        return -errno;
    int rc = write_through(fd, text, len);
    if (close(fd) && !rc)
        rc = -errno;
    if (!rc && rename(next, path))
        rc = -errno;
    if (rc) {
        (void)unlink(next);
        return rc;
    }
    return whole_file_sync_folder(dirname(next));
}
