/* The link: what it says next, and what becomes of what it hears, with a real outbox
   and a broker of words. Clocks are numbers. */
#include "agents/libmaat/link_inside.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "schema/wire/frame.h"
#include "tests/scratch.h"
#include "tests/t.h"

enum { MAP = 64 << 20, MS = 1000, WINDOW = 3, PING_MS = 10000, NO_END = 1000 };

/* --- a bench: an outbox, a link, and what the driver was told ----------------------- */

struct bench {
    struct scratch scratch;
    struct outboxes *outboxes;
    struct outbox_id outbox;
    struct link link;
    struct arena *arena;
    int64_t now;
    uint8_t frame[FRAME_IN_MAX];
    union message message; /* that was said last */
    char told[400];        /* by events, one after the other */
    int more;              /* so often a feed has something to say */
};

__attribute__((format(printf, 2, 3))) static void
tell(struct bench *b, const char *format, ...)
{
    size_t len = strlen(b->told);
    va_list args;

    va_start(args, format);
    (void)vsnprintf(b->told + len, sizeof b->told - len, format, args);
    va_end(args);
}

static void
on_welcome(void *context, const struct welcome *w)
{
    tell(context, "welcome %" PRId64 ", ", w->number);
}

static void
on_settled(void *context, int64_t n, const struct kept *kept)
{
    tell(context, "%" PRId64 " %s, ", n, word_text(&kept_states, (int)kept->state));
}

static void
on_result(void *context, const struct result *r)
{
    tell(context, "result %" PRId64 ", ", r->id);
}

static void
on_error(void *context, const struct error *e)
{
    tell(context, "error %s, ", word_text(&wire_errors, (int)e->code));
}

static void
on_forked(void *context, int64_t n, const struct outbox_id *to)
{
    (void)to;
    tell(context, "forked %" PRId64 ", ", n);
}

static void
on_feed(void *context, enum message_kind kind, const union message *m, size_t len)
{
    tell(context, "%s %" PRId64 " of %zu, ", message_words[kind], m->live.upto, len);
}

static int
on_more(void *context, int64_t now, uint8_t *buf)
{
    struct bench *b = context;
    struct credit c = {.id = 1, .credit = CREDIT_LEAST};

    c.has.id = c.has.credit = 1;
    CHECK_INT(b->now, now);
    return b->more-- > 0 ? (int)frame_encode(SAY_CREDIT, &c, buf, FRAME_IN_MAX) : 0;
}

static const struct link_events events = {.welcome = on_welcome,
                                          .settled = on_settled,
                                          .result = on_result,
                                          .error = on_error,
                                          .forked = on_forked,
                                          .feed = on_feed,
                                          .more = on_more};

static void
bench_open(struct bench *b)
{
    char why[OUTBOX_WHY];

    *b = (struct bench){.arena = arena_new(), .now = 1};
    scratch_make(&b->scratch);
    if (outboxes_open(&b->outboxes, scratch_file(&b->scratch, "outbox"), MAP, why))
        FAIL_WITH("%s", why);
    CHECK_INT(0, outbox_current(b->outboxes, false, &b->outbox));
    link_init(&b->link, b->outboxes, &b->outbox, "test 1", &events, b);
}

static void
bench_close(struct bench *b)
{
    link_end(&b->link);
    outboxes_close(&b->outboxes);
    arena_destroy(&b->arena);
    scratch_remove(&b->scratch);
}

static void
queue(struct bench *b, int count)
{
    static const uint8_t nonce[NONCE_SIZE] = {7};
    struct kept kept = {.state = KEPT_QUEUED,
                        .kind = KIND_PROGRESS,
                        .nonce = {nonce, sizeof nonce},
                        .body = {nonce, 1},
                        .taken = 1};
    int64_t first;

    kept.has.state = kept.has.kind = kept.has.nonce = kept.has.body = kept.has.taken = 1;
    for (int i = 0; i < count; i++)
        CHECK_INT(0, outbox_queue(b->outboxes, &b->outbox, &kept, 1, NULL, 0, &first));
}

