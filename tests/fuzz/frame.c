/* Frames of clients at a broker without sockets, in every state of a session:
   nothing said, HELLO said with an outbox or without, an n awaited, forked, its
   key revoked. The input is a list of steps: whole frames as they come, or made
   of the rest of the input. Whatever comes,
     - the broker goes on, and what it says can be read;
     - a submission of an open session is answered, once;
     - an n has one verdict for ever, and none is told before it is durable;
     - the journal's numbers have no gap, and folding it gives the state.      */
#include <stdlib.h>
#include <string.h>

#include "broker/events.h"
#include "broker/newday.h"
#include "broker/service.h"
#include "schema/days.h"
#include "schema/wire/frame.h"
#include "tests/small_board.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum {
    STRANGER = SMALL_BOARD_CLIENTS,
    TWIN, /* of the first client */
    PEERS,
    N_MAX = 64,
    STEPS = 200,
    FRAME = 8192,
};

#define HOUR INT64_C(3600000000)

struct kept {
    enum submission_kind kind;
    uint8_t body[SMALL_BODY];
    uint32_t len;
    int64_t number; /* of its verdict; 0: none was heard */
    bool refused;
};

struct peer {
    struct hub_route route;
    uint8_t key[CURVE_KEY];
    uint8_t outbox[OUTBOX_SIZE];
    int64_t next; /* n that was not submitted yet */
    struct kept kept[N_MAX];
};

struct room {
    struct small_board board;
    struct outgoing out;
    struct service service;
    struct newday newday;
    struct peer peers[PEERS];
    struct moment now;
    unsigned at_once; /* frames that left without waiting */
    bool gap;         /* a gap in an outbox may have been accepted */
    bool releasing;
    const uint8_t *at;
    size_t left; /* of the input */
};

static void
check(bool holds)
{
    if (!holds)
        abort();
}

/* Instead of the broker's, which would fill the screen: a line is one line. */
void
log_write(struct log_line *line)
{
    char room[LOG_LINE];
    struct text whole = log_line_text(line, room);

    check(strncmp(whole.at, "event=", 6) == 0 && whole.at[whole.len - 1] == '\n');
    for (size_t i = 0; i < whole.len - 1; i++)
        check(whole.at[i] >= ' ' && whole.at[i] < 0x7f);
}

static uint8_t
take(struct room *r)
{
    return r->left ? r->left--, *r->at++ : 0;
}

/* --- what the broker says ------------------------------------------------------------ */

static struct kept *
kept_at(struct peer *p, int64_t n)
{
    return n >= 1 && n <= N_MAX ? &p->kept[n - 1] : NULL;
}

static void
hear_verdict(struct room *r, struct peer *p, int64_t n, int64_t number, bool refused)
{
    struct kept *k = kept_at(p, n);

    check(number >= 1 && number <= r->board.ledger.durable);
    if (!k)
        return;
    check(!k->number || (k->number == number && k->refused == refused));
    k->number = number;
    k->refused = refused;
}

static bool
is_own(const struct peer *p, struct bytes outbox)
{
    return memcmp(outbox.at, p->outbox, OUTBOX_SIZE) == 0;
}

/* What was told a verdict is never asked for anew; what was not may become
   another submission. */
static void
hear_again_from(struct peer *p, struct bytes outbox, int64_t n)
{
    if (!is_own(p, outbox))
        return;
    check(!kept_at(p, n) || !kept_at(p, n)->number);
    p->next = n;
}

static void
deliver(void *context, struct session *to, struct parcel *frame)
{
    struct room *r = context;
    struct peer *p = &r->peers[to->route.bytes[0]];
    struct arena *arena = arena_new();
    enum message_kind kind;
    union message m;
    struct fault fault;

    check(frame_decode(arena, frame->at, frame->len, &kind, &m, &fault));
    if (!r->releasing)
        r->at_once++;
    check(r->releasing || kind == SAY_PONG || kind == SAY_RETRY);
    for (uint32_t i = 0; kind == SAY_ACK && is_own(p, m.ack.outbox) && i < m.ack.numbers.count; i++)
        hear_verdict(r, p, m.ack.n + i, m.ack.numbers.at[i], false);
    if (kind == SAY_REFUSED && is_own(p, m.refused.outbox))
        hear_verdict(r, p, m.refused.n, m.refused.number, true);
    if (kind == SAY_REWIND)
        hear_again_from(p, m.rewind.outbox, m.rewind.n);
    if (kind == SAY_RETRY)
        hear_again_from(p, m.retry.outbox, m.retry.n);
    arena_destroy(&arena);
    parcel_free(frame);
}

/* --- what clients say -------------------------------------------------------------------- */

static uint64_t
answers(const struct room *r)
{
    return outgoing_count(&r->out) + r->at_once;
}

