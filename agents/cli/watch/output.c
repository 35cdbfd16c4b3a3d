#include "agents/cli/watch/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/must.h"

enum { TAIL = 1024 * 1024, CHUNK_OF_FILE = 64 * 1024 };

/* --- what an earlier run wrote ------------------------------------------------------------ */

/* The number that a line begins with, as written for people or as JSON; 0: none. */
static int64_t
number_of_line(const char *line, const char *end)
{
    static const char json[] = "{\"number\":";
    int64_t number = 0;

    if ((size_t)(end - line) > sizeof json && memcmp(line, json, sizeof json - 1) == 0)
        line += sizeof json - 1;
    while (line < end && *line == ' ')
        line++;
    for (; line < end && *line >= '0' && *line <= '9' && number < INT64_MAX / 10 - 1; line++)
        number = 10 * number + (*line - '0');
    return number;
}

/* Of the last line with a number, which the end of the last whole line follows. */
static int64_t
last_number(const char *tail, const char *end)
{
    while (end > tail) {
        const char *line = end - 1; /* its end is no line's begin */
        while (line > tail && line[-1] != '\n')
            line--;
        int64_t number = number_of_line(line, end);
        if (number)
            return number;
        end = line;
    }
    return 0;
}

/* A line that was cut off is taken away; the whole ones after what the state covers say
   how far the earlier run came. 0: it noted all that it wrote. */
static int64_t
number_in_tail(int fd, int64_t from, int64_t size)
{
    int64_t begin = size - from > TAIL ? size - TAIL : from;
    char *tail = must(malloc((size_t)(size - begin)));
    int64_t number = 0;

    ssize_t got = pread(fd, tail, (size_t)(size - begin), begin);
    const char *end = got > 0 ? memrchr(tail, '\n', (size_t)got) : NULL;
    const int64_t whole = end ? begin + (end + 1 - tail) : from;
    if (got == size - begin && (end || begin == from)) {
        number = end ? last_number(tail, end + 1) : 0;
        if (whole < size && ftruncate(STDOUT_FILENO, whole))
            number = 0; /* it stays, and what it was part of is written once more */
    }
    free(tail);
    return number;
}

void
watch_output_begin(struct watch_output *o, struct watch_state *s)
{
    struct stat st;

    *o = (struct watch_output){0};
    if (!s->path[0] || fstat(STDOUT_FILENO, &st) || !S_ISREG(st.st_mode))
        return;
    o->is_file = true;
    if (!s->resumes || !s->kept.has.size || s->kept.device != (int64_t)st.st_dev
        || s->kept.inode != (int64_t)st.st_ino || st.st_size <= s->kept.size)
        return;
    int fd = open("/proc/self/fd/1", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    int64_t number = number_in_tail(fd, s->kept.size, st.st_size);
    (void)close(fd);
    if (number > s->kept.upto)
        watch_state_upto(s, number);
    (void)lseek(STDOUT_FILENO, 0, SEEK_END);
}

/* --- writing ------------------------------------------------------------------------------- */

/* So much goes into a pipe at once where poll says that something does. */
static bool
takes(size_t *most)
{
    struct pollfd out = {STDOUT_FILENO, POLLOUT, 0};

    *most = PIPE_BUF;
    return poll(&out, 1, 0) == 1;
}

int
watch_output_write(struct watch_output *o, const char *text, size_t len)
{
    size_t most = CHUNK_OF_FILE;

    while (o->written < len) {
        if (!o->is_file && !takes(&most))
            return 0;
        size_t left = len - o->written;
        ssize_t put = write(STDOUT_FILENO, text + o->written, left < most ? left : most);
        if (put < 0 && errno == EAGAIN)
            return 0;
        if (put < 0 && errno != EINTR)
            return -errno;
        o->written += put > 0 ? (size_t)put : 0;
    }
    o->written = 0;
    return 1;
}

int
watch_output_settle(struct watch_output *o, struct watch_state *s)
{
    struct stat st;

    if (!o->is_file || !s->moved)
        return 0;
    if (fdatasync(STDOUT_FILENO) || fstat(STDOUT_FILENO, &st))
        return -errno;
    watch_state_output(s, (int64_t)st.st_dev, (int64_t)st.st_ino, st.st_size);
    return 0;
}

struct pollfd
watch_output_item(const struct watch_output *o, bool waits)
{
    (void)o;
    return (struct pollfd){.fd = STDOUT_FILENO, .events = waits ? POLLOUT : 0};
}

void
watch_output_polled(struct watch_output *o, const struct pollfd *item)
{
    o->broken = o->broken || (item->revents & (POLLERR | POLLHUP));
}