/* --- what the link says, as words ------------------------------------------------------ */

static const char *const said_words[MESSAGE_COUNT] = {
    [SAY_HELLO] = "HELLO",   [SAY_SUBMIT] = "SUBMIT", [SAY_QUERY] = "QUERY",
    [SAY_CREDIT] = "CREDIT", [SAY_PING] = "PING",     [SAY_BYE] = "BYE"};

/* The next thing: "HELLO", "SUBMIT 2"; "" where there is nothing to say. */
static const char *
says(struct bench *b)
{
    static char said[40];
    enum message_kind kind;
    struct fault fault;
    int len = link_next(&b->link, b->now, b->frame);

    said[0] = '\0';
    CHECK(len >= 0);
    if (len == 0)
        return said;
    arena_reset(b->arena);
    CHECK(frame_decode(b->arena, b->frame, (size_t)len, &kind, &b->message, &fault));
    if (kind == SAY_SUBMIT)
        (void)snprintf(said, sizeof said, "SUBMIT %" PRId64, b->message.submit.n);
    else
        (void)snprintf(said, sizeof said, "%s", said_words[kind]);
    return said;
}

/* All that there is to say, separated by spaces. */
static const char *
says_all(struct bench *b)
{
    static char all[400];
    const char *one;

    all[0] = '\0';
    for (int i = 0; i < NO_END && *(one = says(b)); i++)
        (void)snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", i ? " " : "", one);
    return all;
}

/* --- what the broker says ----------------------------------------------------------- */

/* Every field of it is there. */
static void
fill(const struct record *r, void *message)
{
    const uint64_t present = (UINT64_C(1) << r->count) - 1;

    memcpy(message, &present, sizeof present);
}

static int
hear(struct bench *b, enum message_kind kind, const void *record)
{
    static uint8_t frame[FRAME_OUT_MAX];
    size_t len = frame_encode(kind, record, frame, sizeof frame);

    CHECK(len > 0);
    b->told[0] = '\0';
    return link_hear(&b->link, 77, b->now, frame, len);
}

static int
welcome(struct bench *b, int64_t n)
{
    struct welcome w = {.version = PROTOCOL_VERSION,
                        .software = text_of("words"),
                        .board = text_of("b"),
                        .title = text_of("B"),
                        .client = text_of("police/crm"),
                        .n = n,
                        .number = 40,
                        .head = text_of("none"),
                        .window = WINDOW,
                        .body_max = 100,
                        .ping_ms = PING_MS};

    fill(&welcome_record, &w);
    w.has.restored = w.has.proof = w.has.shared = 0;
    return hear(b, SAY_WELCOME, &w);
}

static struct bytes
its_outbox(const struct bench *b)
{
    return (struct bytes){b->link.outbox.at, OUTBOX_SIZE};
}

static int
ack(struct bench *b, int64_t n, uint32_t count)
{
    static const int64_t numbers[] = {41, 42, 43, 44};
    struct ack a = {.outbox = its_outbox(b), .n = n, .numbers = {numbers, count}};

    fill(&ack_record, &a);
    return hear(b, SAY_ACK, &a);
}

/* What was heard is written and told. */
static void
settle(struct bench *b)
{
    b->told[0] = '\0';
    CHECK_INT(0, link_settle_all(&b->link));
}

static int
refuse(struct bench *b, int64_t n)
{
    struct refused r = {.outbox = its_outbox(b),
                        .n = n,
                        .number = 45,
                        .code = FAULT_RULE,
                        .field = text_of("status"),
                        .reason = text_of("no")};

    fill(&refused_record, &r);
    return hear(b, SAY_REFUSED, &r);
}

static int
rewind_to(struct bench *b, int64_t n)
{
    struct rewind r = {.outbox = its_outbox(b), .n = n};

    fill(&rewind_record, &r);
    return hear(b, SAY_REWIND, &r);
}

