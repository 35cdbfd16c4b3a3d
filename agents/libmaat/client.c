#include "agents/libmaat/client_inside.h"
#include "schema/wire/host_clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { STEP_FRAMES = 256 };

/* --- events of the link ------------------------------------------------------------ */

static void
on_welcome(void *context, const struct welcome *w)
{
    struct client_session *c = context;

    c->failed = 0;
    c->welcomed = true;
    feeds_begin(c);
    question_welcome(c);
    (void)snprintf(c->state, sizeof c->state, "connected to %s as %.*s", peer_address(c->peer),
                   (int)w->client.len, w->client.at);
    if (c->events && c->events->welcome)
        c->events->welcome(c->context, w);
}

static void
on_settled(void *context, int64_t n, const struct kept *kept)
{
    struct client_session *c = context;
    if (c->events && c->events->settled)
        c->events->settled(c->context, n, kept);
}

static void
on_restored(void *context, const struct link_restored *r)
{
    struct client_session *c = context;

    feeds_restored(c, r->last);
    if (c->events && c->events->restored)
        c->events->restored(c->context, r);
}

static void
on_shared(void *context, const struct link_shared *s)
{
    struct client_session *c = context;
    if (c->events && c->events->shared)
        c->events->shared(c->context, s);
}

static void
on_forked(void *context, int64_t n, const struct outbox_id *to)
{
    struct client_session *c = context;
    if (c->events && c->events->forked)
        c->events->forked(c->context, n, to);
}

static void
on_result(void *context, const struct result *r)
{
    question_result(context, r);
}

static void
on_feed(void *context, enum message_kind kind, const union message *m, size_t len)
{
    (void)feeds_hear(context, kind, m, len);
}

static int
on_more(void *context, int64_t ticks, uint8_t *buf)
{
    return feeds_next(context, ticks, buf);
}

static void
on_error(void *context, const struct error *e)
{
    struct client_session *c = context;
    const union message m = {.error = *e};

    if (question_error(c, e) || feeds_hear(c, SAY_ERROR, &m, 0))
        return;
    if (c->events && c->events->error)
        c->events->error(c->context, e);
}

static const struct link_events link_events = {.welcome = on_welcome,
                                               .settled = on_settled,
                                               .result = on_result,
                                               .error = on_error,
                                               .forked = on_forked,
                                               .restored = on_restored,
                                               .shared = on_shared,
                                               .feed = on_feed,
                                               .more = on_more};

/* --- opening --------------------------------------------------------------------------- */

static int
open_descriptors(struct client_session *c)
{
    struct epoll_event readable = {.events = EPOLLIN};

    c->epoll = epoll_create1(EPOLL_CLOEXEC);
    c->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (c->epoll < 0 || c->timer < 0 || epoll_ctl(c->epoll, EPOLL_CTL_ADD, c->timer, &readable))
        return -1;
    peer_join(c->peer, c->epoll);
    client_wake(c);
    return 0;
}

/* Nothing is known yet of whom it speaks with. */
static void
begin_anew(struct client_session *c, const struct identity *identity)
{
    const unsigned needs = HAS_ALL & ~HAS_CLIENT;

    c->knows_broker = (identity->has & needs) == needs;
    c->last = PEER_UNREACHABLE;
    c->failed = 0;
    c->welcomed = false;
    c->dial_at = 0;
    if (c->link.state != LINK_STOPPED)
        (void)snprintf(
            c->state, sizeof c->state, "%s",
            c->knows_broker
                ? "not connected yet"
                : "its board is not known yet: the line of its operator is to be accepted");
}

struct client_session *
client_open(const struct identity *identity, struct outboxes *outboxes,
            const struct outbox_id *outbox, const char *software, const struct link_events *events,
            void *context)
{
    struct client_session *c = calloc(1, sizeof *c);

    if (!c || peer_new(&c->peer, identity, PEER_PATIENCE)) {
        free(c);
        return NULL;
    }
    link_init(&c->link, outboxes, outbox, software, &link_events, c);
    c->question = (struct client_question){.id = QUESTION_FIRST, .arena = arena_new()};
    if (open_descriptors(c)) {
        client_close(&c);
        return NULL;
    }
    c->outboxes = outboxes;
    c->events = events;
    c->context = context;
    begin_anew(c, identity);
    return c;
}

