#include "tests/bench/followers.h"

#include <czmq.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "schema/ids.h"
#include "schema/reader.h"
#include "schema/wire/frame.h"
#include "schema/wire/peer.h"
#include "tests/bench/latency.h"
#include "tests/t.h"

enum {
    PATIENCE = 20000, /* ms */
    MESSAGES_A_TURN = 8,
    A_WHILE = 5, /* ms between two looks at whether it is over */
    LOOK_AT = 8, /* to decode all of them is more than they take otherwise */
};

struct one {
    struct peer *peer;
    int64_t count; /* of its last message */
    int64_t used;  /* credit to be granted again */
    int64_t entries, actions;
    _Atomic int64_t counted, upto; /* entries while counting; told up to here */
};

struct followers {
    struct one at[FOLLOWERS_MAX];
    zmq_pollitem_t items[FOLLOWERS_MAX];
    unsigned count;
    struct identity identity;
    struct subscribe said;
    const struct sent *sent;
    struct arena *arena;
    pthread_t thread;
    _Atomic bool live, over, counting;
    _Atomic int64_t bytes; /* while counting */
    int64_t begun, live_at;
    struct latency latency;
    int64_t events; /* of the first, of which one in LOOK_AT is looked at */
};

/* --- saying ------------------------------------------------------------------------- */

static void
say(struct one *one, enum message_kind kind, const void *record)
{
    uint8_t frame[PRODUCER_FRAME];
    size_t len = frame_encode(kind, record, frame, sizeof frame);

    CHECK(len > 0);
    CHECK_INT(0, peer_send(one->peer, frame, len));
}

static void
subscribe(struct followers *f, struct one *one)
{
    struct hello hello = {
        .oldest = PROTOCOL_VERSION, .newest = PROTOCOL_VERSION, .software = text_of("benchmark")};

    hello.has.oldest = hello.has.newest = hello.has.software = 1;
    CHECK_INT(0, peer_new(&one->peer, &f->identity, PEER_PATIENCE));
    CHECK_INT(0, peer_dial(one->peer));
    CHECK_INT(PEER_OPENED, peer_wait(one->peer, PATIENCE));
    say(one, SAY_HELLO, &hello);
    say(one, SAY_SUBSCRIBE, &f->said);
}

static void
grant(struct one *one)
{
    struct credit credit = {.id = 1, .credit = one->used};

    if (one->used < FEED_CREDIT_MAX / 2)
        return;
    credit.has.id = credit.has.credit = 1;
    say(one, SAY_CREDIT, &credit);
    one->used = 0;
}

/* --- hearing -------------------------------------------------------------------------- */

/* By PRODUCER_NAME. */
static unsigned
producer_of(struct text client)
{
    const char *number = client.at + client.len - strlen("00");
    return (unsigned)(number[0] - '0') * 10 + (unsigned)(number[1] - '0');
}

static void
look_when_sent(struct followers *f, const struct event *e, int64_t now)
{
    const struct entry *entry = e->entries.at;

    for (uint32_t i = 0; i < e->entries.count; i++) {
        if (entry[i].kind != KIND_PROGRESS)
            continue;
        unsigned producer = producer_of(entry[i].client);
        latency_add(&f->latency, now - f->sent->at[producer][entry[i].n % SENT_MAX]);
    }
}

/* The members that all followers look at, without decoding what is in the entries. */
struct glance {
    int64_t count, upto;
    uint32_t entries, actions;
};

static bool
is_key(const msgpack_object *key, const char *name)
{
    return key->via.str.size == strlen(name)
           && memcmp(key->via.str.ptr, name, key->via.str.size) == 0;
}

static struct glance
glance_at(const uint8_t *frame, size_t len)
{
    struct reader r = {frame, frame + len};
    struct glance g = {0};
    msgpack_object value;
    msgpack_object map;
    msgpack_object key;

    CHECK_INT(READING_DONE, reader_take(&r, &value));
    CHECK_INT(READING_DONE, reader_take(&r, &value));
    CHECK_INT(READING_DONE, reader_take(&r, &map));
    for (uint32_t i = 0; i < map.via.map.size; i++) {
        CHECK_INT(READING_DONE, reader_take(&r, &key));
        struct reader at = r;
        CHECK_INT(READING_DONE, reader_take(&at, &value));
        if (is_key(&key, "count"))
            g.count = (int64_t)value.via.u64;
        else if (is_key(&key, "upto"))
            g.upto = (int64_t)value.via.u64;
        else if (is_key(&key, "entries"))
            g.entries = value.via.array.size;
        else if (is_key(&key, "actions"))
            g.actions = value.via.array.size;
        CHECK_INT(READING_DONE, reader_skip(&r));
    }
    return g;
}

static void
hear_feed(struct followers *f, struct one *one, const uint8_t *frame, size_t len)
{
    struct glance g = glance_at(frame, len);

    CHECK_INT(one->count + 1, g.count);
    one->count = g.count;
    one->entries += g.entries;
    one->actions += g.actions;
    if (atomic_load(&f->counting)) {
        one->counted += g.entries;
        f->bytes += (int64_t)len;
    }
    one->used += (int64_t)len > FEED_COST_LEAST ? (int64_t)len : FEED_COST_LEAST;
    grant(one);
    if (g.upto)
        one->upto = g.upto;
}

