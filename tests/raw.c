#include "tests/raw.h"

#include <inttypes.h>
#include <stdlib.h>

#include "schema/json.h"
#include "schema/wire/frame.h"
#include "tests/caller.h"
#include "tests/in_words.h"
#include "tests/line.h"
#include "tests/t.h"

enum { FENCE = 1000000 };

/* --- connecting ------------------------------------------------------------------ */

static enum peer_event
dial(struct rig *r, const char *key_file, struct peer **peer)
{
    struct identity identity;

    caller_identity(r, key_file, &identity);
    CHECK_INT(0, peer_new(peer, &identity, RIG_PATIENCE));
    CHECK_INT(0, peer_dial(*peer));
    return peer_wait(*peer, RIG_PATIENCE);
}

struct raw *
raw_open(struct rig *r, const char *key_file, char outbox)
{
    struct raw *c = calloc(1, sizeof *c);

    CHECK_INT(PEER_OPENED, dial(r, key_file, &c->peer));
    c->arena = arena_new();
    memset(c->outbox, outbox, sizeof c->outbox);
    return c;
}

void
raw_close(struct raw **c)
{
    peer_free(&(*c)->peer);
    arena_destroy(&(*c)->arena);
    free(*c);
    *c = NULL;
}

enum peer_event
raw_knock(struct rig *r, const char *key_file)
{
    struct peer *peer;
    enum peer_event event = dial(r, key_file, &peer);

    peer_free(&peer);
    return event;
}

/* --- saying ------------------------------------------------------------------------ */

static void *
socket_of(struct raw *c)
{
    zmq_pollitem_t items[PEER_POLL_ITEMS];

    CHECK(peer_is_open(c->peer) && peer_poll_items(c->peer, items) > 0);
    return items[0].socket;
}

/* Waits where the socket is full: the broker reads at its own pace. */
void
raw_send(struct raw *c, const void *frame, size_t len)
{
    CHECK_INT(len, zmq_send(socket_of(c), frame, len, 0));
}

void
raw_send_two(struct raw *c, const void *frame, size_t len)
{
    CHECK_INT(len, zmq_send(socket_of(c), frame, len, ZMQ_SNDMORE));
    raw_send(c, frame, len);
}

void
raw_say(struct raw *c, enum message_kind kind, const void *record)
{
    static uint8_t frame[FRAME_OUT_MAX];
    raw_send(c, frame, frame_encode(kind, record, frame, sizeof frame));
}

void
raw_hello(struct raw *c)
{
    struct hello hello = {.oldest = 1,
                          .newest = 1,
                          .software = text_of("raw"),
                          .outbox = {c->outbox, sizeof c->outbox}};

    hello.has.oldest = hello.has.newest = hello.has.software = hello.has.outbox = 1;
    raw_say(c, SAY_HELLO, &hello);
}

void
raw_say_line(struct raw *c, enum message_kind kind, const char *line, ...)
{
    union message m;
    struct fault fault;
    va_list args;

    va_start(args, line);
    const char *text = line_fill(line, args);
    va_end(args);
    arena_reset(c->arena);
    if (!record_from_json(c->arena, message_records[kind], &m, text, strlen(text), &fault))
        FAIL_WITH("%s: %s %s", line, fault.field, fault.reason);
    raw_say(c, kind, &m);
}

void
raw_ask(struct raw *c, int64_t id)
{
    struct query query = {.id = id, .what = QUERY_HEAD};

    query.has.id = query.has.what = 1;
    raw_say(c, SAY_QUERY, &query);
}

size_t
raw_encode_body(int64_t n, enum submission_kind kind, const void *body, size_t len, uint8_t *frame)
{
    uint8_t nonce[NONCE_SIZE];
    struct submit submit = {
        .n = n, .kind = kind, .nonce = {nonce, sizeof nonce}, .body = {body, (uint32_t)len}};

    memset(nonce, (int)n, sizeof nonce);
    submit.has.n = submit.has.kind = submit.has.nonce = submit.has.body = 1;
    return frame_encode(SAY_SUBMIT, &submit, frame, FRAME_IN_MAX);
}

