/* One client's frames at a broker without sockets: how much it may have waiting. */
#include <stdlib.h>
#include <string.h>

#include "broker/service.h"
#include "schema/codec.h"
#include "schema/wire/frame.h"
#include "tests/small_board.h"
#include "tests/t.h"

struct room {
    struct small_board board;
    struct outgoing out;
    struct service service;
    struct run_option options;
    struct hub_route route;
    uint8_t key[CURVE_KEY];
    enum message_kind kind;  /* of what was heard last */
    enum wire_error code;    /* and, of an ERROR, its code */
    int heard;               /* how many since something was said */
    struct parcel *unsealed; /* kept by `keeps` */
    bool keeps;
    struct moment now;
};

static void
deliver(void *context, struct session *to, struct parcel *frame)
{
    struct room *r = context;
    struct arena *arena = arena_new();
    union message m;
    struct fault fault;

    (void)to;
    r->heard++;
    CHECK(frame_decode(arena, frame->at, frame->len, &r->kind, &m, &fault));
    r->code = r->kind == SAY_ERROR ? m.error.code : WIRE_ERROR_COUNT;
    arena_destroy(&arena);
    if (r->keeps)
        r->unsealed = frame;
    else
        parcel_free(frame);
}

static int
say(struct room *r, enum message_kind kind, const void *record)
{
    uint8_t frame[512];
    size_t len = frame_encode(kind, record, frame, sizeof frame);

    r->kind = MESSAGE_COUNT;
    r->heard = 0;
    int rc = service_take(&r->service, &r->route, r->key, frame, len, r->now);
    outgoing_release(&r->out, r->board.ledger.durable);
    return rc;
}

static void
say_hello(struct room *r)
{
    struct hello h = {.oldest = 1, .newest = 1, .software = text_of("test")};

    h.has.oldest = h.has.newest = h.has.software = 1;
    CHECK_INT(0, say(r, SAY_HELLO, &h));
    CHECK_INT(SAY_WELCOME, r->kind);
}

/* As police/crm, which has said HELLO. */
static void
begin(struct room *r)
{
    static const struct guard no_mailboxes;
    static const uint8_t signing[CHECKPOINT_KEY] = {1};

    *r = (struct room){.route = {.len = 1, .bytes = {1}}};
    small_board_open(&r->board);
    small_board_key(2, r->key);
    run_option_defaults(&r->options);
    outgoing_init(&r->out, deliver, r);
    service_init(&r->service, &r->board.ledger, &r->out, &no_mailboxes, &r->options, signing);
    r->now = (struct moment){.host = r->board.host, .steady = 1};
    say_hello(r);
}

static void
end(struct room *r)
{
    service_end(&r->service);
    outgoing_end(&r->out);
    small_board_close(&r->board);
}

static struct query
about_the_past(struct room *r)
{
    struct query q = {.id = 1, .what = QUERY_STATUS, .plan = text_of("p")};

    q.as_at = ledger_day(&r->board.ledger, r->board.host);
    q.has.id = q.has.what = q.has.plan = q.has.as_at = 1;
    return q;
}

/* The answer to the first waits until what it may tell of is durable. */
TEST(service_takes_one_question_at_a_time)
{
    struct query q = {.id = 1, .what = QUERY_STATUS, .plan = text_of("p")};
    struct room r;

    begin(&r);
    q.has.id = q.has.what = q.has.plan = 1;
    small_board_say(&r.board, "police/crm",
                    "{\"kind\": \"progress\", \"action\": \"p/1\", \"on\": \"2016-04-01\", "
                    "\"note\": \"n\"}");
    CHECK_INT(0, say(&r, SAY_QUERY, &q));
    CHECK_INT(MESSAGE_COUNT, r.kind);
    q.id = 2;
    CHECK_INT(0, say(&r, SAY_QUERY, &q));
    CHECK_INT(MESSAGE_COUNT, r.kind);
    small_board_settle(&r.board);
    outgoing_release(&r.out, r.board.ledger.durable);
    CHECK_INT(2, r.heard);
    CHECK_INT(SAY_ERROR, r.kind);
    CHECK_INT(ERROR_BUSY, r.code);
    CHECK_INT(0, say(&r, SAY_QUERY, &q));
    CHECK_INT(SAY_RESULT, r.kind);
    end(&r);
}

TEST(service_takes_no_question_while_an_answer_is_on_its_way)
{
    struct query q = {.id = 1, .what = QUERY_STATUS, .plan = text_of("p")};
    struct room r;

    begin(&r);
    q.has.id = q.has.what = q.has.plan = 1;
    r.keeps = true;
    CHECK_INT(0, say(&r, SAY_QUERY, &q));
    CHECK_INT(SAY_RESULT, r.kind);
    r.keeps = false;
    CHECK_INT(0, say(&r, SAY_QUERY, &q));
    CHECK_INT(ERROR_BUSY, r.code);
    parcel_free(r.unsealed);
    CHECK_INT(0, say(&r, SAY_QUERY, &q));
    CHECK_INT(SAY_RESULT, r.kind);
    end(&r);
}

