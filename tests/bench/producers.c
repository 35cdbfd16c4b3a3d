#include "tests/bench/producers.h"

#include <czmq.h>
#include <sys/random.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "schema/wire/frame.h"
#include "schema/wire/peer.h"
#include "tests/bench/latency.h"
#include "tests/t.h"

enum {
    PATIENCE = 20000,    /* ms without any answer */
    ANSWERS_A_TURN = 64, /* of one producer before the next has its turn */
};

struct producer {
    struct peer *peer;
    int64_t sent, acknowledged; /* n */
    int64_t sent_at[WINDOW_MAX];
};

struct producers {
    struct producer at[PRODUCERS_MAX];
    zmq_pollitem_t items[PRODUCERS_MAX + 1]; /* the last is the timer's */
    unsigned count;
    bool echoed;
    struct arena *arena;
    struct latency latency; /* of what is counted */
    bool counting;
    int timer;            /* a timerfd: the next one is due */
    int64_t begun, paced; /* when this work began, and how many were due since */
};

/* --- opening --------------------------------------------------------------------- */

static void
say_hello(struct producers *p, struct producer *one)
{
    uint8_t outbox[OUTBOX_SIZE];
    uint8_t frame[PRODUCER_FRAME];
    struct hello hello = {.oldest = PROTOCOL_VERSION,
                          .newest = PROTOCOL_VERSION,
                          .software = text_of("benchmark"),
                          .outbox = {outbox, OUTBOX_SIZE}};
    enum message_kind kind;
    union message message;
    struct fault fault;
    zmq_msg_t answer;

    CHECK(getrandom(outbox, sizeof outbox, 0) == sizeof outbox);
    hello.has.oldest = hello.has.newest = hello.has.software = hello.has.outbox = 1;
    size_t len = frame_encode(SAY_HELLO, &hello, frame, sizeof frame);
    CHECK_INT(0, peer_send(one->peer, frame, len));
    (void)zmq_msg_init(&answer);
    CHECK_INT(PEER_MESSAGE, peer_wait(one->peer, PATIENCE));
    CHECK_INT(1, peer_receive(one->peer, &answer));
    CHECK(frame_decode(p->arena, zmq_msg_data(&answer), zmq_msg_size(&answer), &kind, &message,
                       &fault));
    CHECK_INT(SAY_WELCOME, kind);
    (void)zmq_msg_close(&answer);
}

struct producers *
producers_open(const struct identity *identities, unsigned count, bool echoed)
{
    struct producers *p = calloc(1, sizeof *p);
    zmq_pollitem_t items[PEER_POLL_ITEMS];

    CHECK(p && count <= PRODUCERS_MAX);
    p->count = count;
    p->echoed = echoed;
    p->arena = arena_new();
    for (unsigned i = 0; i < count; i++) {
        struct producer *one = &p->at[i];
        CHECK_INT(0, peer_new(&one->peer, &identities[i], PEER_PATIENCE));
        CHECK_INT(0, peer_dial(one->peer));
        CHECK_INT(PEER_OPENED, peer_wait(one->peer, PATIENCE));
        if (!echoed)
            say_hello(p, one);
        CHECK(peer_poll_items(one->peer, items) > 0);
        p->items[i] = items[0];
    }
    p->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    CHECK(p->timer >= 0);
    p->items[count] = (zmq_pollitem_t){.fd = p->timer, .events = ZMQ_POLLIN};
    return p;
}

void
producers_close(struct producers **p)
{
    for (unsigned i = 0; i < (*p)->count; i++)
        peer_free(&(*p)->at[i].peer);
    (void)close((*p)->timer);
    arena_destroy(&(*p)->arena);
    free(*p);
    *p = NULL;
}

/* --- working ---------------------------------------------------------------------- */

static void
acknowledge(struct producers *p, struct producer *one, int64_t n, int64_t now)
{
    CHECK_INT(one->acknowledged + 1, n);
    one->acknowledged = n;
    if (!p->counting)
        return;
    latency_add(&p->latency, now - one->sent_at[n % WINDOW_MAX]);
}

static void
take_answer(struct producers *p, struct producer *one, zmq_msg_t *answer, int64_t now)
{
    enum message_kind kind;
    union message m;
    struct fault fault;

    if (p->echoed) {
        acknowledge(p, one, one->acknowledged + 1, now);
        return;
    }
    arena_reset(p->arena);
    CHECK(frame_decode(p->arena, zmq_msg_data(answer), zmq_msg_size(answer), &kind, &m, &fault));
    if (kind == SAY_REFUSED)
        FAIL_WITH("refused: %.*s: %.*s", (int)m.refused.field.len, m.refused.field.at,
                  (int)m.refused.reason.len, m.refused.reason.at);
    CHECK_INT(SAY_ACK, kind);
    for (uint32_t i = 0; i < m.ack.numbers.count; i++)
        acknowledge(p, one, m.ack.n + i, now);
}

