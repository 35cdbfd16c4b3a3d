#include "tests/office.h"

#include <stdlib.h>

#include "broker/access.h"
#include "broker/commands/own.h"
#include "schema/codec.h"
#include "schema/wire/frame.h"
#include "store/state_memory.h"
#include "tests/line.h"
#include "tests/t.h"

/* --- the board ---------------------------------------------------------------------- */

static void
say_client(struct own *own, const char *id, enum role role, char byte)
{
    uint8_t key[CURVE_KEY];
    struct why why;
    union body body = {.client = {.id = text_of(id), .role = role, .key = {key, sizeof key}}};

    memset(key, byte, sizeof key);
    body.client.has.id = body.client.has.role = body.client.has.key = 1;
    body.client.has.seen = body.client.has.epoch = 1;
    CHECK_INT(0, own_say(own, KIND_CLIENT, &body, &why));
}

static void
found_board(struct journal *journal)
{
    static const uint8_t key[CHECKPOINT_KEY] = {1};
    union body board = {.board = {.what = BOARD_FOUND,
                                  .name = text_of("test-board"),
                                  .title = text_of("Test board"),
                                  .key = {key, sizeof key}}};
    union body agency = {.agency = {.id = text_of("board"),
                                    .name = text_of("Test board"),
                                    .sector = SECTOR_PARTNERSHIP}};
    struct own own;
    struct why why;

    board.board.has.what = board.board.has.name = board.board.has.title = board.board.has.key = 1;
    agency.agency.has.id = agency.agency.has.name = agency.agency.has.sector = 1;
    agency.agency.has.seen = agency.agency.has.epoch = 1;
    CHECK_INT(0, own_begin(&own, &why));
    CHECK_INT(0, own_say(&own, KIND_BOARD, &board, &why));
    CHECK_INT(0, own_say(&own, KIND_AGENCY, &agency, &why));
    say_client(&own, "board/operator", ROLE_OPERATOR, OFFICE_OPERATOR);
    say_client(&own, "board/lead", ROLE_LEAD, OFFICE_LEAD);
    CHECK_INT(0, own_write(&own, journal, &why));
    own_end(&own);
}

/* --- what is heard -------------------------------------------------------------------- */

static void
hear(void *context, struct session *to, struct parcel *frame)
{
    struct office *o = context;
    struct arena *arena = arena_new();
    enum message_kind kind;
    union message m;
    struct fault fault;

    CHECK(frame_decode(arena, frame->at, frame->len, &kind, &m, &fault));
    int64_t n = kind == SAY_ACK       ? m.ack.n + m.ack.numbers.count - 1
                : kind == SAY_REFUSED ? m.refused.n
                : kind == SAY_REWIND  ? m.rewind.n
                : kind == SAY_RETRY   ? m.retry.n
                : kind == SAY_WELCOME ? m.welcome.n
                                      : (int64_t)m.error.code;
    o->len += (size_t)snprintf(o->said + o->len, sizeof o->said - o->len, "%s%c %s %" PRId64,
                               o->len ? ", " : "", to->key[0], message_words[kind], n);
    arena_destroy(&arena);
    parcel_free(frame);
}

const char *
office_heard(struct office *o)
{
    static char said[sizeof o->said];

    (void)snprintf(said, sizeof said, "%s", o->said);
    o->said[0] = '\0';
    o->len = 0;
    return said;
}

/* --- opening ---------------------------------------------------------------------------- */

struct office *
office_open(void)
{
    static struct office o;
    struct journal *inner;
    struct zap_table *table;

    o = (struct office){.arena = arena_new(), .keeping = keeping_in_memory()};
    run_option_defaults(&o.options);
    o.options.reserve_mib = 0;
    CHECK_INT(0, journal_open_memory(&inner, 0));
    found_board(inner);
    failing_journal_open(&o.journal, inner);
    CHECK_INT(0, ledger_open(&o.ledger, &o.keeping, &o.journal.base, o.arena, NULL));
    CHECK_INT(0, access_build_table(&o.ledger, &table));
    CHECK_INT(0, zap_start(&o.zap, &table));
    o.parts = (struct loop_parts){.dir = ".",
                                  .ledger = &o.ledger,
                                  .zap = o.zap,
                                  .guard = &o.guard,
                                  .options = &o.options,
                                  .signing = o.signing};
    o.loop = (struct loop){.with = &o.parts, .ledger = &o.ledger, .accepting = true};
    o.loop.now = (struct moment){o.ledger.clock.last, 1};
    CHECK_INT(0, journal_begin_generation(&o.journal.base, &o.loop.generation));
    CHECK_INT(0, journal_actor_start(&o.loop.actor, &o.journal.base));
    CHECK_INT(0, past_queue_start(&o.loop.pasts, &o.journal.base));
    CHECK_INT(0, keeping_start_writer(&o.loop.writer));
    held_init(&o.loop.held);
    outgoing_init(&o.loop.out, hear, &o);
    newday_init(&o.loop.newday, &o.ledger);
    service_init(&o.loop.service, &o.ledger, &o.loop.out, &o.guard, &o.options, o.signing);
    return &o;
}