static int
retry(struct bench *b, int64_t n, int64_t after_ms)
{
    struct retry r = {.outbox = its_outbox(b),
                      .n = n,
                      .after_ms = after_ms,
                      .reason = text_of("the disk is full")};

    fill(&retry_record, &r);
    return hear(b, SAY_RETRY, &r);
}

static int
error(struct bench *b, enum wire_error code, int64_t n)
{
    struct error e = {.code = code, .reason = text_of("because"), .n = n};

    e.has.code = e.has.reason = 1;
    e.has.n = n > 0;
    return hear(b, SAY_ERROR, &e);
}

/* Connected, greeted and welcomed, with so many queued. */
static void
bench_begin(struct bench *b, int queued)
{
    bench_open(b);
    queue(b, queued);
    link_connected(&b->link, b->now);
    CHECK_STR("HELLO", says_all(b));
    CHECK_INT(0, welcome(b, 0));
}

static int64_t
first_queued(struct bench *b)
{
    struct outbox_counts counts;

    CHECK_INT(0, outbox_count(b->outboxes, &b->link.outbox, &counts));
    return counts.row.first_queued;
}

/* --- greeting -------------------------------------------------------------------------- */

TEST(link_says_hello_first_and_nothing_else_before_welcome)
{
    struct bench b;

    bench_open(&b);
    queue(&b, 1);
    CHECK_STR("", says_all(&b));
    CHECK_INT(LINK_DOWN, b.link.state);
    link_connected(&b.link, b.now);
    CHECK_STR("HELLO", says(&b));
    CHECK(memcmp(b.message.hello.outbox.at, b.outbox.at, OUTBOX_SIZE) == 0);
    CHECK(!b.message.hello.has.number);
    CHECK_STR("test 1", b.link.software);
    CHECK_STR("", says_all(&b));
    CHECK_INT(0, welcome(&b, 0));
    CHECK_STR("welcome 40, ", b.told);
    CHECK_INT(LINK_OPEN, b.link.state);
    CHECK_STR("SUBMIT 1", says_all(&b));
    bench_close(&b);
}

TEST(link_without_an_outbox_only_asks)
{
    struct query q = {.id = 3, .what = QUERY_PLANS};
    struct result r = {.id = 3};
    struct bench b;

    bench_open(&b);
    link_end(&b.link);
    link_init(&b.link, NULL, NULL, "test 1", &events, &b);
    link_connected(&b.link, b.now);
    CHECK_STR("HELLO", says(&b));
    CHECK(!b.message.hello.has.outbox);
    q.has.id = q.has.what = 1;
    CHECK(link_ask(&b.link, &q));
    CHECK(!link_ask(&b.link, &q));
    CHECK_STR("", says_all(&b));
    CHECK_INT(0, welcome(&b, 0));
    CHECK_STR("QUERY", says_all(&b));
    CHECK(link_ask(&b.link, &q));
    r.has.id = r.has.number = r.has.epoch = r.has.day = 1;
    CHECK_INT(0, hear(&b, SAY_RESULT, &r));
    CHECK_STR("result 3, ", b.told);
    bench_close(&b);
}

/* --- submitting --------------------------------------------------------------------------- */

TEST(link_keeps_within_the_window)
{
    struct bench b;

    bench_begin(&b, 5);
    CHECK_STR("SUBMIT 1 SUBMIT 2 SUBMIT 3", says_all(&b));
    CHECK_INT(0, ack(&b, 1, 1));
    CHECK_STR("SUBMIT 4", says_all(&b));
    CHECK_INT(0, ack(&b, 2, 3));
    CHECK_STR("SUBMIT 5", says_all(&b));
    CHECK_INT(0, refuse(&b, 5));
    CHECK_STR("", says_all(&b));
    settle(&b);
    CHECK_STR("1 acknowledged, 2 acknowledged, 3 acknowledged, 4 acknowledged, 5 refused, ",
              b.told);
    CHECK_INT(6, first_queued(&b));
    bench_close(&b);
}

