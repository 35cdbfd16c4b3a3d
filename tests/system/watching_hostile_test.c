/* Those who ask a broker how it is without manners, while a client submits: the loop is
   not held up, and whoever asks properly is answered again. */
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "schema/wire/monitor.h"
#include "tests/scraped.h"
#include "tests/stage.h"
#include "tests/t.h"

#define SOCKET "board/status.sock"
enum { LONG_PATH = 64 * 1024, MANY = MONITOR_CONNECTIONS + 8 };

static int
knock(struct rig *r)
{
    const struct timeval patience = {.tv_sec = RIG_PATIENCE / 1000};
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    CHECK(fd >= 0);
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", rig_path(r, SOCKET));
    CHECK_INT(0, setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience));
    CHECK_INT(0, connect(fd, (const struct sockaddr *)&address, sizeof address));
    return fd;
}

/* What comes back until the connection is closed, which it must be; "" where that is all. */
static const char *
say_to_the_end(struct rig *r, const void *bytes, size_t len)
{
    int fd = knock(r);
    size_t heard = 0;
    ssize_t got;

    for (size_t at = 0; at < len;) {
        ssize_t put = send(fd, (const char *)bytes + at, len - at, MSG_NOSIGNAL);
        if (put <= 0)
            break; /* it does not listen to the end */
        at += (size_t)put;
    }
    (void)shutdown(fd, SHUT_WR);
    while ((got = recv(fd, r->output + heard, RIG_OUTPUT - 1 - heard, 0)) > 0)
        heard += (size_t)got;
    r->output[heard] = '\0';
    (void)close(fd);
    return r->output;
}

static const char *
said(struct rig *r, const char *request)
{
    return say_to_the_end(r, request, strlen(request));
}

static void
is_well(struct stage *s)
{
    caller_must(s->police, "{'kind': 'progress', 'action': 'da-2016/1.1', 'percent': 40, "
                           "'on': '2016-01-01'}");
    CHECK_INT(200, scraped_get(s->rig, SOCKET, "/health"));
    CHECK_INT(200, scraped_get(s->rig, SOCKET, "/metrics"));
    scraped_check(s->rig->output);
}

TEST(watching_hostile_requests_are_refused_and_cost_the_loop_nothing)
{
    struct stage s = stage_open(NULL);
    struct rig *r = s.rig;
    char *path = malloc(LONG_PATH + 64);

    CHECK(path);
    memset(path, 'a', LONG_PATH + 64);
    memcpy(path, "GET /", 5);
    memcpy(path + LONG_PATH, " HTTP/1.0\r\n\r\n", 14);
    const char *answer = say_to_the_end(r, path, LONG_PATH + 13);
    CHECK(!strstr(answer, " 200 "));
    is_well(&s);
    answer = say_to_the_end(r, path, LONG_PATH); /* and it never ends */
    CHECK(!strstr(answer, " 200 "));
    is_well(&s);
    free(path);

    CHECK(strstr(
        said(r, "POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\nabc"),
        " 405 "));
    CHECK(strstr(said(r, "DELETE /health HTTP/1.0\r\n\r\n"), " 405 "));
    CHECK(strstr(said(r, "GET /board.zpl HTTP/1.0\r\n\r\n"), " 404 "));
    CHECK(strstr(said(r, "GET /../board.zpl HTTP/1.0\r\n\r\n"), " 404 "));
    CHECK(strstr(said(r, "GET /metrics?x=/health HTTP/1.0\r\n\r\n"), "maat_broker_"));
    CHECK(!strstr(said(r, "\0\1\2\3"), " 200 "));
    CHECK(!strstr(said(r, "nonsense\r\n\r\n"), " 200 "));
    CHECK(!strstr(said(r, "GET /health"), " 200 "));
    is_well(&s);
    stage_end(&s);
}

/* More than are let in, each with half a request: those who come after wait until these
   are sent away for their silence. */
TEST(watching_hostile_connections_that_say_half_are_sent_away)
{
    struct stage s = stage_open(NULL);
    int fds[MANY];

    for (int i = 0; i < MANY; i++) {
        fds[i] = knock(s.rig);
        CHECK_INT(8, send(fds[i], "GET /met", 8, MSG_NOSIGNAL));
    }
    caller_must(s.police, "{'kind': 'progress', 'action': 'da-2016/1.1', 'percent': 30, "
                          "'on': '2016-01-01'}");
    is_well(&s);
    for (int i = 0; i < MANY; i++)
        (void)close(fds[i]);
    stage_end(&s);
}
