#include "broker/journal_actor.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct journal_actor {
    struct journal *journal;
    pthread_t thread;
    int fd; /* an eventfd: counts reports */

    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t changed;
    uint64_t generation;
    const struct batch *batch; /* NULL: nothing to do */
    bool reported, stopping;
    int result;
};

static void
report(struct journal_actor *a, int result)
{
    const uint64_t one = 1;

    pthread_mutex_lock(&a->lock);
    a->batch = NULL;
    a->result = result;
    a->reported = true;
    pthread_mutex_unlock(&a->lock);
    ssize_t written = write(a->fd, &one, sizeof one);
    assert(written == sizeof one);
    (void)written;
}

static void *
work(void *context)
{
    struct journal_actor *a = context;

    for (;;) {
        pthread_mutex_lock(&a->lock);
        while (!a->batch && !a->stopping)
            pthread_cond_wait(&a->changed, &a->lock);
        const struct batch *b = a->batch;
        uint64_t generation = a->generation;
        pthread_mutex_unlock(&a->lock);
        if (!b)
            return NULL;
        report(a, journal_append(a->journal, (uint64_t)b->first, generation, b->entries, b->count));
    }
}

int
journal_actor_start(struct journal_actor **out, struct journal *journal)
{
    struct journal_actor *a = calloc(1, sizeof *a);

    *out = NULL;
    if (!a)
        abort();
    a->journal = journal;
    a->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    int rc = a->fd < 0 ? -errno : 0;
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->changed, NULL);
    if (rc == 0)
        rc = -pthread_create(&a->thread, NULL, work, a);
    if (rc == 0) {
        *out = a;
        return 0;
    }
    if (a->fd >= 0)
        close(a->fd);
    free(a);
    return rc;
}

void
journal_actor_stop(struct journal_actor **out)
{
    struct journal_actor *a = *out;

    if (!a)
        return;
    pthread_mutex_lock(&a->lock);
    a->stopping = true;
    pthread_cond_signal(&a->changed);
    pthread_mutex_unlock(&a->lock);
    pthread_join(a->thread, NULL);
    pthread_cond_destroy(&a->changed);
    pthread_mutex_destroy(&a->lock);
    close(a->fd);
    free(a);
    *out = NULL;
}

void
journal_actor_append(struct journal_actor *a, uint64_t generation, const struct batch *batch)
{
    pthread_mutex_lock(&a->lock);
    assert(!a->batch && !a->reported);
    a->generation = generation;
    a->batch = batch;
    pthread_cond_signal(&a->changed);
    pthread_mutex_unlock(&a->lock);
}

int
journal_actor_fd(const struct journal_actor *a)
{
    return a->fd;
}

bool
journal_actor_take(struct journal_actor *a, int *result)
{
    uint64_t count;

    if (read(a->fd, &count, sizeof count) != sizeof count)
        return false;
    pthread_mutex_lock(&a->lock);
    bool reported = a->reported;
    a->reported = false;
    *result = a->result;
    pthread_mutex_unlock(&a->lock);
    return reported;
}