/* What was told by now, once it was asked whether it is time. */
static const char *
tells(struct bench *b)
{
    b->told[0] = '\0';
    CHECK_INT(0, link_settle(&b->link, b->now));
    return b->told;
}

TEST(link_writes_verdicts_together)
{
    struct bench b;

    bench_begin(&b, 3);
    CHECK_STR("SUBMIT 1 SUBMIT 2 SUBMIT 3", says_all(&b));
    CHECK_INT(0, ack(&b, 1, 1));
    CHECK_STR("", tells(&b));
    b.now += LINK_WRITE_MS * MS - 1;
    CHECK_INT(0, refuse(&b, 2));
    CHECK_STR("", tells(&b));
    CHECK_INT(1, first_queued(&b));
    CHECK_INT(1, link_due_ms(&b.link, b.now));
    b.now += 1;
    CHECK_STR("1 acknowledged, 2 refused, ", tells(&b));
    CHECK_INT(3, first_queued(&b));
    CHECK_INT(0, ack(&b, 3, 1)); /* nothing more is under way */
    CHECK_STR("3 acknowledged, ", tells(&b));
    CHECK_STR("", tells(&b));
    CHECK_INT(0, ack(&b, 3, 1)); /* said again: it is known */
    CHECK_STR("", tells(&b));
    bench_close(&b);
}

TEST(link_keeps_no_more_unwritten_than_it_may)
{
    static int64_t numbers[RUN_MAX];
    struct ack a = {.n = 1, .numbers = {numbers, RUN_MAX}};
    struct bench b;

    bench_begin(&b, 3);
    CHECK_STR("SUBMIT 1 SUBMIT 2 SUBMIT 3", says_all(&b));
    for (int i = 0; i < RUN_MAX; i++)
        numbers[i] = 40 + i;
    a.outbox = its_outbox(&b);
    fill(&ack_record, &a);
    for (size_t unwritten = 0; unwritten + RUN_MAX < LINK_WRITE_MOST; unwritten += RUN_MAX) {
        CHECK_INT(0, hear(&b, SAY_ACK, &a)); /* more than were sent */
        CHECK_INT(unwritten + RUN_MAX, outbox_unwritten(b.outboxes));
    }
    CHECK_INT(0, hear(&b, SAY_ACK, &a));
    CHECK_INT(0, outbox_unwritten(b.outboxes));
    CHECK_STR("1 acknowledged, 2 acknowledged, 3 acknowledged, ", b.told);
    CHECK_INT(4, first_queued(&b));
    bench_close(&b);
}

TEST(link_writes_a_verdict_at_once_where_somebody_waits_for_it)
{
    struct bench b;

    bench_begin(&b, 3);
    CHECK_STR("SUBMIT 1 SUBMIT 2 SUBMIT 3", says_all(&b));
    outbox_await(b.outboxes, 2);
    CHECK_INT(0, ack(&b, 1, 1));
    CHECK_STR("", tells(&b));
    CHECK_INT(0, ack(&b, 2, 1));
    CHECK_STR("1 acknowledged, 2 acknowledged, ", tells(&b));
    CHECK_INT(3, first_queued(&b));
    bench_close(&b);
}

TEST(link_tells_a_verdict_that_was_written_with_what_was_queued)
{
    struct bench b;

    bench_begin(&b, 3);
    CHECK_STR("SUBMIT 1 SUBMIT 2 SUBMIT 3", says_all(&b));
    CHECK_INT(0, ack(&b, 1, 2));
    CHECK_STR("", tells(&b));
    queue(&b, 1);
    CHECK_INT(3, first_queued(&b));
    CHECK_STR("1 acknowledged, 2 acknowledged, ", tells(&b));
    CHECK_STR("SUBMIT 4", says_all(&b));
    bench_close(&b);
}

