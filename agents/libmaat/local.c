#include "agents/libmaat/local.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "agents/files/lines.h"
#include "schema/json.h"
#include "schema/must.h"

struct local {
    int fd;
    struct lines lines;
};

static int
no_agent(const char *path, int error, char why[LOCAL_WHY])
{
    const char *hint = error == EACCES ? "this user may not use it: see socket-group"
                                       : "is maat-agent running, and is this its socket?";
    (void)snprintf(why, LOCAL_WHY, "%.150s: %s: %s", path, strerror(error), hint);
    return -error;
}

int
local_open(struct local **out, const char *path, char why[LOCAL_WHY])
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    *out = NULL;
    if (strlen(path) >= sizeof address.sun_path)
        return no_agent(path, ENAMETOOLONG, why);
    memcpy(address.sun_path, path, strlen(path));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return no_agent(path, errno, why);
    if (connect(fd, (const struct sockaddr *)&address, sizeof address)) {
        int error = errno;
        (void)close(fd);
        return no_agent(path, error, why);
    }
    struct local *l = must(malloc(sizeof *l));
    l->fd = fd;
    lines_init(&l->lines, fd);
    *out = l;
    return 0;
}

void
local_close(struct local **l)
{
    if (*l) {
        (void)close((*l)->fd);
        free(*l);
    }
    *l = NULL;
}

void
local_patience(struct local *l, int ms)
{
    const struct timeval patience = {ms / 1000, ms % 1000 * 1000L};

    (void)setsockopt(l->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

static int
send_all(int fd, const char *at, size_t len)
{
    while (len) {
        ssize_t put = send(fd, at, len, MSG_NOSIGNAL);
        if (put < 0 && errno != EINTR)
            return -errno;
        at += put > 0 ? put : 0;
        len -= put > 0 ? (size_t)put : 0;
    }
    return 0;
}

int
local_say(struct local *l, struct text line)
{
    int rc = send_all(l->fd, line.at, line.len);
    return rc ? rc : send_all(l->fd, "\n", 1);
}

int
local_hear_line(struct local *l, struct text *line)
{
    while (lines_next(&l->lines, line) != LINES_LINE) {
        ssize_t got = lines_read(&l->lines);
        if (got <= 0)
            return got ? (int)got : -ECONNRESET;
    }
    return 0;
}

int
local_hear(struct local *l, struct arena *arena, struct answer *out)
{
    struct fault fault;
    struct text line;
    int rc = local_hear_line(l, &line);

    if (rc)
        return rc;
    /* The record points into the arena alone: the line's memory is used again. */
    return record_from_json(arena, &answer_record, out, line.at, line.len, &fault) ? 0 : -EPROTO;
}