/* As the loop does it: with the past where the answer needs one. */
static void
say(struct room *r, const struct peer *p, const void *frame, size_t len)
{
    static const atomic_bool go_on;
    struct past past = {0};

    (void)service_expect(&r->service, &p->route, frame, len);
    int rc = service_take(&r->service, &p->route, p->key, frame, len, r->now);

    if (rc == SERVICE_LATER) {
        check(past_fold(r->board.journal, &r->service.wanted, &go_on, &past) == 0);
        rc = service_take_again(&r->service, &p->route, p->key, frame, len, &past, r->now);
        past_free(&past);
    }
    check(rc == 0);
}

static void
say_raw(struct room *r, const struct peer *p)
{
    size_t len = (size_t)(take(r) << 8 | take(r)) % (r->left + 1);
    const uint8_t *at = r->at;

    r->at += len;
    r->left -= len;
    say(r, p, at, len);
}

static void
say_hello(struct room *r, const struct peer *p, uint8_t how)
{
    uint8_t frame[FRAME];
    struct hello h = {.oldest = 1, .newest = how & 1 ? 1 : 7, .software = text_of("fuzz")};

    if (how & 2)
        h.oldest = how;
    h.outbox = (struct bytes){how & 4 ? r->peers[how % PEERS].outbox : p->outbox, OUTBOX_SIZE};
    h.has.oldest = h.has.newest = h.has.software = 1;
    h.has.outbox = (how & 24) != 24;
    if (how & 32) {
        h.number = how & 15;
        h.root = (struct bytes){p->key, 32};
        h.has.number = h.has.root = 1;
    }
    h.alone = h.has.alone = (how & 64) != 0;
    h.epoch = how & 1 ? INT64_MAX : how & 7;
    h.has.epoch = (how & 128) != 0;
    say(r, p, frame, frame_encode(SAY_HELLO, &h, frame, sizeof frame));
}

/* The session as it is; one of a client that said nothing yet is closed. */
static bool
must_answer(struct room *r, const struct peer *p, int64_t n)
{
    const struct session *s = sessions_meet(r->service.sessions, &p->route, p->key, r->now.steady);

    return s->open && !s->turned_away && !(s->forked && n >= s->forked)
           && !(s->awaited && n > s->awaited)
           && patience_left(&s->limits->strikes, r->now.steady) == 0;
}

static void
submit(struct room *r, const struct peer *p, int64_t n, const struct kept *k)
{
    uint8_t frame[FRAME];
    struct submit m = {
        .n = n, .kind = k->kind, .nonce = {p->key, NONCE_SIZE}, .body = {k->body, k->len}};

    m.has.n = m.has.kind = m.has.nonce = m.has.body = 1;
    size_t len = frame_encode(SAY_SUBMIT, &m, frame, sizeof frame);
    bool expected = must_answer(r, p, n);
    uint64_t before = answers(r);
    check(len > 0);
    say(r, p, frame, len);
    check(expected ? answers(r) == before + 1 : answers(r) <= before + 1);
}

static void
read_line(struct room *r, struct kept *k)
{
    uint8_t which = take(r);
    int64_t number = r->board.ledger.number - take(r) % 4;

    k->len = small_board_body(which, number, &k->kind, k->body);
    r->gap |= k->kind == KIND_BOARD;
}

static void
read_body(struct room *r, struct kept *k)
{
    k->kind = (enum submission_kind)(take(r) % SUBMISSION_KIND_COUNT);
    k->len = take(r) + 1u;
    for (uint32_t i = 0; i < k->len; i++)
        k->body[i] = take(r);
}

static void
submit_next(struct room *r, struct peer *p, void (*read)(struct room *, struct kept *))
{
    struct kept *k = kept_at(p, p->next);

    if (!k)
        return;
    *k = (struct kept){0};
    read(r, k);
    submit(r, p, p->next++, k);
}

/* One that was said before, as it was or changed; or one ahead. */
static void
submit_again(struct room *r, struct peer *p)
{
    int64_t n = 1 + take(r) % (p->next + 1);

    if (!kept_at(p, n))
        return;
    struct kept k = *kept_at(p, n);
    if (k.len == 0)
        k.len = 1;
    if (take(r) % 4 == 0)
        k.body[0] ^= 1;
    submit(r, p, n, &k);
}

static void
ask(struct room *r, const struct peer *p)
{
    uint8_t frame[FRAME];
    struct query q = {.id = 1, .what = (enum query_kind)(take(r) % QUERY_COUNT)};
    uint8_t with = take(r);
    static const char *const places[] = {"1", "12", "9223372036854775807", "p/1"};

    q.after = text_of(places[take(r) % (sizeof places / sizeof *places)]);
    q.plan = text_of("p");
    q.action = text_of("p/1");
    q.agency = text_of("police");
    q.from = take(r);
    q.size = take(r);
    q.limit = 1 + take(r) % 4;
    q.as_at = q.since = day_in_london(r->now.host) - 2 + take(r) % 4;
    q.every = 1 + take(r) % 4;
    q.has.as_at = q.has.since = take(r) % 3 == 0;
    q.has.every = 1;
    q.has.id = q.has.what = 1;
    q.has.plan = with & 1;
    q.has.action = (with & 2) != 0;
    q.has.agency = (with & 4) != 0;
    q.has.from = (with & 8) != 0;
    q.has.size = (with & 16) != 0;
    q.has.limit = (with & 32) != 0;
    q.has.after = (with & 64) != 0;
    say(r, p, frame, frame_encode(SAY_QUERY, &q, frame, sizeof frame));
}

