#include "agents/files/lines.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void
lines_init(struct lines *l, int fd)
{
    l->fd = fd;
    l->number = 0;
    l->begin = l->end = 0;
    l->skipping = l->ended = false;
}

ssize_t
lines_read(struct lines *l)
{
    ssize_t got;

    if (l->begin) {
        memmove(l->at, l->at + l->begin, l->end - l->begin);
        l->end -= l->begin;
        l->begin = 0;
    }
    if (l->end == sizeof l->at)
        return 0;
    do
        got = read(l->fd, l->at + l->end, sizeof l->at - l->end);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return -errno;
    l->end += (size_t)got;
    l->ended = got == 0;
    return got;
}

static struct text
take(struct lines *l, size_t len, size_t with_end)
{
    struct text line = {l->at + l->begin, (uint32_t)len};

    l->begin += with_end;
    return line;
}

/* A line without an end: too long, or the last. */
static enum lines_got
take_rest(struct lines *l, struct text *line)
{
    size_t left = l->end - l->begin;
    bool skipped = l->skipping;

    if (left < sizeof l->at && !l->ended)
        return LINES_NONE;
    if (left == 0)
        return LINES_NONE;
    *line = take(l, left, left);
    if (skipped)
        return LINES_NONE;
    l->number++;
    if (left < sizeof l->at)
        return LINES_CUT;
    l->skipping = true;
    return LINES_TOO_LONG;
}

enum lines_got
lines_next(struct lines *l, struct text *line)
{
    for (;;) {
        const char *from = l->at + l->begin;
        const char *end = memchr(from, '\n', l->end - l->begin);
        if (!end)
            return take_rest(l, line);
        size_t len = (size_t)(end - from);
        *line = take(l, len && from[len - 1] == '\r' ? len - 1 : len, len + 1);
        if (!l->skipping) {
            l->number++;
            return LINES_LINE;
        }
        l->skipping = false;
    }
}
