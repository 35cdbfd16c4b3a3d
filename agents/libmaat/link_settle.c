/* Verdicts: when they are written, and who is told. */
#include "agents/libmaat/link_inside.h"

enum { MS = 1000 };

void
link_go_on_after(struct link *l, int64_t n)
{
    l->sent = n;
    if (l->answered > n)
        l->answered = n;
    l->ahead.next = l->ahead.count = 0;
    l->ahead.none = false;
}

/* To be called before the outbox hears of it. */
void
link_answered(struct link *l, int64_t n, int64_t now)
{
    if (!outbox_unwritten(l->outboxes))
        l->unwritten_at = now;
    if (n > l->answered)
        l->answered = n;
}

static void
tell(struct link *l)
{
    struct outbox_id id;
    struct kept kept;
    int64_t n;

    while (outbox_next_settled(l->outboxes, &id, &n, &kept))
        if (l->events->settled)
            l->events->settled(l->context, n, &kept);
}

int
link_settle_all(struct link *l)
{
    int rc = outbox_write(l->outboxes);

    tell(l);
    return rc;
}

/* A sync costs the same for one as for many: as long as others are under way, and nobody
   waits for one of these, more are waited for. */
static bool
is_time(const struct link *l, int64_t now)
{
    return l->sent <= l->answered || l->state != LINK_OPEN || outbox_is_awaited(l->outboxes)
           || now - l->unwritten_at >= (int64_t)LINK_WRITE_MS * MS;
}

int
link_settle(struct link *l, int64_t now)
{
    if (!l->outboxes)
        return 0;
    if (outbox_unwritten(l->outboxes) && is_time(l, now))
        return link_settle_all(l);
    tell(l);
    return 0;
}
