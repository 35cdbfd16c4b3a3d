#include "tests/watchman.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/rig.h"
#include "tests/t.h"

void
watchman_open(struct watchman *w, const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};

    CHECK(strlen(path) < sizeof at.sun_path);
    strcpy(at.sun_path, path); /* NOLINT: it fits */
    w->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    CHECK_INT(0, bind(w->fd, (const struct sockaddr *)&at, sizeof at));
    (void)snprintf(w->environment, sizeof w->environment, "NOTIFY_SOCKET=%s", path);
    w->heard[0] = '\0';
}

void
watchman_close(struct watchman *w)
{
    close(w->fd);
}

/* Adds a message: is there one? Its own lines become one, parted by blanks. */
static bool
hear(struct watchman *w)
{
    size_t len = strlen(w->heard);
    ssize_t got = recv(w->fd, w->heard + len, WATCHMAN_HEARD - len - 2, MSG_DONTWAIT);

    if (got < 0) {
        CHECK_INT(EAGAIN, errno);
        return false;
    }
    for (ssize_t i = 0; i < got; i++)
        if (w->heard[len + (size_t)i] == '\n')
            w->heard[len + (size_t)i] = ' ';
    strcpy(w->heard + len + (size_t)got, "\n"); /* NOLINT: there is room */
    return true;
}

void
watchman_await(struct watchman *w, const char *text)
{
    int64_t until = rig_now() + RIG_PATIENCE;

    w->heard[0] = '\0';
    while (!strstr(w->heard, text)) {
        struct pollfd item = {w->fd, POLLIN, 0};
        int64_t left = until - rig_now();
        if (left <= 0 || poll(&item, 1, (int)left) == 0)
            FAIL_WITH("never told: %s, but\n%s", text, w->heard);
        (void)hear(w);
    }
}

const char *
watchman_look(struct watchman *w)
{
    w->heard[0] = '\0';
    while (hear(w))
        ;
    return w->heard;
}