TEST(link_leaves_what_is_of_another_outbox_alone)
{
    struct outbox_id other = {{9}};
    struct ack a = {.outbox = {other.at, OUTBOX_SIZE}, .n = 1, .numbers = {(int64_t[]){41}, 1}};
    struct bench b;

    bench_begin(&b, 1);
    CHECK_STR("SUBMIT 1", says_all(&b));
    fill(&ack_record, &a);
    CHECK_INT(0, hear(&b, SAY_ACK, &a));
    CHECK_STR("", b.told);
    CHECK_INT(1, first_queued(&b));
    bench_close(&b);
}

TEST(link_begins_with_the_first_unsettled_after_a_loss)
{
    struct bench b;

    bench_begin(&b, 3);
    CHECK_STR("SUBMIT 1 SUBMIT 2 SUBMIT 3", says_all(&b));
    CHECK_INT(0, ack(&b, 1, 1));
    link_lost(&b.link);
    CHECK_STR("", says_all(&b));
    link_connected(&b.link, b.now);
    CHECK_STR("HELLO", says_all(&b));
    CHECK_INT(0, welcome(&b, 3)); /* what the broker has, it has not answered */
    CHECK_STR("SUBMIT 2 SUBMIT 3", says_all(&b));
    bench_close(&b);
}

TEST(link_goes_back_where_the_broker_says_rewind)
{
    struct bench b;

    bench_begin(&b, 3);
    CHECK_STR("SUBMIT 1 SUBMIT 2 SUBMIT 3", says_all(&b));
    CHECK_INT(0, ack(&b, 1, 2));
    CHECK_INT(0, rewind_to(&b, 2));
    CHECK_STR("SUBMIT 2 SUBMIT 3", says_all(&b));
    CHECK_INT(0, rewind_to(&b, 9));
    CHECK_INT(LINK_STOPPED, b.link.state);
    CHECK_STR("lost: the broker asks for n 9, which is kept no longer", b.link.reason);
    link_lost(&b.link);
    link_connected(&b.link, b.now);
    CHECK_STR("", says_all(&b));
    bench_close(&b);
}

TEST(link_waits_where_the_broker_says_retry)
{
    struct bench b;

    bench_begin(&b, 3);
    CHECK_STR("SUBMIT 1 SUBMIT 2 SUBMIT 3", says_all(&b));
    CHECK_INT(0, retry(&b, 2, 500));
    CHECK_INT(LINK_WAITING, b.link.state);
    CHECK_STR("the disk is full", b.link.reason);
    CHECK_INT(0, ack(&b, 1, 1)); /* what it took before */
    b.now += 500 * MS - 1;
    CHECK_STR("", says_all(&b));
    CHECK_INT(1, link_due_ms(&b.link, b.now));
    b.now += 1;
    CHECK_STR("SUBMIT 2 SUBMIT 3", says_all(&b));
    CHECK_INT(LINK_OPEN, b.link.state);
    bench_close(&b);
}

/* --- what a person must see to, or a new outbox mends ---------------------------------------- */

TEST(link_moves_to_another_outbox_where_it_is_forked)
{
    struct bench b;

    bench_begin(&b, 3);
    CHECK_STR("SUBMIT 1 SUBMIT 2 SUBMIT 3", says_all(&b));
    CHECK_INT(0, ack(&b, 1, 1));
    CHECK_INT(0, error(&b, ERROR_FORKED, 2));
    CHECK_STR("1 acknowledged, forked 2, ", b.told);
    CHECK(memcmp(b.link.outbox.at, b.outbox.at, OUTBOX_SIZE) != 0);
    CHECK_STR("HELLO", says_all(&b));
    CHECK_INT(0, welcome(&b, 0));
    CHECK_STR("SUBMIT 1 SUBMIT 2", says_all(&b));
    bench_close(&b);
}

