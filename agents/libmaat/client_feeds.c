/* The feeds of a session. Each has a place, which makes its ids its own; whoever comes
   to a place that another left goes on from that one's ids. */
#include "agents/libmaat/client_inside.h"
#include "schema/wire/frame.h"
#include "schema/wire/host_clock.h"

bool
client_follow(struct client_session *c, struct follow *f)
{
    unsigned slot = 0;

    while (slot < FOLLOWS_MAX && (c->feeds[slot].follow || c->feeds[slot].leaving))
        slot++;
    if (slot == FOLLOWS_MAX)
        return false;
    f->slot = slot;
    f->id = c->feeds[slot].id;
    c->feeds[slot].follow = f;
    if (c->link.state == LINK_OPEN || c->link.state == LINK_WAITING)
        follow_begin(f, clock_microseconds(CLOCK_MONOTONIC));
    return true;
}

void
client_unfollow(struct client_session *c, struct follow *f)
{
    if (c->feeds[f->slot].follow != f)
        return;
    c->feeds[f->slot].follow = NULL;
    c->feeds[f->slot].id = f->id;
    c->feeds[f->slot].leaving = f->state == FOLLOW_ASKED || f->state == FOLLOW_LIVE;
    follow_lost(f);
}

/* A session that is over took its subscriptions along. */
void
feeds_begin(struct client_session *c)
{
    for (unsigned i = 0; i < FOLLOWS_MAX; i++) {
        c->feeds[i].leaving = false;
        if (c->feeds[i].follow)
            follow_begin(c->feeds[i].follow, clock_microseconds(CLOCK_MONOTONIC));
    }
}

void
feeds_lost(struct client_session *c)
{
    for (unsigned i = 0; i < FOLLOWS_MAX; i++)
        if (c->feeds[i].follow)
            follow_lost(c->feeds[i].follow);
}

void
feeds_restored(struct client_session *c, int64_t last)
{
    for (unsigned i = 0; i < FOLLOWS_MAX; i++)
        if (c->feeds[i].follow)
            follow_restored(c->feeds[i].follow, last);
}

bool
feeds_hear(struct client_session *c, enum message_kind kind, const union message *m, size_t len)
{
    for (unsigned i = 0; i < FOLLOWS_MAX; i++)
        if (c->feeds[i].follow
            && follow_hear(c->feeds[i].follow, clock_microseconds(CLOCK_MONOTONIC), kind, m, len))
            return true;
    return false;
}

static int
say_unsubscribe(int64_t id, uint8_t *buf)
{
    struct unsubscribe u = {.id = id};

    u.has.id = 1;
    return (int)frame_encode(SAY_UNSUBSCRIBE, &u, buf, FRAME_IN_MAX);
}

int
feeds_next(struct client_session *c, int64_t ticks, uint8_t *buf)
{
    int len = 0;

    for (unsigned i = 0; i < FOLLOWS_MAX && !len; i++) {
        if (c->feeds[i].leaving)
            len = say_unsubscribe(c->feeds[i].id, buf);
        else if (c->feeds[i].follow)
            len = follow_next(c->feeds[i].follow, ticks, buf);
        c->feeds[i].leaving = false;
    }
    return len;
}

int64_t
feeds_due_ms(const struct client_session *c, int64_t ms)
{
    for (unsigned i = 0; i < FOLLOWS_MAX; i++) {
        int64_t due = c->feeds[i].follow
                          ? follow_due_ms(c->feeds[i].follow, clock_microseconds(CLOCK_MONOTONIC))
                          : -1;
        ms = c->feeds[i].leaving ? 0 : due >= 0 && due < ms ? due : ms;
    }
    return ms;
}
