#include "schema/wire/monitor_ask.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "schema/json.h"

enum { THOUSAND = 1000, QUESTION = 256, STATUS_MS = 5000, OK = 200, TRIES = 3 };

static int
connect_to(const char *path, int ms)
{
    const struct timeval patience = {ms / THOUSAND, (long)(ms % THOUSAND) * THOUSAND};
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    if (strlen(path) >= sizeof address.sun_path)
        return -ENAMETOOLONG;
    memcpy(address.sun_path, path, strlen(path));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0
        && setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) == 0
        && connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    int rc = -errno;
    (void)close(fd);
    return rc;
}

/* As HTTP/1.0, so that the answer ends where the connection does. */
static int
say(int fd, const char *path)
{
    char question[QUESTION];
    int len =
        snprintf(question, sizeof question, "GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n", path);
    ssize_t put = send(fd, question, (size_t)len, MSG_NOSIGNAL);

    return put == len ? 0 : put < 0 ? -errno : -EPROTO;
}

static int
hear(int fd, struct arena *arena, struct text *heard)
{
    char *at = arena_take(arena, MONITOR_ASK_MOST + 1);
    size_t len = 0;
    ssize_t got;

    while ((got = recv(fd, at + len, MONITOR_ASK_MOST - len, 0)) > 0)
        len += (size_t)got;
    at[len] = '\0';
    *heard = (struct text){at, (uint32_t)len};
    return got < 0 ? -errno : 0;
}

bool
monitor_read_answer(struct text heard, unsigned *status, struct text *body)
{
    static const char end[] = "\r\n\r\n";
    enum { VERSION = sizeof "HTTP/1.x " - 1, DIGITS = 3 };
    const char *head = memmem(heard.at, heard.len, end, strlen(end));

    if (!head || head - heard.at < VERSION + DIGITS || memcmp(heard.at, "HTTP/1.", 7) != 0)
        return false;
    *status = 0;
    for (int i = 0; i < DIGITS; i++) {
        char digit = heard.at[VERSION + i];
        if (digit < '0' || digit > '9')
            return false;
        *status = *status * 10 + (unsigned)(digit - '0');
    }
    const char *content = head + strlen(end);
    *body = (struct text){content, heard.len - (uint32_t)(content - heard.at)};
    return true;
}

static int
ask_once(struct arena *arena, const char *socket, const char *path, int ms, struct text *heard)
{
    int fd = connect_to(socket, ms);

    *heard = text_of("");
    if (fd < 0)
        return fd;
    int rc = say(fd, path);
    if (rc == 0)
        rc = hear(fd, arena, heard);
    (void)close(fd);
    return rc;
}

/* On a host that is too busy to let us ask, a connection is taken for a silent one, and closed
   (MONITOR_IDLE). */
static bool
was_late(int rc, struct text heard)
{
    return rc == -EPIPE || rc == -ECONNRESET || (rc == 0 && heard.len == 0);
}

int
monitor_ask(struct arena *arena, const char *socket, const char *path, int ms, unsigned *status,
            struct text *body)
{
    struct text heard;
    int rc = ask_once(arena, socket, path, ms, &heard);

    for (int tries = 1; was_late(rc, heard) && tries < TRIES; tries++)
        rc = ask_once(arena, socket, path, ms, &heard);
    if (rc)
        return rc;
    return monitor_read_answer(heard, status, body) ? 0 : -EPROTO;
}

static int
nobody_answers(const struct monitor_asked *asked, int rc, struct why *why)
{
    switch (rc) {
    case -ENOENT:
    case -ECONNREFUSED: return why_set(why, rc, "%s", asked->absent);
    case -EACCES:
        return why_set(why, rc, "%s: this user may not ask: do it as the %s's user, or as root",
                       asked->socket, asked->name);
    case -EAGAIN:
        return why_set(why, rc, "%s: the %s does not answer: if that goes on, restart it",
                       asked->socket, asked->name);
    default: return why_set(why, rc, "%s: %s", asked->socket, strerror(-rc));
    }
}

int
monitor_ask_status(struct arena *arena, const struct monitor_asked *asked,
                   const struct record *record, void *out, struct why *why)
{
    struct fault fault;
    struct text body;
    unsigned status;
    int rc = monitor_ask(arena, asked->socket, "/status", STATUS_MS, &status, &body);

    if (rc)
        return nobody_answers(asked, rc, why);
    if (status != OK)
        return why_set(why, -EAGAIN, "%s: %.*s: if that goes on, restart it", asked->socket,
                       (int)strcspn(body.at, "\n"), body.at);
    return record_from_json(arena, record, out, body.at, body.len, &fault)
               ? 0
               : why_set(why, -EPROTO, "%s: what answers is no %s of this version: restart it",
                         asked->socket, asked->name);
}