static void
take_answers(struct producers *p, struct producer *one)
{
    int64_t now = latency_now();
    zmq_msg_t answer;

    (void)zmq_msg_init(&answer);
    for (int i = 0; i < ANSWERS_A_TURN && peer_receive(one->peer, &answer) == 1; i++)
        take_answer(p, one, &answer, now);
    (void)zmq_msg_close(&answer);
}

static bool
may_send(const struct producer *one, const struct production *work)
{
    return one->sent < work->last && one->sent - one->acknowledged < work->window;
}

/* `due` is when it is sent, or was to be. */
static bool
send_next(struct producers *p, unsigned i, const struct production *work, int64_t due)
{
    struct producer *one = &p->at[i];
    uint8_t frame[PRODUCER_FRAME];
    int64_t n = one->sent + 1;
    size_t len = work->frame(work->context, i, n, frame);

    if (peer_send(one->peer, frame, len))
        return false;
    one->sent_at[n % WINDOW_MAX] = due;
    if (work->sent)
        work->sent->at[i][n % SENT_MAX] = due;
    one->sent = n;
    return true;
}

static void
fill_windows(struct producers *p, const struct production *work)
{
    for (unsigned i = 0; i < p->count; i++) {
        int64_t now = latency_now();
        while (may_send(&p->at[i], work) && send_next(p, i, work, now))
            ;
    }
}

/* When the next one is to be sent, of so many a second. */
static int64_t
due(const struct producers *p, const struct production *work)
{
    return p->begun + p->paced * 1000000 / work->a_second;
}

/* Each of them in turn. What can't be sent when it is due is late from then on: an answer
   that is held up holds up no clock. Wakes when the next one is. */
static void
keep_pace(struct producers *p, const struct production *work)
{
    int64_t now = latency_now();

    for (; due(p, work) <= now; p->paced++) {
        unsigned i = (unsigned)(p->paced % p->count);
        if (!may_send(&p->at[i], work) || !send_next(p, i, work, due(p, work)))
            return;
    }
    int64_t next = due(p, work);
    const struct itimerspec at = {
        .it_value = {.tv_sec = next / 1000000, .tv_nsec = next % 1000000 * 1000}};
    CHECK_INT(0, timerfd_settime(p->timer, TFD_TIMER_ABSTIME, &at, NULL));
}

static bool
all_answered(const struct producers *p)
{
    for (unsigned i = 0; i < p->count; i++)
        if (p->at[i].sent != p->at[i].acknowledged)
            return false;
    return true;
}

static bool
all_sent(const struct producers *p, const struct production *work)
{
    for (unsigned i = 0; i < p->count; i++)
        if (p->at[i].sent < work->last)
            return false;
    return true;
}

static void
turn(struct producers *p, const struct production *work, bool sending)
{
    uint64_t times;

    if (sending && work->a_second)
        keep_pace(p, work);
    else if (sending)
        fill_windows(p, work);
    int ready = zmq_poll(p->items, (int)p->count + 1, PATIENCE);
    if (ready <= 0)
        FAIL_WITH("no answer in %d ms", PATIENCE);
    if (p->items[p->count].revents & ZMQ_POLLIN)
        (void)!read(p->timer, &times, sizeof times);
    for (unsigned i = 0; i < p->count; i++)
        if (p->items[i].revents & ZMQ_POLLIN)
            take_answers(p, &p->at[i]);
}

void
producers_work(struct producers *p, const struct production *work,
               void (*at_ends)(void *context, bool end), void *context, struct yield *out)
{
    int64_t start = latency_now();
    int64_t from = start + work->warm_ms * 1000;
    int64_t until = INT64_MAX;
    int64_t begun = 0;
    int64_t ended = 0;

    CHECK(work->window <= WINDOW_MAX);
    p->latency = (struct latency){0};
    p->begun = start;
    p->paced = 0;
    for (;;) {
        int64_t now = latency_now();
        if (!begun && now >= from) {
            begun = now;
            until = now + (work->last_ms - work->warm_ms) * 1000;
            p->counting = true;
            if (at_ends)
                at_ends(context, false);
        }
        bool over = (now >= until && p->latency.count) || all_sent(p, work);
        if (!ended && over) {
            ended = now;
            p->counting = false;
            if (at_ends)
                at_ends(context, true);
        }
        if (over && all_answered(p))
            break;
        turn(p, work, !over);
    }
    *out = (struct yield){p->latency.count, (double)(ended - begun) / 1e6,
                          latency_quantile(&p->latency, 0.5), latency_quantile(&p->latency, 0.99)};
}

int64_t
producers_acknowledged(const struct producers *p)
{
    int64_t sum = 0;
    for (unsigned i = 0; i < p->count; i++)
        sum += p->at[i].acknowledged;
    return sum;
}
