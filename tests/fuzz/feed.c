/* Subscriptions at a broker without sockets: what clients say of them, in any order and
   with any field, between submissions, batches, failures of the journal and sessions
   that begin anew. The input is a list of steps. Whatever comes,
     - the broker goes on, and what it says can be read, and leaves when it is durable;
     - each subscription's messages are counted 1, 2, 3 ..., and cost no more than the
       credit that was granted;
     - its entries come in order, once, and none is beyond `upto`.              */
#include <stdlib.h>
#include <string.h>

#include "broker/events.h"
#include "broker/newday.h"
#include "broker/service.h"
#include "schema/days.h"
#include "schema/wire/frame.h"
#include "tests/small_board.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { PEERS = SMALL_BOARD_CLIENTS, IDS_OF_EACH = 3, STEPS = 200, FRAME = 8192 };

/* A subscription as its client counts. */
struct heard {
    bool begun; /* it may be there */
    int64_t count, upto;
    double left; /* of its credit, which may be more than an integer holds */
};

struct peer {
    struct hub_route route;
    uint8_t key[CURVE_KEY];
    struct heard heard[IDS_OF_EACH];
    int64_t n;
};

struct room {
    struct small_board board;
    struct outgoing out;
    struct service service;
    struct newday newday;
    struct peer peers[PEERS];
    struct moment now;
    const uint8_t *at;
    size_t left; /* of the input */
};

static void
check(bool holds)
{
    if (!holds)
        abort();
}

/* Instead of the broker's, which would fill the screen. */
void
log_write(struct log_line *line)
{
    check(line->event != NULL);
}

static uint8_t
take(struct room *r)
{
    return r->left ? r->left--, *r->at++ : 0;
}

/* --- what the broker says ------------------------------------------------------------ */

static void
hear(struct peer *p, int64_t id, int64_t count, size_t len)
{
    check(id >= 0 && id < IDS_OF_EACH);
    struct heard *h = &p->heard[id];
    check(h->begun && count == h->count + 1);
    h->count = count;
    h->left -= len > FEED_COST_LEAST ? (double)len : FEED_COST_LEAST;
    check(h->left >= 0);
}

static void
hear_event(struct room *r, struct heard *h, const struct event *e)
{
    const struct entry *entry = e->entries.at;

    for (uint32_t i = 0; i < e->entries.count; i++) {
        check(entry[i].number > h->upto && entry[i].number <= e->upto);
        h->upto = entry[i].number;
    }
    check(e->upto >= h->upto && e->number <= r->board.ledger.durable);
    h->upto = e->upto;
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
    if (kind == SAY_PLANS)
        hear(p, m.seen_plans.id, m.seen_plans.count, frame->len);
    if (kind == SAY_STATE)
        hear(p, m.current.id, m.current.count, frame->len);
    if (kind == SAY_LIVE)
        hear(p, m.live.id, m.live.count, frame->len);
    if (kind == SAY_EVENT) {
        hear(p, m.event.id, m.event.count, frame->len);
        hear_event(r, &p->heard[m.event.id], &m.event);
    }
    arena_destroy(&arena);
    parcel_free(frame);
}

static void
settle(struct room *r)
{
    small_board_settle(&r->board);
    outgoing_release(&r->out, r->board.ledger.durable);
}

/* --- what clients say ---------------------------------------------------------------- */

static void
say(struct room *r, const struct peer *p, enum message_kind kind, const void *record)
{
    uint8_t frame[FRAME];
    size_t len = frame_encode(kind, record, frame, sizeof frame);

    check(len > 0);
    check(service_take(&r->service, &p->route, p->key, frame, len, r->now) >= 0);
}

static void
say_hello(struct room *r, struct peer *p)
{
    struct hello h = {.oldest = 1, .newest = 1, .software = text_of("fuzz")};

    settle(r); /* what is under way comes before WELCOME */
    h.outbox = (struct bytes){p->key, OUTBOX_SIZE};
    h.has.oldest = h.has.newest = h.has.software = h.has.outbox = 1;
    say(r, p, SAY_HELLO, &h);
    memset(p->heard, 0, sizeof p->heard);
}

static struct texts
some(struct room *r, const struct text *list, uint32_t count, bool *has)
{
    uint8_t which = take(r);

    *has = which & 1;
    return (struct texts){list, which % (count + 1)};
}

static bool
is_there(const struct room *r, const struct peer *p, int64_t id)
{
    for (const struct follower *f = r->service.feeds.first; f; f = f->next)
        if (f->id == id && f->to->route.bytes[0] == p->route.bytes[0] && !f->over
            && f->greeting == f->to->greeting)
            return true;
    return false;
}

