/* Frames are received a few together, so that what they will look at is brought nearer to the
   processor while the first of them is judged. */
#include "broker/loop/inside.h"

enum {
    DRAIN = 256,     /* frames before the loop looks at anything else, about */
    TOGETHER = 8,    /* more would let the journal wait for its next batch */
    HELD_MAX = 8192, /* frames whose answers wait, before no more are read */
    SEALED_MAX = 2,  /* batches that do */
    CACHE_LINE = 64,
    LOOKED_AT = 384, /* bytes of a frame, of most all */
};

struct together {
    unsigned count;
    int got[TOGETHER]; /* HUB_FRAME or HUB_STRIKE */
    struct hub_frame frame[TOGETHER];
    struct state_expected expected[TOGETHER];
};

/* While the state's writer is behind nothing may be folded; once intake is closed for good,
   what is read is only put off. */
bool
loop_may_read(const struct loop *l)
{
    return (!loop_is_behind(l) || l->stop_by) && l->ledger->pending.sealed < SEALED_MAX
           && held_count(&l->held) < HELD_MAX;
}

static void
expect_frame(const struct hub_frame *f)
{
    size_t len = f->len < LOOKED_AT ? f->len : LOOKED_AT;

    for (size_t i = 0; i < len; i += CACHE_LINE)
        __builtin_prefetch(f->data + i);
}

static void
receive(struct loop *l, struct together *t)
{
    int got = HUB_FRAME;

    for (t->count = 0; t->count < TOGETHER; t->count++) {
        got = hub_receive(l->with->hub, &t->frame[t->count]);
        if (got == HUB_EMPTY || got < 0)
            break;
        t->got[t->count] = got;
        expect_frame(&t->frame[t->count]);
    }
    if (got < 0)
        l->sending = got;
    for (unsigned i = 0; i < t->count; i++)
        t->expected[i] =
            service_expect(&l->service, &t->frame[i].route, t->frame[i].data, t->frame[i].len);
}

/* After an error the rest is only kept. */
static int
take(struct loop *l, struct together *t, unsigned i, int rc)
{
    struct hub_frame *f = &t->frame[i];

    if (t->got[i] == HUB_STRIKE)
        return rc ? rc : service_strike(&l->service, &f->route, f->key, l->now);
    if (!rc)
        return loop_handle(l, f);
    held_push(&l->held, f, INT64_MAX);
    return rc;
}

static int
take_all(struct loop *l, struct together *t)
{
    int rc = 0;

    for (unsigned i = 0; i < t->count; i++) {
        if (i + 1 < t->count)
            state_expect_rows(l->ledger->state, &t->expected[i + 1]);
        rc = take(l, t, i, rc);
    }
    return rc;
}

/* What has become durable leaves at once, and what was judged meanwhile is the next batch. */
static int
take_what_has_come(struct loop *l)
{
    struct together t = {.count = TOGETHER};
    int rc = 0;

    for (int i = 0; i < DRAIN && t.count == TOGETHER && rc == 0 && loop_may_read(l)
                    && !journal_actor_has_reported(l->actor);
         i += TOGETHER) {
        receive(l, &t);
        rc = take_all(l, &t);
    }
    return rc;
}

int
loop_drain(struct loop *l)
{
    int rc = take_what_has_come(l);

    if (l->ledger->number != l->folded) {
        l->folded = l->ledger->number;
        l->last_fold = l->now.steady;
        if (!l->first_fold)
            l->first_fold = l->now.steady;
    }
    return rc;
}
