#include "schema/wire/disk.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

int
disk_look(const char *path, struct disk *out)
{
    struct statvfs fs;

    *out = (struct disk){0};
    if (statvfs(path, &fs))
        return -errno;
    *out = (struct disk){.free = (int64_t)(fs.f_bavail * fs.f_frsize),
                         .read_only = fs.f_flag & ST_RDONLY};
    return 0;
}

int64_t
disk_file_bytes(const char *folder, const char *file)
{
    char path[PATH_MAX];
    struct stat st;

    (void)snprintf(path, sizeof path, "%s/%s", folder, file);
    return stat(path, &st) ? 0 : st.st_size;
}
