/* A program's monitor: what its loop shows, and what becomes of those who ask where it
   shows nothing. */
#include "schema/wire/monitor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "broker/events.h"
#include "schema/local.h"
#include "schema/wire/listening.h"
#include "schema/wire/monitor_ask.h"
#include "tests/scratch.h"
#include "tests/t.h"

enum { PATIENCE = 60000 };

struct shown {
    int64_t count, looked;
};

static const struct metric list[] = {
    {"a_count", "A count.", METRIC_GAUGE, .offset = offsetof(struct shown, count)},
    {"a_look", "A look.", METRIC_GAUGE, .offset = offsetof(struct shown, looked)},
};
static const struct metrics metrics = {list, 2};

static void
look(void *context, void *seen)
{
    struct shown *s = seen;

    (void)context;
    s->looked = 2 * s->count;
}

static const char *
trouble_of(const void *seen)
{
    const struct shown *s = seen;
    return s->count > 100 ? "too many" : NULL;
}

static struct text
tell_status(void *context, struct arena *arena, const void *seen)
{
    (void)context;
    (void)arena;
    (void)seen;
    return text_of("{}");
}

static char logged[LOG_LINE + 1];

static void
keep_log(struct log_line *line)
{
    struct text whole = log_line_text(line, logged);
    logged[whole.len] = '\0';
}

static const struct monitor_source source = {.size = sizeof(struct shown),
                                             .metrics = &metrics,
                                             .look = look,
                                             .trouble = trouble_of,
                                             .silent = "stuck",
                                             .status = tell_status,
                                             .watched = &broker_events[BROKER_WATCHED],
                                             .not_watched = &broker_events[BROKER_NOT_WATCHED],
                                             .log = keep_log};

struct room {
    struct scratch scratch;
    struct monitor *monitor;
    char socket[300];
    struct arena *arena;
    struct text body;
    pthread_t loop;
    _Atomic int64_t count; /* what the loop has to show */
    _Atomic bool over;
};

static void
open_room(struct room *r)
{
    struct why why;

    *r = (struct room){.arena = arena_new()};
    logged[0] = '\0';
    scratch_make(&r->scratch);
    (void)snprintf(r->socket, sizeof r->socket, "%s", scratch_file(&r->scratch, "status.sock"));
    const struct monitor_place place = {.socket = r->socket};
    CHECK_INT(0, monitor_start(&r->monitor, &source, &place, &why));
    CHECK_STR("", logged);
}

static void
close_room(struct room *r)
{
    monitor_stop(&r->monitor);
    CHECK_INT(-ENOENT, access(r->socket, F_OK) ? -errno : 0);
    scratch_remove(&r->scratch);
    arena_destroy(&r->arena);
}

static int
get(struct room *r, const char *path)
{
    unsigned status = 0;

    CHECK_INT(0, monitor_ask(r->arena, r->socket, path, PATIENCE, &status, &r->body));
    return (int)status;
}

/* A program's loop, as far as its monitor is concerned. */
static void *
turn(void *context)
{
    enum { TICK = 20 };
    struct room *r = context;
    struct pollfd fd = {.fd = monitor_fd(r->monitor), .events = POLLIN};

    while (!r->over) {
        (void)poll(&fd, 1, TICK);
        const struct shown shown = {.count = r->count};
        if (monitor_is_asked(r->monitor))
            monitor_show(r->monitor, &shown);
    }
    return NULL;
}

TEST(monitor_tells_what_the_loop_shows)
{
    struct room r;

    open_room(&r);
    r.count = 7;
    CHECK_INT(0, pthread_create(&r.loop, NULL, turn, &r));
    CHECK_INT(200, get(&r, "/metrics"));
    CHECK(strstr(r.body.at, "\na_count 7\n") && strstr(r.body.at, "\na_look 14\n"));
    CHECK_INT(200, get(&r, "/health"));
    CHECK_STR("well\n", r.body.at);
    CHECK_INT(200, get(&r, "/status"));
    CHECK_STR("{}", r.body.at);
    CHECK_INT(404, get(&r, "/"));
    r.count = 101;
    while (get(&r, "/health") == 200) { /* as it was shown a moment ago */
    }
    CHECK_STR("too many\n", r.body.at);
    CHECK_INT(200, get(&r, "/metrics"));
    r.over = true;
    CHECK_INT(0, pthread_join(r.loop, NULL));
    close_room(&r);
}

