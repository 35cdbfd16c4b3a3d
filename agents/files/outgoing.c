#include "agents/files/outgoing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "schema/must.h"

void
outgoing_put(struct outgoing *o, const char *bytes, size_t len)
{
    if (o->from == o->len)
        o->from = o->len = 0;
    if (o->len + len > o->cap) {
        o->cap = 2 * (o->len + len);
        o->at = must(realloc(o->at, o->cap));
    }
    memcpy(o->at + o->len, bytes, len);
    o->len += len;
}

int
outgoing_flush(struct outgoing *o, int fd)
{
    while (o->from < o->len) {
        ssize_t put = send(fd, o->at + o->from, o->len - o->from, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (put < 0)
            return errno == EAGAIN || errno == EINTR ? 0 : -errno;
        o->from += (size_t)put;
    }
    return 0;
}

size_t
outgoing_left(const struct outgoing *o)
{
    return o->len - o->from;
}

void
outgoing_clear(struct outgoing *o)
{
    o->from = o->len = 0;
}

void
outgoing_free(struct outgoing *o)
{
    free(o->at);
    *o = (struct outgoing){0};
}
