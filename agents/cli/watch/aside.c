#include "agents/cli/watch/aside.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agents/files/whole_file.h"

bool
watch_aside_path(const char *state_file, char out[CONFIG_PATH], struct fault *fault)
{
    char folder[CONFIG_PATH];

    if (!state_file && !config_state_folder(folder, fault))
        return false;
    int len = state_file ? snprintf(out, CONFIG_PATH, "%s.set-aside", state_file)
                         : snprintf(out, CONFIG_PATH, "%s/watch.set-aside", folder);
    return len < CONFIG_PATH
           || fault_set(fault, FAULT_FIELD_INVALID, "state", "its name is too long");
}

/* A line that was cut off stays one of its own. */
static int
append(int fd, const char *line, size_t len)
{
    struct stat st;
    char last = '\n';

    if (fstat(fd, &st) || (st.st_size > 0 && pread(fd, &last, 1, st.st_size - 1) != 1))
        return -errno;
    if (last != '\n' && write(fd, "\n", 1) != 1)
        return -errno;
    while (len) {
        ssize_t put = write(fd, line, len);
        if (put < 0 && errno != EINTR)
            return -errno;
        line += put > 0 ? put : 0;
        len -= put > 0 ? (size_t)put : 0;
    }
    return fsync(fd) ? -errno : 0;
}

int
watch_aside_put(const char *path, const char *line, size_t len)
{
    char folder[CONFIG_PATH];
    int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

    if (fd < 0)
        return -errno;
    int rc = append(fd, line, len);
    (void)close(fd);
    (void)snprintf(folder, sizeof folder, "%s", path);
    return rc ? rc : whole_file_sync_folder(dirname(folder));
}
