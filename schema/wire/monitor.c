#include "schema/wire/monitor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "schema/must.h"
#include "schema/wire/host_clock.h"
#include "schema/wire/listening.h"
#include "schema/wire/monitor_inside.h"

enum { MS = 1000000, THOUSAND = 1000, ADDRESS = 300 };

static int64_t
clock_ms(void)
{
    return clock_microseconds(CLOCK_MONOTONIC) / THOUSAND;
}

/* --- the loop, and who asks it ---------------------------------------------------------- */

static void
wait_until(struct monitor *m, int64_t ms)
{
    const struct timespec until = {.tv_sec = ms / THOUSAND, .tv_nsec = ms % THOUSAND * MS};

    (void)pthread_cond_timedwait(&m->changed, &m->lock, &until);
}

/* Who asks while another does waits no longer than that one: a loop that is stuck costs
   each who asks a moment. */
bool
monitor_see(struct monitor *m, void *seen)
{
    const uint64_t one = 1;

    pthread_mutex_lock(&m->lock);
    int64_t now = clock_ms();
    bool fresh = m->shown_at && now - m->shown_at < MONITOR_FRESH;
    if (!fresh && !m->asked) {
        m->asked = true;
        m->asked_at = now;
        ssize_t written = write(m->fd, &one, sizeof one);
        (void)written; /* the count is far from its end */
    }
    while (!fresh && m->asked && !m->stopping && clock_ms() < m->asked_at + MONITOR_PATIENCE)
        wait_until(m, m->asked_at + MONITOR_PATIENCE);
    fresh = fresh || !m->asked;
    if (fresh)
        memcpy(seen, m->seen, m->source.size);
    pthread_mutex_unlock(&m->lock);
    return fresh;
}

int
monitor_fd(const struct monitor *m)
{
    return m->fd;
}

bool
monitor_is_asked(struct monitor *m)
{
    uint64_t count;

    return read(m->fd, &count, sizeof count) == sizeof count;
}

void
monitor_show(struct monitor *m, const void *seen)
{
    pthread_mutex_lock(&m->lock);
    memcpy(m->seen, seen, m->source.size);
    m->shown_at = clock_ms();
    m->asked = false;
    pthread_cond_broadcast(&m->changed);
    pthread_mutex_unlock(&m->lock);
}

/* --- where it is asked ------------------------------------------------------------------- */

static void
log_place(const struct monitor *m, const struct log_event *event, const char *key,
          const char *value)
{
    struct log_line line = log_line_of(event);

    log_word(&line, key, value);
    m->source.log(&line);
}

static void
open_socket(struct monitor *m, const char *path)
{
    struct why why = {"no thread can be started for it"};
    int fd = listening_unix(path, &why);

    if (fd >= 0)
        (void)snprintf(m->path, sizeof m->path, "%s", path);
    if (fd < 0 || monitor_serve(m, fd))
        log_place(m, m->source.not_watched, "reason", why.text);
}

static int
open_port(struct monitor *m, const struct monitor_place *place, struct why *why)
{
    char address[ADDRESS], bound[LISTENING_BOUND];
    struct why found;

    (void)snprintf(address, sizeof address, "%.*s", (int)place->address.len, place->address.at);
    int fd = listening_tcp(address, place->open, bound, &found);
    if (fd < 0)
        return why_set(why, fd, "metrics: %s", found.text);
    int rc = monitor_serve(m, fd);
    if (rc)
        return why_set(why, rc, "metrics: %.200s: no thread can be started for it", address);
    log_place(m, m->source.watched, "address", bound);
    return 0;
}

/* --- beginning and end ------------------------------------------------------------------- */

static void
init_lock(struct monitor *m)
{
    pthread_condattr_t steady;

    pthread_mutex_init(&m->lock, NULL);
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&m->changed, &steady);
    pthread_condattr_destroy(&steady);
}

int
monitor_start(struct monitor **out, const struct monitor_source *source,
              const struct monitor_place *place, struct why *why)
{
    struct monitor *m = must(calloc(1, sizeof *m + source->size));

    *out = NULL;
    m->source = *source;
    if ((m->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) < 0) {
        int rc = why_set(why, -errno, "metrics: no eventfd: %s", strerror(errno));
        free(m);
        return rc;
    }
    init_lock(m);
    *out = m;
    open_socket(m, place->socket);
    int rc = place->address.len ? open_port(m, place, why) : 0;
    if (rc)
        monitor_stop(out);
    return rc;
}

void
monitor_stop(struct monitor **out)
{
    struct monitor *m = *out;

    if (!m)
        return;
    pthread_mutex_lock(&m->lock);
    m->stopping = true;
    pthread_cond_broadcast(&m->changed);
    pthread_mutex_unlock(&m->lock);
    monitor_serve_no_more(m);
    if (*m->path)
        (void)unlink(m->path);
    pthread_cond_destroy(&m->changed);
    pthread_mutex_destroy(&m->lock);
    (void)close(m->fd);
    free(m);
    *out = NULL;
}
