/* The loop's way back when its journal fails: without sockets, the frames of two
   clients and what they hear. */
#include <errno.h>
#include <lmdb.h>
#include <stdlib.h>

#include "broker/access.h"
#include "broker/loop_inside.h"
#include "broker/own.h"
#include "schema/codec.h"
#include "schema/wire/frame.h"
#include "store/state_memory.h"
#include "tests/failing_journal.h"
#include "tests/line.h"
#include "tests/t.h"

enum { LEAD = 'L', OPERATOR = 'O' }; /* bytes of which their keys are */

struct office {
    struct failing_journal journal;
    struct keeping keeping;
    struct arena *arena;
    struct ledger ledger;
    struct run_option options;
    struct guard guard;
    struct zap *zap;
    uint8_t signing[CHECKPOINT_KEY];
    struct loop_parts parts;
    struct loop loop;
    char said[1000]; /* to whom, and what */
    size_t len;
};

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
    say_client(&own, "board/operator", ROLE_OPERATOR, OPERATOR);
    say_client(&own, "board/lead", ROLE_LEAD, LEAD);
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

/* What was heard since the last time. */
static const char *
heard(struct office *o)
{
    static char said[sizeof o->said];

    (void)snprintf(said, sizeof said, "%s", o->said);
    o->said[0] = '\0';
    o->len = 0;
    return said;
}

/* --- opening ---------------------------------------------------------------------------- */

static struct office *
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

static void
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

static void
greet(struct office *o, char who, char outbox)
{
    static uint8_t frame[FRAME_IN_MAX];
    uint8_t bytes[OUTBOX_SIZE];
    struct hello hello = {.oldest = 1, .newest = 1, .software = text_of("test")};

    memset(bytes, outbox, sizeof bytes);
    hello.outbox = (struct bytes){bytes, sizeof bytes};
    hello.has.oldest = hello.has.newest = hello.has.software = hello.has.outbox = 1;
    send_frame(o, who, frame, frame_encode(SAY_HELLO, &hello, frame, sizeof frame));
}

/* A plan of that id; its title makes it another submission. */
static void
submit(struct office *o, char who, int64_t n, const char *id, const char *title)
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

/* What the journal's actor and the loop do with all that waits; at the first
   failure the loop goes back. */
static int
sync_all(struct office *o)
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

/* What was answered without an entry leaves. */
static void
release(struct office *o)
{
    outgoing_release(&o->loop.out, o->ledger.durable);
    held_release(&o->loop.held, o->ledger.durable);
}

/* --- the way back --------------------------------------------------------------------------- */

TEST(loop_failure_tells_nobody_of_what_was_not_written_and_does_it_again_in_order)
{
    struct office *o = office_open();

    greet(o, LEAD, 'a');
    release(o);
    CHECK_STR("L WELCOME 0", heard(o));
    submit(o, LEAD, 1, "one", "x");
    submit(o, LEAD, 2, "two", "x");
    greet(o, OPERATOR, 'b');
    submit(o, OPERATOR, 1, "none", "x"); /* refused: no lead */
    submit(o, LEAD, 3, "three", "x");
    CHECK_INT(8, o->ledger.number);
    CHECK_STR("", heard(o));
    uint64_t before = o->loop.generation;
    o->journal.error = -EIO;
    CHECK_INT(-EIO, sync_all(o));
    CHECK_STR("", heard(o));
    CHECK(o->loop.generation != before);
    CHECK_INT(JOURNAL_GENERATION, journal_append(&o->journal.base, 5, before, NULL, 0));
    CHECK_INT(0, journal_begin_generation(&o->journal.base, &o->loop.generation));
    CHECK_INT(8, o->ledger.number);
    CHECK_INT(0, sync_all(o));
    CHECK_STR("L ACK 3, O WELCOME 0, O REFUSED 1", heard(o)); /* one for the batch */
    CHECK_INT(0, held_count(&o->loop.held));
    CHECK_INT(8, o->ledger.durable);
    CHECK_INT(1, o->loop.vitals.failures);
    submit(o, LEAD, 1, "one", "x");
    release(o);
    CHECK_STR("L ACK 1", heard(o));
    CHECK_INT(8, o->ledger.number);
    office_close(o);
}

TEST(loop_failure_takes_back_rewind_and_forked)
{
    struct office *o = office_open();

    greet(o, LEAD, 'a');
    release(o);
    submit(o, LEAD, 1, "one", "x");
    submit(o, LEAD, 5, "five", "x");
    submit(o, LEAD, 1, "one", "y");
    submit(o, LEAD, 2, "two", "x");
    CHECK_STR("L WELCOME 0", heard(o));
    o->journal.error = JOURNAL_CONFLICT;
    CHECK_INT(JOURNAL_CONFLICT, sync_all(o));
    CHECK_STR("", heard(o));
    CHECK_INT(0, sync_all(o));
    char want[60];
    (void)snprintf(want, sizeof want, "L ACK 1, L REWIND 2, L ERROR %d", ERROR_FORKED);
    CHECK_STR(want, heard(o));
    office_close(o);
}