TEST(link_stops_where_the_broker_will_not_speak_with_it)
{
    static const struct {
        enum wire_error code;
        bool stops;
    } rows[] = {{ERROR_VERSION, true}, {ERROR_OTHER_JOURNAL, true}, {ERROR_REVOKED, true},
                {ERROR_LOST, true},    {ERROR_NOT_FOUND, false},    {ERROR_MALFORMED, false},
                {ERROR_BUSY, false},   {ERROR_LIMIT, false},        {ERROR_DAY, false}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench b;
        char want[80];
        bench_begin(&b, 1);
        CHECK_INT(0, error(&b, rows[i].code, 0));
        (void)snprintf(want, sizeof want, "error %s, ", word_text(&wire_errors, (int)rows[i].code));
        CHECK_STR(want, b.told);
        CHECK_INT(rows[i].stops, b.link.state == LINK_STOPPED);
        CHECK_STR(rows[i].stops ? "" : "SUBMIT 1", says_all(&b));
        bench_close(&b);
    }
}

TEST(link_stops_where_the_broker_lacks_what_it_has_answered)
{
    struct bench b;

    bench_begin(&b, 2);
    CHECK_STR("SUBMIT 1 SUBMIT 2", says_all(&b));
    CHECK_INT(0, ack(&b, 1, 2));
    CHECK_INT(0, welcome(&b, 1));
    CHECK_INT(LINK_STOPPED, b.link.state);
    CHECK(strncmp(b.link.reason, "other-journal: ", 15) == 0);
    bench_close(&b);
}

TEST(link_drops_a_broker_that_cannot_be_read)
{
    static const uint8_t noise[] = {0x92, 0xa3, 'x', 'y', 'z', 0x80};
    struct ping nothing = {0};
    struct pong alive = {0};
    struct bench b;

    bench_begin(&b, 0);
    CHECK_INT(-EPROTO, link_hear(&b.link, 1, b.now, noise, sizeof noise));
    CHECK_INT(-EPROTO, hear(&b, SAY_PING, &nothing));
    CHECK_STR("the broker said what only clients say", b.link.reason);
    CHECK_INT(0, hear(&b, SAY_PONG, &alive));
    bench_close(&b);
}

/* --- a broker that wants the same for ever ------------------------------------------- */

/* Answers HELLO, each time it is said, with this; returns how often it was said
   before the link gave the connection up. */
static int
greet_for_ever(struct bench *b, enum wire_error code, bool with_welcome)
{
    int rc = 0;
    int hellos = 0;

    for (; rc == 0 && hellos < NO_END; hellos++) {
        CHECK_STR("HELLO", says(b));
        if (with_welcome)
            CHECK_INT(0, welcome(b, 0));
        rc = error(b, code, 1);
    }
    CHECK_INT(-EPROTO, rc);
    CHECK_STR("the broker wants to hear the same again and again", b->link.reason);
    return hellos;
}

TEST(link_gives_up_a_broker_that_wants_the_same_for_ever)
{
    struct bench b;

    bench_open(&b);
    for (int i = 0; i < 3; i++) {
        link_connected(&b.link, b.now);
        CHECK_INT(LINK_AGAIN_MOST + 1, greet_for_ever(&b, ERROR_HELLO, i > 0));
        link_lost(&b.link);
    }
    link_connected(&b.link, b.now);
    CHECK_INT(LINK_AGAIN_MOST + 1, greet_for_ever(&b, ERROR_FORKED, false));
    bench_close(&b);

    bench_begin(&b, 1);
    for (int i = 0; i < LINK_AGAIN_MOST; i++) {
        CHECK_STR("SUBMIT 1", says_all(&b));
        CHECK_INT(0, rewind_to(&b, 1));
    }
    CHECK_INT(-EPROTO, rewind_to(&b, 1));
    bench_close(&b);
}

/* A long connection may have met many small troubles. */
TEST(link_forgets_old_trouble_when_something_is_settled)
{
    struct bench b;

    bench_begin(&b, 1);
    for (int i = 0; i < 3 * LINK_AGAIN_MOST; i++) {
        CHECK_INT(0, error(&b, ERROR_HELLO, 0));
        CHECK_STR("HELLO", says_all(&b));
        CHECK_INT(0, welcome(&b, i));
        queue(&b, 1);
        (void)says_all(&b);
        CHECK_INT(0, ack(&b, i + 1, 1));
    }
    bench_close(&b);
}