/* Each is told, soon, and all is well again as soon as the loop is. */
TEST(monitor_of_a_loop_that_is_stuck_says_so)
{
    struct room r;

    open_room(&r);
    CHECK_INT(503, get(&r, "/health"));
    CHECK_STR("stuck\n", r.body.at);
    CHECK_INT(503, get(&r, "/metrics"));
    CHECK_INT(503, get(&r, "/status"));
    CHECK_INT(0, pthread_create(&r.loop, NULL, turn, &r));
    while (get(&r, "/health") != 200) { /* it is at it */
    }
    r.over = true;
    CHECK_INT(0, pthread_join(r.loop, NULL));
    close_room(&r);
}

static void
asks_in_vain(struct room *r, int rc, const char *what_to_do)
{
    const struct monitor_asked asked = {r->socket, "agent", "no agent: start it"};
    struct agent_status status;
    struct why why;

    CHECK_INT(rc, monitor_ask_status(r->arena, &asked, &agent_status_record, &status, &why));
    if (!strstr(why.text, what_to_do))
        FAIL_WITH("%s", why.text);
}

TEST(monitor_that_tells_no_status_has_a_person_told_what_to_do)
{
    struct room r;

    open_room(&r);
    asks_in_vain(&r, -EAGAIN, "status.sock: stuck: if that goes on, restart it");
    CHECK_INT(0, pthread_create(&r.loop, NULL, turn, &r));
    while (get(&r, "/health") != 200) { /* it is at it */
    }
    asks_in_vain(&r, -EPROTO, "no agent of this version: restart it");
    r.over = true;
    CHECK_INT(0, pthread_join(r.loop, NULL));
    monitor_stop(&r.monitor);
    asks_in_vain(&r, -ENOENT, "no agent: start it");
    close_room(&r);
}

/* Ends while somebody waits for a loop that shows nothing. */
static void *
ask_in_vain(void *context)
{
    struct room *r = context;
    struct arena *arena = arena_new();
    struct text body;
    unsigned status;

    (void)monitor_ask(arena, r->socket, "/health", PATIENCE, &status, &body);
    arena_destroy(&arena);
    return NULL;
}

TEST(monitor_ends_while_somebody_asks)
{
    struct room r;
    struct pollfd fd;

    open_room(&r);
    CHECK_INT(0, pthread_create(&r.loop, NULL, ask_in_vain, &r));
    fd = (struct pollfd){.fd = monitor_fd(r.monitor), .events = POLLIN};
    CHECK_INT(1, poll(&fd, 1, PATIENCE));
    close_room(&r);
    CHECK_INT(0, pthread_join(r.loop, NULL));
}

/* --- who asks -------------------------------------------------------------------------------- */

struct door {
    int listening, closes; /* to so many that come, unheard */
};

static void *
close_to_some(void *context)
{
    static const char answer[] = "HTTP/1.0 200 OK\r\n\r\nwell\n";
    struct door *d = context;
    char question[1000];
    int fd;

    while ((fd = accept(d->listening, NULL, NULL)) >= 0) {
        bool opens = d->closes-- == 0;
        ssize_t passed = opens ? read(fd, question, sizeof question) : 0;
        if (passed > 0)
            passed = write(fd, answer, strlen(answer)); /* who does not hear it says so */
        (void)close(fd);
    }
    return NULL;
}

static int
ask_at_door(int closes, struct arena *arena, unsigned *status)
{
    struct door door = {.closes = closes};
    struct scratch scratch;
    struct text body;
    char path[300];
    struct why why;
    pthread_t keeper;

    scratch_make(&scratch);
    (void)snprintf(path, sizeof path, "%s", scratch_file(&scratch, "door.sock"));
    CHECK((door.listening = listening_unix(path, &why)) >= 0);
    CHECK_INT(0, fcntl(door.listening, F_SETFL, 0));
    CHECK_INT(0, pthread_create(&keeper, NULL, close_to_some, &door));
    int rc = monitor_ask(arena, path, "/health", PATIENCE, status, &body);
    (void)shutdown(door.listening, SHUT_RDWR);
    CHECK_INT(0, pthread_join(keeper, NULL));
    (void)close(door.listening);
    scratch_remove(&scratch);
    return rc;
}