void
client_use(struct client_session *c, const struct identity *identity)
{
    if (!peer_is_down(c->peer)) {
        link_lost(&c->link);
        feeds_lost(c);
    }
    link_rekeyed(&c->link);
    c->unsent = 0;
    c->more = false;
    peer_use(c->peer, identity);
    begin_anew(c, identity);
    client_wake(c);
}

/* So that the broker need not wait for what comes no more. Nothing depends on it. */
static void
say_bye(struct client_session *c)
{
    if (!peer_is_open(c->peer) || c->link.state != LINK_OPEN || c->unsent)
        return;
    link_leave(&c->link);
    int len = link_next(&c->link, clock_microseconds(CLOCK_MONOTONIC), c->frame);
    if (len > 0)
        (void)peer_send_last(c->peer, c->frame, (size_t)len);
}

void
client_close(struct client_session **c)
{
    if (*c) {
        say_bye(*c);
        link_end(&(*c)->link);
        arena_destroy(&(*c)->question.arena);
        peer_free(&(*c)->peer);
        if ((*c)->epoll >= 0)
            (void)close((*c)->epoll);
        if ((*c)->timer >= 0)
            (void)close((*c)->timer);
        free(*c);
    }
    *c = NULL;
}

void
client_keep_head(struct client_session *c, struct head_keeper *head)
{
    link_keep_head(&c->link, head);
}

void
client_stand_alone(struct client_session *c)
{
    link_stand_alone(&c->link);
}

int
client_forget_head(struct client_session *c)
{
    int rc = link_forget_head(&c->link);

    if (rc == 1) {
        c->dial_at = clock_microseconds(CLOCK_MONOTONIC);
        (void)snprintf(c->state, sizeof c->state, "not connected yet");
        client_wake(c);
    }
    return rc;
}

struct link *
client_link(struct client_session *c)
{
    return &c->link;
}

const char *
client_state(const struct client_session *c)
{
    return c->state;
}

/* --- steps ------------------------------------------------------------------------------ */

/* How long to wait before the next attempt, in ms. Who was never let in may be so any
   moment: a person waits for it. */
static int64_t
wait_after(struct client_session *c, enum peer_event event, uint64_t random)
{
    enum { SOON = 3 }; /* 1.6 to 3.2 seconds */
    unsigned failed = c->failed++;

    if (event == PEER_REFUSED && !c->welcomed && failed > SOON)
        failed = SOON;
    return peer_backoff(failed, random);
}

static void
lose(struct client_session *c, enum peer_event event)
{
    uint64_t random = 0;

    if (getrandom(&random, sizeof random, 0) != sizeof random)
        random = (uint64_t)clock_microseconds(CLOCK_MONOTONIC);
    c->last = event;
    c->unsent = 0;
    c->more = false;
    c->dial_at = clock_microseconds(CLOCK_MONOTONIC) + wait_after(c, event, random) * MS;
    link_lost(&c->link);
    feeds_lost(c);
    if (c->link.state == LINK_STOPPED)
        (void)snprintf(c->state, sizeof c->state, "stopped: %s", c->link.reason);
    else
        (void)snprintf(c->state, sizeof c->state, "%s: %s", peer_address(c->peer),
                       peer_event_text(event));
}

static void
drop(struct client_session *c)
{
    peer_hang_up(c->peer);
    lose(c, PEER_LOST);
}

/* What can't be received or read ends the connection, and so does what stops the
   link; an error is the outbox's. */
