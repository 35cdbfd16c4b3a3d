/* The broker's loop with nothing between a frame and its entry: what is judged, looked
   up, folded, granted and fed is left out; receiving, the entry's encoding, the batches,
   the journal and its actor, and the acknowledgements are the broker's own. */
#include <errno.h>
#include <time.h>

#include "broker/board.h"
#include "broker/flight.h"
#include "broker/loop/journal_actor.h"
#include "broker/outgoing.h"
#include "schema/days.h"
#include "schema/entry.h"
#include "schema/wire/frame.h"
#include "schema/wire/zap.h"
#include "store/environment.h"
#include "tests/bench/yardstick.h"
#include "tests/t.h"

/* As broker/loop/loop.c has them. */
enum { DRAIN = 256, SEALED_MAX = 2, WINDOW = 256 };

struct ceiling {
    struct zap *zap;
    struct hub *hub;
    struct journal *journal;
    struct journal_actor *actor;
    struct sessions *sessions;
    struct pending pending;
    struct outgoing out;
    struct arena *arena;
    uint64_t generation;
    bool syncing;
    int64_t number, durable;
    int64_t time; /* of this turn */
    int32_t day;
};

/* --- opening -------------------------------------------------------------------------- */

static void
let_in(struct ceiling *c, const struct yardstick_keys *keys)
{
    struct zap_key known[PRODUCERS_MAX];
    struct zap_table *table;

    for (unsigned i = 0; i < PRODUCERS_MAX; i++) {
        memcpy(known[i].key, keys->clients[i], CURVE_KEY);
        (void)snprintf(known[i].client, sizeof known[i].client, PRODUCER_NAME, i % AGENCIES, i);
    }
    CHECK_INT(0, zap_table_new(&table, known, PRODUCERS_MAX));
    CHECK_INT(0, zap_start(&c->zap, &table));
}

/* A new one, or the copy that is there; either is the board's. */
static void
open_journal(struct ceiling *c, const char *folder)
{
    struct board_keys keys;
    struct tree_head head;
    char path[BOARD_PATH];
    struct why why;

    CHECK_INT(0, board_keys_load(folder, &keys, &why));
    const struct journal_owner owner = {keys.name, keys.signed_by};
    board_path(folder, "journal", path);
    int rc = journal_create_lmdb(path, &owner, 1, &why);
    CHECK(rc == 0 || rc == -EEXIST);
    CHECK_INT(0, board_open_journal(folder, &keys, ENVIRONMENT_MAP, &c->journal, &why));
    board_keys_wipe(&keys);
    CHECK_INT(0, journal_begin_generation(c->journal, &c->generation));
    CHECK_INT(0, journal_actor_start(&c->actor, c->journal));
    journal_head(c->journal, &head);
    c->number = c->durable = (int64_t)head.size;
}

static void
deliver(void *context, struct session *to, struct parcel *frame)
{
    struct ceiling *c = context;

    if (hub_send(c->hub, &to->route, frame->at, frame->len) != HUB_SENT)
        sessions_end(c->sessions, to);
    parcel_free(frame);
}

static void
open_sockets(struct ceiling *c, const uint8_t secret[CURVE_KEY])
{
    CHECK_INT(0, hub_open(&c->hub, secret, WINDOW));
    CHECK_INT(0, hub_bind(c->hub, "tcp://127.0.0.1:*"));
    printf("%s\n", hub_endpoint(c->hub, 0));
    (void)fflush(stdout);
}

/* --- frames ----------------------------------------------------------------------------- */

static void
greet(struct ceiling *c, struct session *s, const struct hello *hello)
{
    const char *client = zap_client(c->zap, s->key);
    struct welcome w = {.version = PROTOCOL_VERSION,
                        .software = text_of("ceiling"),
                        .board = text_of("ceiling"),
                        .title = text_of("Ceiling"),
                        .client = text_of(client),
                        .role = ROLE_AGENCY,
                        .head = text_of("none"),
                        .today = c->day,
                        .window = WINDOW,
                        .body_max = BODY_MAX,
                        .ping_ms = 10000};

    w.has.version = w.has.software = w.has.board = w.has.title = w.has.client = w.has.role = 1;
    w.has.n = w.has.number = w.has.epoch = w.has.head = w.has.today = w.has.window = 1;
    w.has.body_max = w.has.ping_ms = w.has.mailboxes = 1;
    session_begin(s, hello->outbox, c->number);
    (void)snprintf(s->client, sizeof s->client, "%s", client);
    outgoing_say(&c->out, s, c->number, SAY_WELCOME, &w);
}