/* What came before a HELLO that was taken back is not of the outbox it names. */
TEST(loop_failure_mixes_no_outboxes_of_a_client)
{
    struct office *o = office_open();

    greet(o, LEAD, 'a');
    release(o);
    submit(o, LEAD, 1, "one", "x");
    greet(o, LEAD, 'b');
    submit(o, LEAD, 1, "other", "x");
    CHECK_STR("L WELCOME 0", heard(o));
    o->journal.error = -EIO;
    CHECK_INT(-EIO, sync_all(o));
    CHECK_INT(0, sync_all(o));
    char want[60];
    (void)snprintf(want, sizeof want, "L ERROR %d, L WELCOME 0, L ACK 1", ERROR_HELLO);
    CHECK_STR(want, heard(o));
    greet(o, LEAD, 'a');
    submit(o, LEAD, 1, "one", "x");
    CHECK_INT(0, sync_all(o));
    CHECK_STR("L WELCOME 0, L ACK 1", heard(o));
    CHECK_INT(6, o->ledger.durable);
    office_close(o);
}

TEST(loop_failure_of_a_full_disk_puts_each_outbox_off_by_its_lowest_n)
{
    struct office *o = office_open();

    greet(o, LEAD, 'a');
    greet(o, OPERATOR, 'b');
    release(o);
    (void)heard(o);
    submit(o, LEAD, 1, "one", "x");
    submit(o, OPERATOR, 1, "none", "x");
    submit(o, LEAD, 2, "two", "x");
    o->loop.failures = 100; /* so that it is left alone for a while */
    o->journal.error = JOURNAL_FULL;
    CHECK_INT(JOURNAL_FULL, sync_all(o));
    CHECK_STR("L RETRY 1, O RETRY 1", heard(o));
    CHECK_INT(4, o->ledger.number);
    submit(o, LEAD, 1, "one", "x");
    CHECK_STR("L RETRY 1", heard(o));
    loop_mind_room(&o->loop);
    submit(o, LEAD, 2, "two", "x"); /* not before the one that is awaited */
    submit(o, LEAD, 1, "one", "x");
    submit(o, LEAD, 2, "two", "x");
    CHECK_INT(0, sync_all(o));
    CHECK_STR("L ACK 2", heard(o));
    office_close(o);
}

/* The journal has no more than was acknowledged, whenever it fails. */
TEST(loop_failure_at_random_loses_and_doubles_nothing)
{
    enum { ROUNDS = 200 };
    struct office *o = office_open();
    int64_t acknowledged = 0;
    char id[24];

    greet(o, LEAD, 'a');
    release(o);
    (void)heard(o);
    for (int64_t n = 1; n <= ROUNDS; n++) {
        (void)snprintf(id, sizeof id, "p%" PRId64, n);
        submit(o, LEAD, n, id, "x");
        if (random_below(3) && n < ROUNDS)
            continue;
        for (uint64_t failures = random_below(3); failures; failures--) {
            o->journal.error = random_below(2) ? -EIO : JOURNAL_CONFLICT;
            CHECK(sync_all(o) != 0);
            CHECK_STR("", heard(o));
            o->loop.failures = 0;
        }
        CHECK_INT(0, sync_all(o));
        const char *said = heard(o);
        CHECK_INT(n, strtoll(strrchr(said, ' '), NULL, 10));
        acknowledged = n;
    }
    CHECK_INT(ROUNDS, acknowledged);
    CHECK_INT(4 + ROUNDS, o->ledger.durable);
    office_close(o);
}

/* --- a day begins meanwhile ------------------------------------------------------------------ */

#define DAY (24 * 3600 * INT64_C(1000000))

/* The day of the newest entry, if that says it is rated; else 0. */
static int32_t
day_said(struct office *o)
{
    struct rating_change r;
    struct fault fault;
    struct entry e;

    arena_reset(o->arena);
    CHECK_INT(1, ledger_entry(&o->ledger, o->ledger.number, &e));
    if (e.kind != KIND_RATING)
        return 0;
    CHECK(record_decode(o->arena, &rating_change_record, &r, e.body.at, e.body.len, &fault));
    return r.day;
}

