#include "tests/bench/peers/load.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/latency.h"
#include "tests/bench/peers/family.h"
#include "tests/bench/process.h"
#include "tests/t.h"

enum { PATIENCE = 20000 }; /* ms */

struct producer {
    struct loading *loading;
    struct peer_lane *lane;
    int64_t sent, acknowledged;   /* how many */
    int64_t sent_at[LOAD_WINDOW]; /* of n at n % LOAD_WINDOW; 0: acknowledged */
};

struct loading {
    struct server *server;
    const struct peer *peer;
    const struct load *load;
    struct producer at[LOAD_PRODUCERS];
    struct pollfd items[LOAD_PRODUCERS];
    struct peer_update update;
    uint64_t random;
    struct latency latency;
    int64_t now;
    bool counting;
};

/* --- its lanes ------------------------------------------------------------------------- */

/* The ear of its lane. */
static void
acknowledged(void *context, int64_t n)
{
    struct producer *p = context;
    struct loading *l = p->loading;
    int64_t *at = &p->sent_at[n % LOAD_WINDOW];

    if (n < 1 || n > p->sent || *at == 0) {
        (void)server_trouble(l->server, "update %" PRId64 " was acknowledged out of turn", n);
        return;
    }
    if (l->counting)
        latency_add(&l->latency, l->now - *at);
    *at = 0;
    p->acknowledged++;
}

static bool
open_lanes(struct loading *l)
{
    for (unsigned i = 0; i < l->load->producers; i++) {
        struct producer *p = &l->at[i];
        const struct peer_ear ear = {.context = p, .acknowledged = acknowledged};
        p->loading = l;
        p->lane = l->peer->open(l->server, false, &ear);
        if (!p->lane)
            return false;
        l->items[i] = (struct pollfd){.fd = l->peer->socket(p->lane), .events = POLLIN};
    }
    return true;
}

static void
close_lanes(struct loading *l)
{
    for (unsigned i = 0; i < l->load->producers; i++)
        if (l->at[i].lane)
            l->peer->close(&l->at[i].lane);
}

/* --- turns -------------------------------------------------------------------------------- */

static uint64_t
draw(struct loading *l) /* xorshift */
{
    l->random ^= l->random << 13;
    l->random ^= l->random >> 7;
    return l->random ^= l->random << 17;
}

/* How many a producer sends in all: where each key has its turn, producer i those that
   are i more than a multiple of how many there are. */
static int64_t
last_of(const struct loading *l, unsigned i)
{
    unsigned producers = l->load->producers;
    return l->load->each_key ? (PEER_KEYS - i + producers - 1) / producers : INT64_MAX;
}

/* As agencies lead actions, each producer has keys of its own. */
static void
make_update(struct loading *l, unsigned i, int64_t n)
{
    struct peer_update *u = &l->update;
    unsigned producers = l->load->producers;
    unsigned of_each = PEER_KEYS / producers;

    u->n = n;
    u->key = l->load->each_key ? (unsigned)(n - 1) * producers + i
                               : (unsigned)(draw(l) % of_each) * producers + i;
    memcpy(u->body, &l->now, sizeof l->now);
}

static bool
fill_window(struct loading *l, unsigned i)
{
    struct producer *p = &l->at[i];
    bool more;
    bool put = false;

    while (p->sent < last_of(l, i) && p->sent - p->acknowledged < l->load->window
           && p->sent_at[(p->sent + 1) % LOAD_WINDOW] == 0) {
        int64_t n = p->sent + 1;
        make_update(l, i, n);
        if (!l->peer->update(p->lane, &l->update))
            return false;
        p->sent_at[n % LOAD_WINDOW] = l->now;
        p->sent = n;
        put = true;
    }
    if (!put)
        return true;
    if (!l->peer->send(p->lane, &more))
        return false;
    l->items[i].events = more ? POLLIN | POLLOUT : POLLIN;
    return true;
}