/* --- time ------------------------------------------------------------------------------------- */

TEST(link_pings_twice_in_the_interval)
{
    struct bench b;

    bench_begin(&b, 0);
    CHECK_STR("", says_all(&b));
    CHECK_INT(PING_MS / 2 + 1, link_due_ms(&b.link, b.now));
    b.now += PING_MS * MS / 2 - 1;
    CHECK_STR("", says_all(&b));
    b.now += 1;
    CHECK_INT(0, link_due_ms(&b.link, b.now));
    CHECK_STR("PING", says_all(&b));
    queue(&b, 1);
    b.now += PING_MS * MS / 2;
    CHECK_STR("SUBMIT 1", says_all(&b)); /* is a sign of life too */
    bench_close(&b);
}

TEST(link_knows_when_the_broker_is_silent)
{
    const int64_t patience = (int64_t)LINK_PONGS_MISSED * PING_MS * MS;
    struct pong alive = {0};
    struct bench b;

    bench_begin(&b, 0);
    b.now += patience;
    CHECK(!link_silent(&b.link, b.now));
    CHECK(link_silent(&b.link, b.now + 1));
    CHECK_INT(0, hear(&b, SAY_PONG, &alive));
    CHECK(!link_silent(&b.link, b.now + 1));
    link_lost(&b.link);
    CHECK(!link_silent(&b.link, b.now + 2 * patience));
    bench_close(&b);
}

/* What waits could be without end. */
TEST(link_that_means_to_be_alone_says_ping_before_what_waits)
{
    struct bench b;

    bench_begin(&b, 2);
    b.now += (int64_t)PING_MS * MS;
    CHECK_STR("SUBMIT 1", says(&b));
    link_stand_alone(&b.link);
    CHECK_STR("PING SUBMIT 2", says_all(&b));
    bench_close(&b);
}

TEST(link_takes_leave)
{
    struct bench b;

    bench_begin(&b, 1);
    link_leave(&b.link);
    CHECK_INT(0, link_due_ms(&b.link, b.now));
    CHECK_STR("BYE SUBMIT 1", says_all(&b));
    bench_close(&b);
}

TEST(link_goes_on_with_another_outbox_on_the_same_connection)
{
    struct outbox_id other;
    struct bench b;

    bench_begin(&b, 1);
    CHECK_STR("SUBMIT 1", says_all(&b));
    link_finish(&b.link);
    CHECK_INT(0, ack(&b, 1, 1)); /* of an outbox that is let go */
    CHECK_STR("", b.told);
    CHECK_INT(0, outbox_current(b.outboxes, true, &other));
    link_begin(&b.link, b.outboxes, &other);
    CHECK_STR("HELLO", says(&b));
    CHECK(memcmp(b.message.hello.outbox.at, other.at, OUTBOX_SIZE) == 0);
    bench_close(&b);
}

TEST(link_carries_feeds_once_it_is_welcome)
{
    struct live live = {.id = 1, .count = 1, .upto = 9};
    struct bench b;

    bench_open(&b);
    queue(&b, 1);
    b.more = 2;
    link_connected(&b.link, b.now);
    CHECK_STR("HELLO", says_all(&b));
    CHECK_INT(0, welcome(&b, 0));
    CHECK_STR("CREDIT CREDIT SUBMIT 1", says_all(&b));
    live.has.id = live.has.count = live.has.upto = 1;
    CHECK_INT(0, hear(&b, SAY_LIVE, &live));
    CHECK(strncmp(b.told, "LIVE 9 of ", 10) == 0 && !strstr(b.told, "of 0"));
    b.more = 1;
    CHECK_INT(0, retry(&b, 1, 5000)); /* what is submitted waits, a feed does not */
    CHECK_STR("CREDIT", says_all(&b));
    bench_close(&b);
}
