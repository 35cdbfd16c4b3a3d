#include "tests/bench/peers/audience.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/latency.h"
#include "tests/t.h"

enum { A_WHILE = 5, PATIENCE = 20000 }; /* ms: between two looks; without anything new */

struct follower {
    struct audience *audience;
    struct peer_lane *lane;
    _Atomic int64_t told, counted; /* in all; while counting */
};

struct audience {
    struct server server; /* a copy, whose trouble is that of this thread */
    const struct peer *peer;
    struct follower at[AUDIENCE];
    struct pollfd items[AUDIENCE];
    unsigned count;
    pthread_t thread;
    _Atomic bool started, over, counting, broken;
    int64_t now;
    struct latency latency;
};

/* The ear of its lane. The body begins with when it was sent. */
static void
followed(void *context, const uint8_t body[PEER_UPDATE])
{
    struct follower *f = context;
    struct audience *a = f->audience;
    int64_t sent;

    atomic_fetch_add_explicit(&f->told, 1, memory_order_relaxed);
    if (!atomic_load_explicit(&a->counting, memory_order_relaxed))
        return;
    atomic_fetch_add_explicit(&f->counted, 1, memory_order_relaxed);
    if (f != a->at)
        return;
    memcpy(&sent, body, sizeof sent);
    latency_add(&a->latency, a->now - sent);
}

static bool
turn(struct audience *a)
{
    if (poll(a->items, a->count, A_WHILE) < 0 && errno != EINTR)
        return server_trouble(&a->server, "poll: %s", strerror(errno));
    for (unsigned i = 0; i < a->count; i++) {
        a->now = latency_now();
        if (a->items[i].revents && !a->peer->hear(a->at[i].lane))
            return false;
    }
    return true;
}

static void *
follow(void *context)
{
    struct audience *a = context;

    while (!a->over && turn(a)) {
    }
    a->broken = !a->over;
    return NULL;
}

static bool
open_lanes(struct audience *a, unsigned followers)
{
    for (; a->count < followers; a->count++) {
        struct follower *f = &a->at[a->count];
        const struct peer_ear ear = {.context = f, .followed = followed};
        f->audience = a;
        f->lane = a->peer->open(&a->server, true, &ear);
        if (!f->lane)
            return false;
        a->items[a->count] = (struct pollfd){.fd = a->peer->socket(f->lane), .events = POLLIN};
    }
    return true;
}

struct audience *
audience_open(struct server *s, unsigned followers)
{
    struct audience *a = calloc(1, sizeof *a);

    CHECK(a && followers <= AUDIENCE);
    a->server = *s;
    a->peer = s->peer;
    if (open_lanes(a, followers)) {
        CHECK_INT(0, pthread_create(&a->thread, NULL, follow, a));
        a->started = true;
        return a;
    }
    (void)server_trouble(s, "followers: %s", a->server.trouble);
    audience_close(&a);
    return NULL;
}

void
audience_count(struct audience *a, bool counting)
{
    a->counting = counting;
}

/* How many each was told of: the least and the most. */
static int64_t
told(const struct audience *a, int64_t *most)
{
    int64_t least = INT64_MAX;

    *most = 0;
    for (unsigned i = 0; i < a->count; i++) {
        int64_t one = a->at[i].told;
        least = one < least ? one : least;
        *most = one > *most ? one : *most;
    }
    return least;
}

static int64_t
sum(const struct audience *a)
{
    int64_t all = 0;
    for (unsigned i = 0; i < a->count; i++)
        all += a->at[i].told;
    return all;
}

bool
audience_wait(struct audience *a, struct server *s, int64_t updates)
{
    int64_t before = -1;
    int64_t since = latency_now();
    int64_t most;
    int64_t least;

    while ((least = told(a, &most)) < updates && !a->broken && !*s->interrupted) {
        int64_t all = sum(a);
        if (all > before)
            since = latency_now();
        before = all;
        if (latency_now() - since > PATIENCE * 1000)
            return server_trouble(s, "a follower was told of %" PRId64 " of %" PRId64 " updates",
                                  least, updates);
        (void)poll(NULL, 0, A_WHILE);
    }
    if (a->broken)
        return server_trouble(s, "followers: %s", a->server.trouble);
    if (*s->interrupted)
        return server_trouble(s, "interrupted");
    if (most > updates)
        return server_trouble(s, "a follower was told of %" PRId64 " updates of %" PRId64, most,
                              updates);
    return true;
}

struct heard
audience_heard(const struct audience *a)
{
    struct heard heard = {.least = INT64_MAX,
                          .p50_ms = latency_quantile(&a->latency, 0.5),
                          .p99_ms = latency_quantile(&a->latency, 0.99)};

    for (unsigned i = 0; i < a->count; i++)
        if (a->at[i].counted < heard.least)
            heard.least = a->at[i].counted;
    return heard;
}

void
audience_close(struct audience **a)
{
    (*a)->over = true;
    if ((*a)->started)
        CHECK_INT(0, pthread_join((*a)->thread, NULL));
    for (unsigned i = 0; i < (*a)->count; i++)
        (*a)->peer->close(&(*a)->at[i].lane);
    free(*a);
    *a = NULL;
}