static bool
serve(struct loading *l, unsigned i)
{
    bool more;
    struct pollfd *item = &l->items[i];

    if (item->revents & POLLOUT) {
        if (!l->peer->send(l->at[i].lane, &more))
            return false;
        item->events = more ? POLLIN | POLLOUT : POLLIN;
    }
    return !(item->revents & ~POLLOUT) || l->peer->hear(l->at[i].lane);
}

static bool
turn(struct loading *l, bool sending)
{
    l->now = latency_now();
    for (unsigned i = 0; i < l->load->producers && sending; i++)
        if (!fill_window(l, i))
            return false;
    int ready = poll(l->items, l->load->producers, PATIENCE);
    if (ready <= 0 || *l->server->interrupted)
        return server_trouble(l->server, ready ? "interrupted" : "no answer in 20 s");
    l->now = latency_now();
    for (unsigned i = 0; i < l->load->producers; i++)
        if (!serve(l, i) || *l->server->trouble)
            return false;
    return true;
}

/* --- the work -------------------------------------------------------------------------------- */

static bool
all_sent(const struct loading *l)
{
    for (unsigned i = 0; i < l->load->producers; i++)
        if (l->at[i].sent < last_of(l, i))
            return false;
    return true;
}

static bool
all_acknowledged(const struct loading *l)
{
    for (unsigned i = 0; i < l->load->producers; i++)
        if (l->at[i].sent != l->at[i].acknowledged)
            return false;
    return true;
}

struct count {
    int64_t begun, ended;
    double server, producers; /* time when counting began, then what was used */
};

static void
count_from_here(struct loading *l, struct count *c, int64_t now)
{
    int64_t *when = c->begun ? &c->ended : &c->begun;

    *when = now;
    l->counting = !c->ended;
    if (l->load->audience)
        audience_count(l->load->audience, l->counting);
    c->server = family_cpu(l->server->id) - c->server;
    c->producers = process_cpu(getpid()) - c->producers;
}

static bool
work(struct loading *l, struct count *c)
{
    int64_t start = latency_now();
    int64_t from = start + l->load->warm_ms * 1000;
    int64_t until = start + l->load->last_ms * 1000;

    for (;;) {
        int64_t now = latency_now();
        if (!c->begun && now >= from)
            count_from_here(l, c, now);
        bool over = l->load->each_key ? all_sent(l) : now >= until;
        if (over && !c->ended)
            count_from_here(l, c, now);
        if (over && all_acknowledged(l))
            return true;
        if (!turn(l, !over))
            return false;
    }
}

static void
add_up(const struct loading *l, const struct count *c, struct load_yield *out)
{
    double counted = l->latency.count ? (double)l->latency.count : 1;

    *out = (struct load_yield){.acknowledged = l->latency.count,
                               .seconds = (double)(c->ended - c->begun) / 1e6,
                               .p50_ms = latency_quantile(&l->latency, 0.5),
                               .p99_ms = latency_quantile(&l->latency, 0.99),
                               .server_us = c->server / counted,
                               .producers_us = c->producers / counted};
    for (unsigned i = 0; i < l->load->producers; i++)
        out->sent += l->at[i].sent;
}

bool
load_run(struct server *s, const struct load *load, struct load_yield *out)
{
    struct loading *l = calloc(1, sizeof *l);
    struct count count = {0};

    CHECK(l && load->producers <= LOAD_PRODUCERS && load->window < LOAD_WINDOW);
    *l = (struct loading){
        .server = s, .peer = s->peer, .load = load, .random = UINT64_C(0x9e3779b97f4a7c15)};
    memset(l->update.body, 'x', sizeof l->update.body);
    bool done = open_lanes(l) && work(l, &count);
    if (done)
        add_up(l, &count, out);
    close_lanes(l);
    free(l);
    return done;
}

bool
load_fill(struct server *s)
{
    const struct load every = {.producers = 8, .window = 64, .each_key = true};
    struct load_yield yield;

    return load_run(s, &every, &yield);
}