TEST(loop_failure_is_no_way_to_be_judged_before_the_day_is_rated)
{
    struct office *o = office_open();
    int32_t today = o->ledger.rated + 1;

    greet(o, LEAD, 'a');
    release(o);
    (void)heard(o);
    submit(o, LEAD, 1, "one", "x");
    CHECK_INT(5, o->ledger.number);
    o->loop.now.host += DAY;
    CHECK_INT(0, newday_step(&o->loop.newday, o->loop.now.host, NEWDAY_ROWS));
    CHECK_INT(today, day_said(o));
    submit(o, LEAD, 2, "two", "x");
    CHECK_INT(7, o->ledger.number);
    o->journal.error = -EIO;
    CHECK_INT(-EIO, sync_all(o));
    CHECK_STR("L RETRY 1", heard(o)); /* what was of yesterday is put off too */
    CHECK_INT(4, o->ledger.number);
    CHECK_INT(0, newday_step(&o->loop.newday, o->loop.now.host, NEWDAY_ROWS));
    CHECK_INT(today, day_said(o));
    CHECK_INT(5, o->ledger.number);
    submit(o, LEAD, 1, "one", "x");
    submit(o, LEAD, 2, "two", "x");
    CHECK_INT(0, sync_all(o));
    CHECK_STR("L ACK 2", heard(o));
    office_close(o);
}

/* A slice of it was said when the journal failed. */
TEST(loop_failure_in_the_middle_of_a_day_begins_the_day_anew)
{
    enum { PLANS = 10 };
    struct office *o = office_open();
    char id[24];

    greet(o, LEAD, 'a');
    for (int64_t n = 1; n <= PLANS; n++) {
        (void)snprintf(id, sizeof id, "p%" PRId64, n);
        submit(o, LEAD, n, id, "x");
    }
    CHECK_INT(0, sync_all(o));
    (void)heard(o);
    o->loop.now.host += DAY;
    CHECK_INT(1, newday_step(&o->loop.newday, o->loop.now.host, PLANS / 2));
    submit(o, LEAD, PLANS + 1, "late", "x");
    CHECK_STR("L RETRY 11", heard(o));
    CHECK_INT(0, loop_recover(&o->loop, -EIO));
    CHECK_INT(RATING_NOTHING, o->loop.newday.doing);
    CHECK_INT(0, newday_step(&o->loop.newday, o->loop.now.host, NEWDAY_ROWS));
    submit(o, LEAD, PLANS + 1, "late", "x");
    CHECK_INT(0, sync_all(o));
    CHECK_STR("L ACK 11", heard(o));
    office_close(o);
}

/* --- the state ------------------------------------------------------------------------------ */

static int state_error; /* what writing it ends with */

static int
write_or_fail(const struct keeping *k)
{
    (void)k;
    return state_error;
}

/* An office that an entry was written for, whose state is written by write_or_fail. */
static struct office *
office_of_a_failing_state(void)
{
    static struct keeping_ops ops;
    struct office *o = office_open();

    ops = *o->keeping.ops;
    ops.write = write_or_fail;
    o->keeping.ops = &ops;
    greet(o, LEAD, 'a');
    submit(o, LEAD, 1, "one", "x");
    CHECK_INT(0, sync_all(o));
    return o;
}

/* A second later. */
static int
mind_state(struct office *o)
{
    o->loop.now.steady += LOOP_SECOND;
    int rc = loop_mind_state(&o->loop);
    if (rc == 0)
        rc = loop_finish_writing(&o->loop);
    loop_mind_room(&o->loop);
    return rc;
}

TEST(loop_failure_of_the_state_loses_nothing_and_closes_intake_until_it_is_written)
{
    struct office *o = office_of_a_failing_state();

    state_error = -ENOSPC;
    CHECK_INT(0, mind_state(o));
    CHECK_INT(CLOSED_FULL, o->loop.service.intake.closed);
    CHECK_INT(o->ledger.number, o->keeping.frozen);
    CHECK_INT(0, o->keeping.applied);
    submit(o, LEAD, 2, "two", "x");
    CHECK_STR("L WELCOME 0, L ACK 1, L RETRY 2", heard(o));
    state_error = 0;
    CHECK_INT(0, mind_state(o));
    CHECK_INT(OPEN_TO_ALL, o->loop.service.intake.closed);
    CHECK_INT(o->ledger.number, o->keeping.applied);
    submit(o, LEAD, 2, "two", "x");
    CHECK_INT(0, sync_all(o));
    CHECK_STR("L ACK 2", heard(o));
    state_error = MDB_PANIC;
    CHECK_INT(MDB_PANIC, mind_state(o));
    office_close(o);
}

/* On the way out it is left to the next start. */
TEST(loop_failure_of_the_state_does_not_hold_up_the_end)
{
    struct office *o = office_of_a_failing_state();

    CHECK(!loop_has_kept(&o->loop));
    o->loop.stop_by = o->loop.now.steady + LOOP_SECOND;
    state_error = -ENOSPC;
    CHECK_INT(0, mind_state(o));
    CHECK(loop_has_kept(&o->loop));
    office_close(o);
}
