/* One client's frames at a broker without sockets: how much it may have waiting. */
#include <stdlib.h>
#include <string.h>

#include "broker/service.h"
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