static bool
says(const uint8_t *frame, size_t len, const char *word)
{
    return len > 2 + strlen(word) && memcmp(frame + 2, word, strlen(word)) == 0;
}

static void
hear(struct followers *f, struct one *one, const uint8_t *frame, size_t len)
{
    enum message_kind kind;
    union message m;
    struct fault fault;

    if (says(frame, len, "WELCOME") || says(frame, len, "PONG"))
        return;
    if (says(frame, len, "ERROR"))
        FAIL_WITH("the broker refuses a follower: %.*s", (int)len - 8, frame + 8);
    if (one == f->at && f->sent && f->counting && says(frame, len, "EVENT")
        && f->events++ % LOOK_AT == 0) {
        int64_t now = latency_now();
        arena_reset(f->arena);
        CHECK(frame_decode(f->arena, frame, len, &kind, &m, &fault));
        look_when_sent(f, &m.event, now);
    }
    hear_feed(f, one, frame, len);
}

static void
hear_some(struct followers *f, struct one *one)
{
    zmq_msg_t message;

    (void)zmq_msg_init(&message);
    for (int i = 0; i < MESSAGES_A_TURN && peer_receive(one->peer, &message) == 1; i++)
        hear(f, one, zmq_msg_data(&message), zmq_msg_size(&message));
    (void)zmq_msg_close(&message);
}

/* --- their thread ------------------------------------------------------------------------ */

static bool
are_live(const struct followers *f)
{
    for (unsigned i = 0; i < f->count; i++)
        if (!f->at[i].upto)
            return false;
    return true;
}

static void
ping(struct followers *f, int64_t *next)
{
    const struct ping ping = {0};

    if (latency_now() < *next)
        return;
    *next = latency_now() + 1000000;
    for (unsigned i = 0; i < f->count; i++)
        say(&f->at[i], SAY_PING, &ping);
}

static void *
follow(void *context)
{
    struct followers *f = context;
    zmq_pollitem_t items[PEER_POLL_ITEMS];
    int64_t next_ping = 0;

    for (unsigned i = 0; i < f->count; i++) {
        subscribe(f, &f->at[i]);
        CHECK(peer_poll_items(f->at[i].peer, items) > 0);
        f->items[i] = items[0];
    }
    while (!f->over) {
        CHECK(zmq_poll(f->items, (int)f->count, A_WHILE) >= 0);
        for (unsigned i = 0; i < f->count; i++)
            if (f->items[i].revents & ZMQ_POLLIN)
                hear_some(f, &f->at[i]);
        ping(f, &next_ping);
        if (!f->live && are_live(f)) {
            f->live_at = latency_now();
            f->live = true;
        }
    }
    for (unsigned i = 0; i < f->count; i++)
        peer_free(&f->at[i].peer);
    return NULL;
}

struct followers *
followers_open(const struct identity *identity, unsigned count, const struct subscribe *said,
               const struct sent *sent)
{
    struct followers *f = calloc(1, sizeof *f);
    const struct timespec a_while = {.tv_nsec = A_WHILE * 1000000};

    CHECK(f && count <= FOLLOWERS_MAX);
    f->identity = *identity;
    f->count = count;
    f->said = *said;
    f->said.id = 1;
    f->said.credit = FEED_CREDIT_MAX;
    f->said.has.id = f->said.has.credit = 1;
    f->sent = sent;
    f->arena = arena_new();
    f->begun = latency_now();
    CHECK_INT(0, pthread_create(&f->thread, NULL, follow, f));
    while (!f->live)
        (void)nanosleep(&a_while, NULL);
    return f;
}

double
followers_seconds(const struct followers *f)
{
    return (double)(f->live_at - f->begun) / 1e6;
}

void
followers_wait(struct followers *f, int64_t upto)
{
    const struct timespec a_while = {.tv_nsec = A_WHILE * 1000000};

    for (unsigned i = 0; i < f->count; i++)
        while (f->at[i].upto < upto)
            (void)nanosleep(&a_while, NULL);
}

void
followers_count(struct followers *f, bool counting)
{
    f->counting = counting;
}

struct followed
followers_yield(const struct followers *f)
{
    struct followed told = {.bytes = f->bytes,
                            .slowest = INT64_MAX,
                            .p50_ms = latency_quantile(&f->latency, 0.5),
                            .p99_ms = latency_quantile(&f->latency, 0.99)};

    for (unsigned i = 0; i < f->count; i++) {
        told.entries += f->at[i].counted;
        if (f->at[i].counted < told.slowest)
            told.slowest = f->at[i].counted;
    }
    return told;
}

int64_t
followers_entries(const struct followers *f)
{
    for (unsigned i = 1; i < f->count; i++)
        CHECK_INT(f->at[0].entries, f->at[i].entries);
    return f->at[0].entries;
}

int64_t
followers_actions(const struct followers *f)
{
    for (unsigned i = 1; i < f->count; i++)
        CHECK_INT(f->at[0].actions, f->at[i].actions);
    return f->at[0].actions;
}

void
followers_close(struct followers **f)
{
    (*f)->over = true;
    CHECK_INT(0, pthread_join((*f)->thread, NULL));
    arena_destroy(&(*f)->arena);
    free(*f);
    *f = NULL;
}