TEST(service_takes_one_question_about_the_past_at_a_time)
{
    struct room r;

    begin(&r);
    struct query q = about_the_past(&r);
    CHECK_INT(SERVICE_LATER, say(&r, SAY_QUERY, &q));
    r.service.waiting = 1;
    CHECK_INT(0, say(&r, SAY_QUERY, &q));
    CHECK_INT(ERROR_BUSY, r.code);
    end(&r);
}

/* BYE and a new HELLO make a new session, which has asked nothing. */
TEST(service_takes_few_questions_about_the_past_of_a_key)
{
    struct ping bye = {0};
    struct room r;

    begin(&r);
    struct query q = about_the_past(&r);
    for (; r.service.waiting < SERVICE_WAITING_MAX; r.service.waiting++) {
        CHECK_INT(SERVICE_LATER, say(&r, SAY_QUERY, &q));
        CHECK_INT(0, say(&r, SAY_BYE, &bye));
        say_hello(&r);
    }
    CHECK_INT(0, say(&r, SAY_QUERY, &q));
    CHECK_INT(ERROR_BUSY, r.code);
    q.has.as_at = 0;
    CHECK_INT(0, say(&r, SAY_QUERY, &q));
    CHECK_INT(SAY_RESULT, r.kind);
    end(&r);
}

/* --- what a frame will look at --------------------------------------------------------- */

static size_t
encode_submission(const char *action, uint8_t *frame, size_t cap)
{
    static const uint8_t nonce[NONCE_SIZE];
    struct progress p = {.action = text_of(action), .on = 17000, .note = text_of("n")};
    uint8_t body[256];

    p.has.action = p.has.on = p.has.note = 1;
    struct submit m = {.n = 1, .kind = KIND_PROGRESS, .nonce = {nonce, NONCE_SIZE}};
    m.body = (struct bytes){body, (uint32_t)record_encode(&progress_record, &p, body, sizeof body)};
    m.has.n = m.has.kind = m.has.nonce = m.has.body = 1;
    return frame_encode(SAY_SUBMIT, &m, frame, cap);
}

static bool
expects(struct room *r, const uint8_t *frame, size_t len, const char *action, const char *agency)
{
    struct state_expected e = service_expect(&r->service, &r->route, frame, len);
    struct state_expected as =
        state_expect(r->board.ledger.state, text_of(action), text_of(agency));

    state_expect_rows(r->board.ledger.state, &e);
    return e.action == as.action && e.part == as.part;
}

TEST(service_expects_the_part_that_a_submission_names)
{
    uint8_t frame[1024];
    struct room r;

    begin(&r);
    small_board_say(&r.board, "police/crm",
                    "{\"kind\": \"progress\", \"action\": \"p/1\", \"on\": \"2016-04-01\", "
                    "\"note\": \"n\"}");
    size_t len = encode_submission("p/1", frame, sizeof frame);
    CHECK(expects(&r, frame, len, "p/1", "police"));
    CHECK(!expects(&r, frame, len, "p/2", "police"));
    CHECK(!expects(&r, frame, len, "p/1", "health"));
    r.route.bytes[0]++; /* nobody's */
    CHECK(expects(&r, frame, len, "p/1", ""));
    end(&r);
}

/* A frame is nobody's word as yet: it may be cut off, and name what no key can hold. */
TEST(service_expects_nothing_of_a_frame_that_says_nothing)
{
    uint8_t frame[1024];
    char action[PATH_MAX_LEN + 2] = "";
    struct room r;

    begin(&r);
    size_t len = encode_submission("p/1", frame, sizeof frame);
    const uint8_t *named = memmem(frame, len, "p/1", 3);
    for (size_t cut = 0; cut < len; cut++) {
        uint8_t *copy = malloc(cut ? cut : 1);
        CHECK(copy != NULL);
        memcpy(copy, frame, cut);
        CHECK(expects(&r, copy, cut, frame + cut < named + 3 ? "" : "p/1", "police"));
        free(copy);
    }
    memset(action, 'a', PATH_MAX_LEN + 1);
    len = encode_submission(action, frame, sizeof frame);
    CHECK(expects(&r, frame, len, "", "police"));
    action[PATH_MAX_LEN] = '\0';
    len = encode_submission(action, frame, sizeof frame);
    CHECK(expects(&r, frame, len, action, "police"));
    end(&r);
}
