#include "broker/ledger/known.h"

#include <errno.h>

#include "broker/ledger/marks.h"

/* A place that the session remembers, or 0. */
static int64_t
remembered(const struct places *p, int64_t n)
{
    return n >= p->n && n < p->n + p->count ? p->number[n % PLACES] : 0;
}

/* The walk goes down: what is remembered begins at the n that came last, and
   reaches as far up as there is room and no gap. */
static void
remember(struct places *p, int64_t n, int64_t number)
{
    if (n + 1 != p->n)
        p->count = 0;
    p->n = n;
    p->number[n % PLACES] = number;
    if (p->count < PLACES)
        p->count++;
}

/* A mark's n is its position, or more where gaps were accepted. */
static bool
has_reached(const struct entry *entry, int64_t n)
{
    return entry->n >= n;
}

int
known_find(struct ledger *l, struct session *s, const struct chain *chain, int64_t n,
           struct entry *out)
{
    int64_t number = remembered(&s->places, n);
    struct state_key key = state_key_of_outbox((struct bytes){s->outbox, OUTBOX_SIZE});
    int rc = number ? 0 : marks_find(l, &key, chain, has_reached, n, &number);

    if (rc)
        return rc;
    if (remembered(&s->places, n))
        return ledger_entry(l, number, out);
    for (s->places.count = 0; number; number = out->previous_in_outbox) {
        if ((rc = ledger_entry(l, number, out)) != 1)
            return rc < 0 ? rc : -EBADMSG;
        if (out->n < n)
            return 0;
        remember(&s->places, out->n, number);
        if (out->n == n)
            return 1;
    }
    return 0;
}
