#include "tests/bench/agent_calls.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "schema/arena.h"
#include "schema/codec.h"
#include "schema/submission_line.h"
#include "schema/wire/frame.h"
#include "tests/bench/latency.h"
#include "tests/t.h"

enum { PATIENCE = 60000, HEARD = 64 * 1024, CALL_WINDOW = 256 };

static const char queued[] = "{\"queued\":";

struct call {
    int fd;
    int64_t said, heard;
    int64_t said_at[CALL_WINDOW];
    bool within; /* an answer whose end has not come */
};

/* --- what is said -------------------------------------------------------------------- */

void
call_lines_draw(struct call_lines *lines, struct updates *u)
{
    struct arena *arena = arena_new();
    uint8_t frame[PRODUCER_FRAME];

    for (unsigned i = 0; i < CALL_LINES; i++) {
        enum message_kind kind;
        union message m;
        union body body;
        struct fault fault;
        size_t len = updates_frame(u, 0, i + 1, frame);
        arena_reset(arena);
        CHECK(frame_decode(arena, frame, len, &kind, &m, &fault));
        CHECK(record_decode(arena, &progress_record, &body, m.submit.body.at, m.submit.body.len,
                            &fault));
        struct text json = submission_to_json(arena, KIND_PROGRESS, &body);
        CHECK(asprintf(&lines->at[i], "%.*s\n", (int)json.len, json.at) > 0);
        lines->len[i] = json.len + 1;
    }
    arena_destroy(&arena);
}

void
call_lines_free(struct call_lines *lines)
{
    for (unsigned i = 0; i < CALL_LINES; i++)
        free(lines->at[i]);
}

/* --- saying it ------------------------------------------------------------------------ */

static int
connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    CHECK(fd >= 0);
    CHECK_INT(0, connect(fd, (const struct sockaddr *)&address, sizeof address));
    return fd;
}

static void
say(int fd, const char *at, size_t len)
{
    CHECK_INT((int64_t)len, send(fd, at, len, MSG_NOSIGNAL));
}

struct calling {
    const struct calls *calls;
    struct call at[CALLS_MAX];
    int64_t said, heard;
    struct latency latency;
    bool over;
};

static void
fill_window(struct calling *c, struct call *one)
{
    const struct call_lines *lines = c->calls->lines;

    while (!c->over && c->said < c->calls->last && one->said - one->heard < c->calls->window) {
        int64_t line = c->said++ % CALL_LINES;
        one->said_at[one->said++ % CALL_WINDOW] = latency_now();
        say(one->fd, lines->at[line], lines->len[line]);
    }
}

/* Whatever came: an answer ends with its line, and begins as it must. */
static void
hear(struct calling *c, struct call *one)
{
    char heard[HEARD];
    ssize_t got = read(one->fd, heard, sizeof heard);
    int64_t now = latency_now();

    CHECK(got > 0);
    for (const char *at = heard; at < heard + got;) {
        size_t left = (size_t)(heard + got - at);
        const char *end = memchr(at, '\n', left);
        if (!one->within && left >= strlen(queued) && memcmp(at, queued, strlen(queued)) != 0)
            FAIL_WITH("the agent says %.*s", (int)(end ? end - at : (ssize_t)left), at);
        one->within = end == NULL;
        if (!end)
            return;
        latency_add(&c->latency, now - one->said_at[one->heard++ % CALL_WINDOW]);
        c->heard++;
        at = end + 1;
    }
}

static void
turn(struct calling *c)
{
    struct pollfd items[CALLS_MAX];
    unsigned count = c->calls->callers;

    for (unsigned i = 0; i < count; i++)
        items[i] = (struct pollfd){.fd = c->at[i].fd, .events = POLLIN};
    if (poll(items, count, PATIENCE) <= 0)
        FAIL_WITH("no answer in %d ms", PATIENCE);
    for (unsigned i = 0; i < count; i++)
        if (items[i].revents) {
            hear(c, &c->at[i]);
            fill_window(c, &c->at[i]);
        }
}

void
calls_work(const struct calls *calls, struct yield *out)
{
    struct calling *c = calloc(1, sizeof *c);

    CHECK(c && calls->callers <= CALLS_MAX && calls->window <= CALL_WINDOW);
    c->calls = calls;
    for (unsigned i = 0; i < calls->callers; i++)
        c->at[i].fd = connect_to(calls->socket);
    int64_t begun = latency_now();
    for (unsigned i = 0; i < calls->callers; i++)
        fill_window(c, &c->at[i]);
    while (c->heard < c->said || (!c->over && c->said < calls->last)) {
        turn(c);
        c->over = latency_now() - begun >= calls->last_ms * 1000;
    }
    *out = (struct yield){c->heard, latency_seconds_since(begun),
                          latency_quantile(&c->latency, 0.5), latency_quantile(&c->latency, 0.99)};
    for (unsigned i = 0; i < calls->callers; i++)
        (void)close(c->at[i].fd);
    free(c);
}

void
calls_settle(const char *socket, const struct call_lines *lines)
{
    char line[PRODUCER_FRAME];
    char answer[1024];
    size_t len = 0;
    ssize_t got = 1;
    int fd = connect_to(socket);

    len = (size_t)snprintf(line, sizeof line, "{\"wait\":true,%s", lines->at[0] + 1);
    say(fd, line, len);
    for (len = 0; !memchr(answer, '\n', len) && got > 0 && len < sizeof answer; len += (size_t)got)
        got = read(fd, answer + len, sizeof answer - len);
    CHECK(memmem(answer, len, "\"accepted\":", strlen("\"accepted\":")));
    (void)close(fd);
}
