#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { PID_TEXT = 24 };

/* The file holds its holder's process number, for the message alone: only
   flock decides. */
static int
refuse(int fd, const char *path, struct why *why)
{
    char pid[PID_TEXT] = "";
    ssize_t len = pread(fd, pid, sizeof pid - 1, 0);

    if (len <= 0)
        return why_set(why, -EWOULDBLOCK, "%s is held by another process", path);
    pid[strcspn(pid, "\n")] = '\0';
    return why_set(why, -EWOULDBLOCK,
                   "%s is held by process %s: stop it first, or use another directory", path, pid);
}

/* A file that cannot hold the number can be locked all the same. */
static void
write_pid(int fd)
{
    char pid[PID_TEXT];
    int len = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());

    if (ftruncate(fd, 0) == 0 && pwrite(fd, pid, (size_t)len, 0) != len)
        (void)!ftruncate(fd, 0);
}

int
lock_take(const char *dir, struct why *why)
{
    char path[PATH_MAX];
    int rc = 0;
    int fd = -1;

    if (snprintf(path, sizeof path, "%s/lock", dir) >= (int)sizeof path)
        return why_set(why, -ENAMETOOLONG, "%.80s...: the name is too long", dir);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        rc = -errno;
        return why_set(why, rc, "%s cannot be opened: %s", path, strerror(-rc));
    }
    if (flock(fd, LOCK_EX | LOCK_NB)) {
        rc = errno == EWOULDBLOCK
                 ? refuse(fd, path, why)
                 : why_set(why, -errno, "%s cannot be locked: %s", path, strerror(errno));
        (void)close(fd);
        return rc;
    }
    write_pid(fd);
    return fd;
}

void
lock_release(int *lock)
{
    if (*lock >= 0) {
        (void)!ftruncate(*lock, 0);
        (void)close(*lock);
    }
    *lock = -1;
}