void
office_close(struct office *o)
{
    struct journal *journal = &o->journal.base;

    journal_actor_stop(&o->loop.actor);
    past_queue_stop(&o->loop.pasts);
    worker_stop(&o->loop.writer);
    held_end(&o->loop.held);
    outgoing_end(&o->loop.out);
    newday_end(&o->loop.newday);
    service_end(&o->loop.service);
    zap_stop(&o->zap);
    ledger_close(&o->ledger);
    state_memory_close(&o->keeping.state);
    journal_close(&journal);
    arena_destroy(&o->arena);
}

/* --- what is said ------------------------------------------------------------------------- */

static void
send_frame(struct office *o, char who, const uint8_t *bytes, size_t len)
{
    struct hub_frame frame = {.len = len, .route = {1, {(uint8_t)who}}};

    memset(frame.key, who, sizeof frame.key);
    CHECK_INT(0, zmq_msg_init_size(&frame.message, len));
    memcpy(zmq_msg_data(&frame.message), bytes, len);
    frame.data = zmq_msg_data(&frame.message);
    CHECK_INT(0, loop_handle(&o->loop, &frame));
}

void
office_greet(struct office *o, char who, char outbox)
{
    static uint8_t frame[FRAME_IN_MAX];
    uint8_t bytes[OUTBOX_SIZE];
    struct hello hello = {.oldest = 1, .newest = 1, .software = text_of("test")};

    memset(bytes, outbox, sizeof bytes);
    hello.outbox = (struct bytes){bytes, sizeof bytes};
    hello.has.oldest = hello.has.newest = hello.has.software = hello.has.outbox = 1;
    send_frame(o, who, frame, frame_encode(SAY_HELLO, &hello, frame, sizeof frame));
}

void
office_submit(struct office *o, char who, int64_t n, const char *id, const char *title)
{
    static uint8_t frame[FRAME_IN_MAX], body[BODY_MAX];
    static const uint8_t nonce[NONCE_SIZE];
    struct arena *arena = arena_new();
    char line[300];
    struct submit m = {.n = n, .nonce = {nonce, sizeof nonce}};

    (void)snprintf(
        line, sizeof line,
        "{\"kind\": \"plan\", \"id\": \"%s\", \"title\": \"%s\", \"type\": \"strategy\", "
        "\"marking\": \"OFFICIAL\", \"members\": \"all\", \"seen\": 0, \"epoch\": 0}",
        id, title);
    m.body = (struct bytes){body, (uint32_t)line_encode(arena, line, &m.kind, body)};
    m.has.n = m.has.kind = m.has.nonce = m.has.body = 1;
    send_frame(o, who, frame, frame_encode(SAY_SUBMIT, &m, frame, sizeof frame));
    arena_destroy(&arena);
}

int
office_sync_all(struct office *o)
{
    struct loop *l = &o->loop;
    int rc = 0;

    pending_seal(&o->ledger.pending);
    for (const struct batch *b; rc == 0 && (b = pending_next(&o->ledger.pending));) {
        rc = journal_append(&o->journal.base, (uint64_t)b->first, l->generation, b->entries,
                            b->count);
        if (rc)
            break;
        ledger_made_durable(&o->ledger, b->first + b->count - 1);
        pending_done(&o->ledger.pending);
        outgoing_release(&l->out, o->ledger.durable);
        held_release(&l->held, o->ledger.durable);
    }
    if (rc)
        CHECK_INT(0, loop_recover(l, rc));
    return rc;
}

void
office_release(struct office *o)
{
    outgoing_release(&o->loop.out, o->ledger.durable);
    held_release(&o->loop.held, o->ledger.durable);
}
