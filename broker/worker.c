#include "broker/worker.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "schema/must.h"

struct worker {
    worker_run *run;
    void *context;
    pthread_t thread;
    int fd; /* an eventfd: counts reports */

    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t changed;
    void *job; /* NULL: nothing to do */
    bool stopping;
    int result;
    _Atomic bool reported; /* read without the lock too */
};

static void
report(struct worker *w, int result)
{
    const uint64_t one = 1;

    pthread_mutex_lock(&w->lock);
    w->job = NULL;
    w->result = result;
    ssize_t written = write(w->fd, &one, sizeof one);
    assert(written == sizeof one);
    (void)written;
    w->reported = true; /* last: who sees it can take it */
    pthread_mutex_unlock(&w->lock);
}

static void *
work(void *context)
{
    struct worker *w = context;

    for (;;) {
        pthread_mutex_lock(&w->lock);
        while (!w->job && !w->stopping)
            pthread_cond_wait(&w->changed, &w->lock);
        void *job = w->job;
        pthread_mutex_unlock(&w->lock);
        if (!job)
            return NULL;
        report(w, w->run(w->context, job));
    }
}

int
worker_start(struct worker **out, worker_run *run, void *context)
{
    struct worker *w = must(calloc(1, sizeof *w));

    *out = NULL;
    w->run = run;
    w->context = context;
    w->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    int rc = w->fd < 0 ? -errno : 0;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->changed, NULL);
    if (rc == 0)
        rc = -pthread_create(&w->thread, NULL, work, w);
    if (rc == 0) {
        *out = w;
        return 0;
    }
    if (w->fd >= 0)
        close(w->fd);
    free(w);
    return rc;
}

void
worker_name(struct worker *w, const char *name)
{
    (void)pthread_setname_np(w->thread, name);
}

void
worker_stop(struct worker **out)
{
    struct worker *w = *out;

    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_signal(&w->changed);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
    close(w->fd);
    free(w);
    *out = NULL;
}

void
worker_do(struct worker *w, void *job)
{
    pthread_mutex_lock(&w->lock);
    assert(job && !w->job && !w->reported);
    w->job = job;
    pthread_cond_signal(&w->changed);
    pthread_mutex_unlock(&w->lock);
}

int
worker_fd(const struct worker *w)
{
    return w->fd;
}

bool
worker_has_reported(const struct worker *w)
{
    return w->reported;
}

bool
worker_take(struct worker *w, int *result)
{
    uint64_t count;

    if (read(w->fd, &count, sizeof count) != sizeof count)
        return false;
    pthread_mutex_lock(&w->lock);
    bool reported = w->reported;
    w->reported = false;
    *result = w->result;
    pthread_mutex_unlock(&w->lock);
    return reported;
}

int
worker_wait(struct worker *w, int *result)
{
    struct pollfd fd = {.fd = w->fd, .events = POLLIN};

    while (!worker_take(w, result))
        if (poll(&fd, 1, -1) < 0 && errno != EINTR)
            return -errno;
    return 0;
}