size_t
raw_encode(struct raw *c, int64_t n, const char *line, uint8_t *frame)
{
    static uint8_t body[BODY_MAX];
    enum submission_kind kind;

    arena_reset(c->arena);
    size_t len = line_encode(c->arena, line, &kind, body);
    return raw_encode_body(n, kind, body, len, frame);
}

void
raw_submit(struct raw *c, int64_t n, const char *line, ...)
{
    static uint8_t frame[FRAME_IN_MAX];
    va_list args;

    va_start(args, line);
    size_t len = raw_encode(c, n, line_fill(line, args), frame);
    va_end(args);
    raw_send(c, frame, len);
}

void
raw_submit_body(struct raw *c, int64_t n, enum submission_kind kind, const void *body, size_t len)
{
    static uint8_t frame[FRAME_IN_MAX];

    len = raw_encode_body(n, kind, body, len, frame);
    CHECK(len > 0);
    raw_send(c, frame, len);
}

/* --- hearing ----------------------------------------------------------------------- */

static void
receive(struct raw *c)
{
    enum peer_event event = peer_wait(c->peer, RIG_PATIENCE);
    struct fault fault;
    zmq_msg_t message;

    if (event != PEER_MESSAGE)
        FAIL_WITH("nothing is said: %s", peer_event_text(event));
    CHECK_INT(0, zmq_msg_init(&message));
    CHECK_INT(1, peer_receive(c->peer, &message));
    c->len = zmq_msg_size(&message);
    CHECK(c->len <= sizeof c->frame);
    memcpy(c->frame, zmq_msg_data(&message), c->len);
    CHECK_INT(0, zmq_msg_close(&message));
    arena_reset(c->arena);
    if (!frame_decode(c->arena, c->frame, c->len, &c->kind, &c->message, &fault))
        FAIL_WITH("the broker can't be read: %s %s", fault.field, fault.reason);
}

const char *
raw_hear(struct raw *c)
{
    receive(c);
    (void)in_words(c->kind, &c->message, c->said, sizeof c->said);
    return c->said;
}

/* Acknowledgements that follow each other may come as one ACK or as several,
   whatever the broker read together: here they are one. */
static bool
continues(struct raw *c, struct ack *run)
{
    const struct ack *a = &c->message.ack;

    if (c->kind != SAY_ACK || run->n + run->numbers.count != a->n) {
        *run = c->kind == SAY_ACK ? *a : (struct ack){0};
        return false;
    }
    run->numbers.count += a->numbers.count;
    return true;
}

const char *
raw_hear_all(struct raw *c)
{
    struct ack run = {0};
    size_t begun = 0, len = 0; /* what was heard last begins there; all of it */

    raw_ask(c, FENCE);
    for (;;) {
        receive(c);
        if (c->kind == SAY_RESULT && c->message.result.id == FENCE)
            break;
        if (!continues(c, &run)) {
            if (len)
                len += (size_t)snprintf(c->said + len, sizeof c->said - len, ", ");
            begun = len;
        }
        if (c->kind == SAY_ACK)
            c->message.ack = run;
        len =
            begun + (size_t)in_words(c->kind, &c->message, c->said + begun, sizeof c->said - begun);
        CHECK(len < sizeof c->said);
    }
    c->said[len] = '\0';
    return c->said;
}

const char *
raw_reason(struct raw *c)
{
    static char reason[400];
    struct text text = c->kind == SAY_REFUSED ? c->message.refused.reason
                       : c->kind == SAY_RETRY ? c->message.retry.reason
                                              : c->message.error.reason;

    (void)snprintf(reason, sizeof reason, "%.*s", (int)text.len, text.at);
    return reason;
}