/* As one is that comes when a host is so busy that it is taken for one who says nothing. */
TEST(monitor_is_asked_again_where_it_closes_before_it_is_asked)
{
    struct arena *arena = arena_new();
    unsigned status = 0;

    CHECK_INT(0, ask_at_door(2, arena, &status));
    CHECK_INT(200, status);
    CHECK(ask_at_door(3, arena, &status) < 0);
    arena_destroy(&arena);
}

/* --- where it is asked -------------------------------------------------------------------- */

TEST(monitor_takes_the_place_of_a_dead_one_only)
{
    struct room r;
    struct monitor *other;
    struct why why;

    open_room(&r);
    const struct monitor_place place = {.socket = r.socket};
    CHECK_INT(0, monitor_start(&other, &source, &place, &why));
    CHECK(strstr(logged, "event=not-watched") && strstr(logged, "another process listens there"));
    monitor_stop(&other);
    CHECK_INT(0, access(r.socket, F_OK));
    close_room(&r);
}

TEST(listening_at_a_port_is_for_this_host)
{
    static const struct {
        const char *address;
        bool open;
        int rc;
        const char *why;
    } rows[] = {
        {"tcp://127.0.0.1:*", false, 0, "tcp://127.0.0.1:"},
        {"tcp://localhost:0", false, 0, ":"},
        {"tcp://0.0.0.0:*", false, -EACCES, "metrics-open"},
        {"tcp://0.0.0.0:*", true, 0, "tcp://0.0.0.0:"},
        {"tcp://127.0.0.1", false, -EINVAL, "write tcp://127.0.0.1:PORT"},
        {"tcp://127.0.0.1:", false, -EINVAL, "write tcp"},
        {"tcp://127.0.0.1:70000", false, -EINVAL, ""},
        {"tcp://127.0.0.1:12a", false, -EINVAL, "write tcp"},
        {"tcp://:9", false, -EINVAL, "write tcp"},
        {"tcp://[]:9", false, -EINVAL, "write tcp"},
        {"tcp://[:9", false, -EINVAL, ""},
        {"http://127.0.0.1:9", false, -EINVAL, "write tcp"},
        {"tcp:", false, -EINVAL, "write tcp"},
        {"", false, -EINVAL, "write tcp"},
        {"9570", false, -EINVAL, "write tcp"},
        {"tcp://nowhere.invalid:9", false, -EINVAL, "is not found"},
    };
    char bound[LISTENING_BOUND];
    struct why why;

    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        int fd = listening_tcp(rows[i].address, rows[i].open, bound, &why);
        if (fd >= 0)
            (void)close(fd);
        if ((fd >= 0 ? 0 : fd) != rows[i].rc)
            FAIL_WITH("%s: %d, %s", rows[i].address, fd, why.text);
        CHECK(strstr(fd >= 0 ? bound : why.text, rows[i].why));
    }
}

/* --- what is heard ------------------------------------------------------------------------ */

TEST(monitor_answers_are_whole_or_none)
{
    static const struct {
        const char *heard;
        int status;
        const char *body;
    } rows[] = {
        {"HTTP/1.1 200 OK\r\nA: b\r\n\r\nwell", 200, "well"},
        {"HTTP/1.0 503 Service Unavailable\r\n\r\n", 503, ""},
        {"HTTP/1.1 200 OK\r\nA: b\r\n", 0, ""},
        {"HTTP/1.1 20", 0, ""},
        {"HTTP/1.1 2x0 OK\r\n\r\n", 0, ""},
        {"SSH-2.0-OpenSSH\r\n\r\n", 0, ""},
        {"\r\n\r\n", 0, ""},
        {"", 0, ""},
    };

    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct text body = text_of("");
        unsigned status = 0;
        bool ok = monitor_read_answer(text_of(rows[i].heard), &status, &body);
        CHECK_INT(rows[i].status != 0, ok);
        if (ok) {
            CHECK_INT(rows[i].status, status);
            CHECK_STR(rows[i].body, body.at);
        }
    }
}