static int
hear(struct client_session *c)
{
    zmq_msg_t message;
    int rc = zmq_msg_init(&message);
    int got = peer_receive(c->peer, &message);

    if (got == 1)
        rc = link_hear(&c->link, clock_microseconds(CLOCK_REALTIME),
                       clock_microseconds(CLOCK_MONOTONIC), zmq_msg_data(&message),
                       zmq_msg_size(&message));
    (void)zmq_msg_close(&message);
    bool stopped = rc == 0 && c->link.state == LINK_STOPPED;
    if (got >= 0 && rc != -EPROTO && !stopped)
        return rc;
    drop(c);
    if (rc == -EPROTO)
        (void)snprintf(c->state, sizeof c->state, "%s: %s", peer_address(c->peer), c->link.reason);
    return 0;
}

static int
take_events(struct client_session *c)
{
    enum peer_event event;
    int rc = 0;

    for (int i = 0; i < STEP_FRAMES && !rc && (event = peer_next_event(c->peer)) != PEER_QUIET;
         i++) {
        if (event == PEER_OPENED)
            link_connected(&c->link, clock_microseconds(CLOCK_MONOTONIC));
        else if (event == PEER_MESSAGE)
            rc = hear(c);
        else
            lose(c, event);
    }
    return rc;
}

/* Says what there is to say, as long as the socket takes it, and up to a step's share. */
static int
speak(struct client_session *c)
{
    c->more = false;
    for (int i = 0; i < STEP_FRAMES; i++) {
        if (!c->unsent) {
            int len = link_next(&c->link, clock_microseconds(CLOCK_MONOTONIC), c->frame);
            if (len <= 0)
                return len;
            c->unsent = (size_t)len;
        }
        if (peer_send(c->peer, c->frame, c->unsent))
            return 0;
        c->unsent = 0;
    }
    c->more = true;
    return 0;
}

static int
step(struct client_session *c)
{
    int rc;

    bool dials = c->knows_broker && c->link.state != LINK_STOPPED;
    if (dials && peer_is_down(c->peer) && clock_microseconds(CLOCK_MONOTONIC) >= c->dial_at
        && peer_dial(c->peer))
        lose(c, PEER_UNREACHABLE);
    if ((rc = take_events(c)))
        return rc;
    if (peer_is_open(c->peer) && link_silent(&c->link, clock_microseconds(CLOCK_MONOTONIC)))
        drop(c);
    if (peer_is_open(c->peer) && (rc = speak(c)))
        return rc;
    return link_settle(&c->link, clock_microseconds(CLOCK_MONOTONIC));
}

/* How long nothing is to be done by itself, in ms. */
static long
due_ms(const struct client_session *c)
{
    int patience = peer_poll_timeout(c->peer);
    int64_t due = peer_is_down(c->peer)
                      ? (c->dial_at - clock_microseconds(CLOCK_MONOTONIC)) / MS + 1
                      : link_due_ms(&c->link, clock_microseconds(CLOCK_MONOTONIC));

    due = feeds_due_ms(c, due);
    if ((c->link.state == LINK_STOPPED || !c->knows_broker) && peer_is_down(c->peer))
        due = 60000;
    if (due < 0)
        due = 0;
    return patience >= 0 && patience < due ? patience : (long)due;
}

/* After all else: ZeroMQ's descriptors are silent about what was there before. */
static void
set_timer(struct client_session *c, long ms)
{
    struct itimerspec when = {.it_value = {ms / 1000, ms % 1000 * 1000000}};

    if (ms == 0)
        when.it_value.tv_nsec = 1;
    (void)timerfd_settime(c->timer, 0, &when, NULL);
}

int
client_step(struct client_session *c)
{
    int rc = step(c);

    question_look(c);
    bool at_once = c->more || peer_is_ready(c->peer, c->unsent > 0);
    set_timer(c, at_once ? 0 : due_ms(c));
    return rc;
}

void
client_wake(struct client_session *c)
{
    set_timer(c, 0);
}

int
client_descriptor(const struct client_session *c)
{
    return c->epoll;
}

void
client_begin_again(struct client_session *c)
{
    if (!peer_is_down(c->peer))
        drop(c);
}