static void
say_subscribe(struct room *r, struct peer *p)
{
    static const struct text plans[] = {{"p", 1}, {"q", 1}, {"nothing", 7}};
    static const struct text actions[] = {{"p/1", 3}, {"q/", 2}, {"/", 1}};
    static const struct text themes[] = {{"neglect", 7}, {"", 0}};
    static const struct text agencies[] = {{"police", 6}, {"health", 6}};
    struct subscribe s = {.id = take(r) % IDS_OF_EACH, .want = (enum feed_want)(take(r) % 3)};
    bool has;

    s.plans = some(r, plans, 3, &has);
    s.has.plans = has;
    s.actions = some(r, actions, 3, &has);
    s.has.actions = has;
    s.themes = some(r, themes, 2, &has);
    s.has.themes = has;
    s.agencies = some(r, agencies, 2, &has);
    s.has.agencies = has;
    s.held = some(r, plans, 3, &has);
    s.has.held = has;
    s.from = take(r);
    s.has.from = s.from & 1;
    s.credit = CREDIT_LEAST + (take(r) & 1 ? INT64_MAX - CREDIT_LEAST : 0);
    s.has.credit = take(r) & 1;
    s.has.id = s.has.want = 1;
    bool before = is_there(r, p, s.id);
    say(r, p, SAY_SUBSCRIBE, &s);
    if (before || !is_there(r, p, s.id))
        return;
    p->heard[s.id] = (struct heard){.begun = true, .left = s.has.credit ? (double)s.credit : 0};
}

static void
say_credit(struct room *r, struct peer *p)
{
    struct credit c = {.id = take(r) % IDS_OF_EACH,
                       .credit = (int64_t)CREDIT_LEAST << take(r) % 40};

    c.has.id = c.has.credit = 1;
    p->heard[c.id].left += (double)c.credit;
    say(r, p, SAY_CREDIT, &c);
}

static void
say_unsubscribe(struct room *r, struct peer *p)
{
    struct unsubscribe u = {.id = take(r) % IDS_OF_EACH};

    u.has.id = 1;
    settle(r);
    say(r, p, SAY_UNSUBSCRIBE, &u);
}

static void
say_submit(struct room *r, struct peer *p)
{
    uint8_t body[SMALL_BODY];
    struct submit s = {.n = ++p->n, .nonce = {p->key, NONCE_SIZE}, .body = {body, 0}};

    s.body.len = small_board_body(take(r), r->board.ledger.number - take(r) % 4, &s.kind, body);
    s.has.n = s.has.kind = s.has.nonce = s.has.body = 1;
    say(r, p, SAY_SUBMIT, &s);
}

/* --- turns ------------------------------------------------------------------------------ */

/* Whoever was told of what never happened subscribes again. */
static void
fail(struct room *r)
{
    outgoing_drop(&r->out);
    sessions_roll_back(r->service.sessions, r->board.ledger.durable);
    check(ledger_roll_back(&r->board.ledger) == 0);
    newday_forget(&r->newday);
    feeds_roll_back(&r->service.feeds, r->board.ledger.durable);
}

static void
pass_time(struct room *r, uint8_t hours)
{
    r->now.steady += hours * INT64_C(3600000000);
    r->now.host += hours * INT64_C(3600000000);
}

static void
step(struct room *r)
{
    uint8_t what = take(r);
    struct peer *p = &r->peers[what % PEERS];

    r->now.steady += 1000;
    switch (what / PEERS % 13) {
    case 0: say_hello(r, p); break;
    case 1:
    case 2: say_subscribe(r, p); break;
    case 3: say_credit(r, p); break;
    case 4: say_unsubscribe(r, p); break;
    case 5:
    case 6: say_submit(r, p); break;
    case 7: check(feeds_step(&r->service.feeds, true, r->now) == 0); break;
    case 8: check(feeds_step(&r->service.feeds, false, r->now) == 0); break;
    case 9: settle(r); break;
    case 10: fail(r); break;
    case 11: pass_time(r, take(r)); break;
    default: check(newday_step(&r->newday, r->now.host, take(r) + 1) >= 0); break;
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
    r->now = (struct moment){r->board.host, INT64_C(3600000000)};
    for (unsigned i = 0; i < PEERS; i++) {
        struct peer *p = &r->peers[i];
        p->route = (struct hub_route){.len = 1, .bytes = {(uint8_t)i}};
        small_board_key(i, p->key);
        say_hello(r, p);
    }
    settle(r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct room *r;
    struct run_option options = {.listen = {0}};

    if (!r && !(r = malloc(sizeof *r)))
        abort();
    memset(r, 0, sizeof *r);
    r->at = data;
    r->left = len;
    run_option_defaults(&options);
    open_room(r, &options);
    for (int i = 0; i < STEPS && r->left; i++)
        step(r);
    settle(r);
    service_end(&r->service);
    newday_end(&r->newday);
    outgoing_end(&r->out);
    small_board_close(&r->board);
    return 0;
}