static void
take(struct ceiling *c, struct session *s, const struct submit *m)
{
    const struct entry_origin from = {.number = c->number + 1,
                                      .time = c->time,
                                      .day = c->day,
                                      .client = text_of(s->client),
                                      .outbox = {s->outbox, OUTBOX_SIZE},
                                      .n = m->n,
                                      .kind = m->kind,
                                      .nonce = m->nonce,
                                      .body = m->body};
    const struct findings found = {.note_changed = true};
    uint64_t sealed = c->pending.ever_sealed;
    struct entry e;

    entry_accepted(&e, &from, &found);
    e.previous_in_row = e.previous_in_plan = e.previous_in_outbox = c->number;
    pending_add(&c->pending, &e);
    c->number++;
    outgoing_ack(&c->out, s, c->number, sealed, m->n, c->number);
}

static void
handle(struct ceiling *c, const struct hub_frame *frame)
{
    struct session *s = sessions_meet(c->sessions, &frame->route, frame->key, c->time);
    enum message_kind kind;
    union message m;
    struct fault fault;

    arena_reset(c->arena);
    CHECK(frame_decode(c->arena, frame->data, frame->len, &kind, &m, &fault));
    if (kind == SAY_HELLO)
        greet(c, s, &m.hello);
    else if (kind == SAY_SUBMIT)
        take(c, s, &m.submit);
}

/* --- turns -------------------------------------------------------------------------------- */

static bool
may_read(const struct ceiling *c)
{
    return c->pending.sealed < SEALED_MAX;
}

static void
wait_for_event(struct ceiling *c)
{
    struct timespec ts;
    zmq_pollitem_t items[] = {
        {.fd = journal_actor_fd(c->actor), .events = ZMQ_POLLIN},
        {.socket = zsock_resolve(hub_socket(c->hub)), .events = ZMQ_POLLIN},
    };

    CHECK(zmq_poll(items, may_read(c) ? 2 : 1, -1) >= 0);
    (void)clock_gettime(CLOCK_REALTIME, &ts);
    c->time = ts.tv_sec * INT64_C(1000000) + ts.tv_nsec / 1000;
}

static void
take_report(struct ceiling *c)
{
    int result;

    if (!c->syncing || !journal_actor_take(c->actor, &result))
        return;
    CHECK_INT(0, result);
    c->syncing = false;
    const struct batch *b = pending_next(&c->pending);
    c->durable = b->first + b->count - 1;
    pending_done(&c->pending);
}

static void
drain(struct ceiling *c)
{
    struct hub_frame frame;

    for (int i = 0; i < DRAIN && may_read(c) && !journal_actor_has_reported(c->actor); i++) {
        int got = hub_receive(c->hub, &frame);
        CHECK(got == HUB_FRAME || got == HUB_EMPTY);
        if (got == HUB_EMPTY)
            return;
        handle(c, &frame);
        hub_release(&frame);
    }
}

static void
hand_over(struct ceiling *c)
{
    if (c->syncing)
        return;
    if (!pending_next(&c->pending))
        pending_seal(&c->pending);
    if (!pending_next(&c->pending))
        return;
    journal_actor_append(c->actor, c->generation, pending_next(&c->pending));
    c->syncing = true;
}

void
ceiling_serve(const char *folder)
{
    struct ceiling c = {.sessions = sessions_new(), .arena = arena_new()};
    struct yardstick_keys keys;

    yardstick_keys_read(folder, &keys);
    c.day = day_in_london((int64_t)time(NULL) * 1000000);
    outgoing_init(&c.out, deliver, &c);
    let_in(&c, &keys);
    open_journal(&c, folder);
    open_sockets(&c, keys.secret);
    for (;;) {
        wait_for_event(&c);
        take_report(&c);
        outgoing_release(&c.out, c.durable);
        hand_over(&c);
        drain(&c);
        hand_over(&c);
        outgoing_release(&c.out, c.durable);
    }
}
