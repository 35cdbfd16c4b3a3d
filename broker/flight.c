#include "broker/flight.h"

#include <stdlib.h>

#include "schema/must.h"

struct flight *
flight_new(struct flight *in, int64_t most)
{
    struct flight *f = must(calloc(1, sizeof *f));

    f->in = in;
    f->most = most;
    f->held = 1;
    if (in)
        in->held++;
    return f;
}

void
flight_let_go(struct flight *f)
{
    while (f && --f->held == 0) {
        struct flight *in = f->in;
        free(f);
        f = in;
    }
}

void
flight_take(struct flight *f, int64_t bytes)
{
    for (; f; f = f->in)
        f->bytes += bytes;
}

void
flight_give_back(struct flight *f, int64_t bytes)
{
    flight_take(f, -bytes);
}

bool
flight_has_room(const struct flight *f)
{
    for (; f->in; f = f->in) {
        int64_t own = f->bytes;
        if (own > 0 && own >= f->in->most - f->in->bytes)
            return false;
    }
    return true;
}

bool
flight_has_answer(const struct flight *f)
{
    return f->answers > 0;
}

struct parcel *
parcel_new(struct flight *of, size_t len)
{
    struct parcel *p = must(malloc(sizeof *p + len));

    p->of = of;
    p->answer = false;
    p->handed = false;
    p->len = len;
    of->held++;
    flight_take(of, (int64_t)len);
    return p;
}

void
parcel_mark_answer(struct parcel *p)
{
    p->answer = true;
    p->of->answers++;
}

void
parcel_hand(struct parcel *p)
{
    atomic_store_explicit(&p->handed, true, memory_order_release);
}

/* The wire's queues order what was written with this; that needs not be relied on. */
void
parcel_free(struct parcel *p)
{
    (void)atomic_load_explicit(&p->handed, memory_order_acquire);
    if (p->answer)
        p->of->answers--;
    flight_give_back(p->of, (int64_t)p->len);
    flight_let_go(p->of);
    free(p);
}
