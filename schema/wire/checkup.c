#include "schema/wire/checkup.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/commands.h"
#include "schema/wire/disk.h"

#define READ_ONLY "%s is mounted read-only: see dmesg for why, and mount it anew"

enum { MIB = 1 << 20, SECOND = 1000000, CLOCK_SECONDS = 60 };

bool
checkup_line(struct checkup *c, bool ok, const char *what, const char *format, ...)
{
    va_list args;

    printf("%s   %-11s ", ok ? "ok" : "!!", what);
    va_start(args, format);
    (void)vprintf(format, args);
    va_end(args);
    printf("\n");
    c->wrong += !ok;
    return ok;
}

bool
checkup_folder(struct checkup *c, const char *what, const char *path)
{
    struct stat st;

    if (stat(path, &st))
        return checkup_line(c, false, what, "%s: %s", path, strerror(errno));
    if (!S_ISDIR(st.st_mode))
        return checkup_line(c, false, what, "%s is no folder", path);
    if (st.st_mode & S_IWOTH)
        return checkup_line(c, false, what, "%s can be written by everybody: chmod o-w %s", path,
                            path);
    if (access(path, R_OK | W_OK | X_OK) && errno == EROFS)
        return checkup_line(c, false, what, READ_ONLY, path);
    if (access(path, R_OK | W_OK | X_OK))
        return checkup_line(c, false, what,
                            "%s can't be used by this user (%s): run the doctor as the service's "
                            "user, or give the folder to it by chown",
                            path, strerror(errno));
    return checkup_line(c, true, what, "%s, mode %04o", path, (unsigned)st.st_mode & 07777);
}

bool
checkup_disk(struct checkup *c, const char *path, int64_t least)
{
    struct disk disk;
    int rc = disk_look(path, &disk);

    if (rc)
        return checkup_line(c, false, "disk", "%s: %s", path, strerror(-rc));
    if (disk.read_only)
        return checkup_line(c, false, "disk", READ_ONLY, path);
    return checkup_line(c, disk.free >= least, "disk", "%" PRId64 " MiB free%s, %" PRId64 " needed",
                        disk.free / MIB, disk.free >= least ? "" : ": make room", least / MIB);
}

bool
checkup_clock(struct checkup *c, int64_t other, int64_t ours)
{
    int64_t off = (ours - other) / SECOND;
    int64_t seconds = off < 0 ? -off : off;

    return checkup_line(
        c, seconds <= CLOCK_SECONDS, "clock", "%" PRId64 " seconds %s the broker's%s", seconds,
        off < 0 ? "behind" : "ahead of",
        seconds <= CLOCK_SECONDS ? "" : ": have both hosts' clocks kept by NTP (timedatectl)");
}

int
checkup_end(const struct checkup *c)
{
    if (c->wrong == 0)
        printf("all is well\n");
    else
        printf("%d to see to\n", c->wrong);
    return c->wrong ? EXIT_REFUSED : EXIT_DONE;
}
