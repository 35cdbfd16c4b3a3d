#include "schema/wire/monitor.h"

#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { ENDS = 2, PATH = 108, MS = 1000000, THOUSAND = 1000 };

struct monitor {
    struct monitor_source source;
    struct MHD_Daemon *ends[ENDS];
    unsigned end_count;
    char path[PATH];
    int fd; /* an eventfd: somebody asks */

    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t changed;
    bool stopping;
    bool asked;           /* and not shown yet, */
    int64_t asked_at;     /* since when; ms that never go back */
    int64_t shown_at;     /* 0: never */
    unsigned char seen[]; /* source.size bytes */
};

static int64_t
clock_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * THOUSAND + t.tv_nsec / MS;
}

/* --- the loop, and who asks it ---------------------------------------------------------- */

static void
wait_until(struct monitor *w, int64_t ms)
{
    const struct timespec until = {.tv_sec = ms / THOUSAND, .tv_nsec = ms % THOUSAND * MS};

    (void)pthread_cond_timedwait(&w->changed, &w->lock, &until);
}

/* Who asks while another does waits no longer than that one: a loop that is stuck costs
   each who asks a moment. */
static bool
ask(struct monitor *w, void *seen)
{
    const uint64_t one = 1;

    pthread_mutex_lock(&w->lock);
    int64_t now = clock_ms();
    bool fresh = w->shown_at && now - w->shown_at < MONITOR_FRESH;
    if (!fresh && !w->asked) {
        w->asked = true;
        w->asked_at = now;
        ssize_t written = write(w->fd, &one, sizeof one);
        (void)written; /* the count is far from its end */
    }
    while (!fresh && w->asked && !w->stopping && clock_ms() < w->asked_at + MONITOR_PATIENCE)
        wait_until(w, w->asked_at + MONITOR_PATIENCE);
    fresh = fresh || !w->asked;
    if (fresh)
        memcpy(seen, w->seen, w->source.size);
    pthread_mutex_unlock(&w->lock);
    return fresh;
}

int
monitor_fd(const struct monitor *w)
{
    return w->fd;
}

bool
monitor_is_asked(struct monitor *w)
{
    uint64_t count;

    return read(w->fd, &count, sizeof count) == sizeof count;
}

void
monitor_show(struct monitor *w, const void *seen)
{
    pthread_mutex_lock(&w->lock);
    memcpy(w->seen, seen, w->source.size);
    w->shown_at = clock_ms();
    w->asked = false;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
}

/* --- HTTP --------------------------------------------------------------------------------- */

static enum MHD_Result
reply(struct MHD_Connection *c, const struct monitor_answer *answer)
{
    /* It is copied, and not written to: the type lacks a const. */
    void *body = (void *)(uintptr_t)answer->body.at;
    struct MHD_Response *r =
        MHD_create_response_from_buffer(answer->body.len, body, MHD_RESPMEM_MUST_COPY);

    if (!r)
        return MHD_NO;
    (void)MHD_add_response_header(r, "Content-Type", answer->type);
    (void)MHD_add_response_header(r, "Cache-Control", "no-store");
    enum MHD_Result rc = MHD_queue_response(c, answer->status, r);
    MHD_destroy_response(r);
    return rc;
}

static enum MHD_Result
reply_plain(struct MHD_Connection *c, unsigned status, const char *text)
{
    const struct monitor_answer answer = {status, "text/plain; charset=utf-8", text_of(text)};
    return reply(c, &answer);
}

static bool
get(struct monitor *w, struct arena *arena, const char *path, struct monitor_answer *out)
{
    void *seen = arena_take(arena, w->source.size);
    bool shown = ask(w, seen);

    return w->source.answer(w->source.context, arena, path, shown ? seen : NULL, out);
}

/* Answered as soon as its head is there: what else a request may bring is not read. */
static enum MHD_Result
take(void *context, struct MHD_Connection *c, const char *path, const char *method,
     const char *version, const char *upload, size_t *upload_len, void **memory)
{
    struct monitor_answer answer;

    (void)version;
    (void)upload;
    (void)upload_len;
    (void)memory;
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return reply_plain(c, MHD_HTTP_METHOD_NOT_ALLOWED, "GET is all that is answered here\n");
    struct arena *arena = arena_new();
    enum MHD_Result rc =
        get(context, arena, path, &answer)
            ? reply(c, &answer)
            : reply_plain(c, MHD_HTTP_NOT_FOUND, "here are /metrics, /health and /status\n");
    arena_destroy(&arena);
    return rc;
}

static int
serve(struct monitor *w, int listening)
{
    struct MHD_Daemon *end = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, take, w, MHD_OPTION_LISTEN_SOCKET, listening,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)MONITOR_CONNECTIONS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MONITOR_REQUEST, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)MONITOR_IDLE, MHD_OPTION_END);

    if (!end) {
        (void)close(listening);
        return -EIO;
    }
    w->ends[w->end_count++] = end;
    return 0;
}

int
monitor_at_path(struct monitor *w, const char *path, char why[LISTENING_WHY])
{
    int fd = listening_unix(path, why);

    if (fd < 0)
        return fd;
    (void)snprintf(w->path, sizeof w->path, "%s", path);
    int rc = serve(w, fd);
    if (rc)
        (void)snprintf(why, LISTENING_WHY, "socket %s: no thread can be started for it", path);
    return rc;
}

int
monitor_at_port(struct monitor *w, const char *address, bool open, char bound[LISTENING_BOUND],
                char why[LISTENING_WHY])
{
    int fd = listening_tcp(address, open, bound, why);

    if (fd < 0)
        return fd;
    int rc = serve(w, fd);
    if (rc)
        (void)snprintf(why, LISTENING_WHY, "%s: no thread can be started for it", address);
    return rc;
}

/* --- beginning and end ------------------------------------------------------------------- */

int
monitor_start(struct monitor **out, const struct monitor_source *source)
{
    struct monitor *w = calloc(1, sizeof *w + source->size);
    pthread_condattr_t steady;

    *out = NULL;
    if (!w)
        abort();
    w->source = *source;
    if ((w->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) < 0) {
        int rc = -errno;
        free(w);
        return rc;
    }
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&w->changed, &steady);
    pthread_condattr_destroy(&steady);
    *out = w;
    return 0;
}

void
monitor_stop(struct monitor **out)
{
    struct monitor *w = *out;

    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
    for (unsigned i = 0; i < w->end_count; i++)
        MHD_stop_daemon(w->ends[i]);
    if (*w->path)
        (void)unlink(w->path);
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
    (void)close(w->fd);
    free(w);
    *out = NULL;
}