static void
say_short(struct room *r, const struct peer *p, enum message_kind kind)
{
    uint8_t frame[FRAME];
    struct ping nothing = {0};

    say(r, p, frame, frame_encode(kind, &nothing, frame, sizeof frame));
}

/* --- time, and the journal --------------------------------------------------------------- */

/* What may leave leaves. */
static void
release(struct room *r)
{
    r->releasing = true;
    outgoing_release(&r->out, r->board.ledger.durable);
    r->releasing = false;
}

static void
settle(struct room *r)
{
    small_board_settle(&r->board);
    release(r);
}

/* The journal has failed: what was not durable has never been. */
static void
fail(struct room *r)
{
    outgoing_drop(&r->out);
    sessions_roll_back(r->service.sessions, r->board.ledger.durable);
    check(ledger_roll_back(&r->board.ledger) == 0);
    newday_forget(&r->newday);
}

static void
pass_time(struct room *r, uint8_t hours)
{
    r->now.steady += hours * HOUR;
    r->now.host += hours * HOUR * (hours & 1 ? 1 : 3) - (hours == 255 ? 1000 * HOUR : 0);
}

/* Some of the days that have begun, or none. */
static void
rate(struct room *r, uint8_t rows)
{
    if (rows)
        check(newday_step(&r->newday, r->now.host, rows) >= 0);
}

static void
step(struct room *r)
{
    uint8_t what = take(r);
    struct peer *p = &r->peers[what % PEERS];

    switch (what / PEERS % 16) {
    case 0: say_raw(r, p); break;
    case 1: say_hello(r, p, 1); break;
    case 2: say_hello(r, p, take(r)); break;
    case 3:
    case 4:
    case 5: submit_next(r, p, read_line); break;
    case 6: submit_next(r, p, read_body); break;
    case 7: submit_again(r, p); break;
    case 8: ask(r, p); break;
    case 9: say_short(r, p, SAY_PING); break;
    case 10: say_short(r, p, SAY_BYE); break;
    case 11: settle(r); break;
    case 12: release(r); break;
    case 13: fail(r); break;
    case 14:
        pass_time(r, take(r));
        rate(r, take(r));
        break;
    default: check(service_strike(&r->service, &p->route, p->key, r->now) == 0); break;
    }
}

/* Each n of an outbox has its entry. */
static void
check_outboxes(struct room *r)
{
    for (unsigned i = 0; i < PEERS && !r->gap; i++) {
        struct state_key key = state_key_of_outbox((struct bytes){r->peers[i].outbox, OUTBOX_SIZE});
        struct chain chain;
        check(state_get_chain(r->board.ledger.state, r->board.arena, &key, &chain) >= 0);
        check(chain.n == chain.count);
    }
}

static void
open_room(struct room *r, const struct run_option *options)
{
    static const struct guard no_mailboxes;
    static const uint8_t signing[CHECKPOINT_KEY] = {1};

    small_board_open(&r->board);
    outgoing_init(&r->out, deliver, r);
    newday_init(&r->newday, &r->board.ledger);
    service_init(&r->service, &r->board.ledger, &r->out, &no_mailboxes, options, signing);
    r->now = (struct moment){r->board.host, HOUR};
    for (unsigned i = 0; i < PEERS; i++) {
        struct peer *p = &r->peers[i];
        p->route = (struct hub_route){.len = 1, .bytes = {(uint8_t)i}};
        small_board_key(i == TWIN ? 0 : i, p->key);
        memset(p->outbox, (int)i + 1, sizeof p->outbox);
        p->next = 1;
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct room *r;
    struct run_option options = {.listen = {0}};

    if (!r && !(r = malloc(sizeof *r)))
        abort();
    memset(r, 0, sizeof *r);
    run_option_defaults(&options);
    open_room(r, &options);
    r->at = data;
    r->left = len;
    for (int i = 0; i < STEPS && r->left; i++)
        step(r);
    settle(r);
    check(outgoing_is_empty(&r->out));
    check(r->board.ledger.durable == r->board.ledger.number);
    check_outboxes(r);
    check(!small_board_refold(&r->board));
    service_end(&r->service);
    newday_end(&r->newday);
    outgoing_end(&r->out);
    small_board_close(&r->board);
    return 0;
}
