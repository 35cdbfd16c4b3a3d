#include "broker/queries/past_queue.h"

#include <stdlib.h>

#include "broker/loop/held.h"
#include "broker/worker.h"
#include "schema/must.h"

struct question {
    struct question *next;
    struct past_of of;
    struct past past;
};

struct past_queue {
    struct journal *journal;
    struct worker *worker;
    struct held frames;            /* that asked, in the same order as */
    struct question *first, *last; /* what was asked; the first is with the worker */
    struct past_shelf shelf;
    atomic_bool stopping;
};

static int
fold_past(void *context, void *job)
{
    struct past_queue *q = context;
    struct question *asked = job;

    if (asked->past.state) /* it was kept */
        return 0;
    return past_fold(q->journal, &asked->of, &q->stopping, &asked->past);
}

int
past_queue_start(struct past_queue **out, struct journal *journal)
{
    struct past_queue *q = must(calloc(1, sizeof *q));

    *out = NULL;
    q->journal = journal;
    int rc = worker_start(&q->worker, fold_past, q);
    if (rc) {
        free(q);
        return rc;
    }
    worker_name(q->worker, "past");
    held_init(&q->frames);
    *out = q;
    return 0;
}

void
past_queue_stop(struct past_queue **out)
{
    struct past_queue *q = *out;

    if (!q)
        return;
    atomic_store(&q->stopping, true);
    worker_stop(&q->worker);
    for (struct question *asked = q->first, *after; asked; asked = after) {
        after = asked->next;
        past_free(&asked->past);
        free(asked);
    }
    held_end(&q->frames);
    past_shelf_clear(&q->shelf, INT64_MAX);
    free(q);
    *out = NULL;
}

size_t
past_queue_waiting(const struct past_queue *q, const uint8_t key[CURVE_KEY])
{
    return held_count_of(&q->frames, key);
}

void
past_queue_add(struct past_queue *q, struct hub_frame *frame, const struct past_of *of)
{
    struct question *asked = must(calloc(1, sizeof *asked));

    asked->of = *of;
    (void)past_shelf_take(&q->shelf, of, &asked->past);
    held_push(&q->frames, frame, INT64_MAX);
    if (q->last)
        q->last->next = asked;
    else
        q->first = asked;
    q->last = asked;
    if (q->first == asked)
        worker_do(q->worker, asked);
}

int
past_queue_fd(const struct past_queue *q)
{
    return worker_fd(q->worker);
}

bool
past_queue_take(struct past_queue *q, struct hub_frame *frame, struct past *past, int *result)
{
    if (!worker_take(q->worker, result))
        return false;
    struct question *done = q->first;
    (void)held_pop(&q->frames, frame);
    *past = done->past;
    q->first = done->next;
    free(done);
    if (q->first)
        worker_do(q->worker, q->first);
    else
        q->last = NULL;
    return true;
}

void
past_queue_keep(struct past_queue *q, struct past *past, int64_t now)
{
    past_shelf_put(&q->shelf, past, now);
}

void
past_queue_tidy(struct past_queue *q, int64_t now)
{
    past_shelf_clear(&q->shelf, now - SHELF_TIME);
}
