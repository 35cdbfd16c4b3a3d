#include "tests/raw.h"

#include <inttypes.h>
#include <stdlib.h>

#include "schema/json.h"
#include "schema/wire/frame.h"
#include "tests/caller.h"
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

static int
print_ack(const struct ack *a, char *to, size_t cap)
{
    int64_t last = a->n + a->numbers.count - 1;

    return last == a->n ? snprintf(to, cap, "ACK %" PRId64, a->n)
                        : snprintf(to, cap, "ACK %" PRId64 "-%" PRId64, a->n, last);
}

static int
print_refused(const struct refused *r, char *to, size_t cap)
{
    return snprintf(to, cap, "REFUSED %" PRId64 " %s%s%.*s", r->n,
                    word_text(&fault_codes, (int)r->code), r->field.len ? " " : "",
                    (int)r->field.len, r->field.at);
}

/* --- of a feed --- */

struct words {
    char *to;
    size_t cap, len;
};

static void __attribute__((format(printf, 2, 3))) add(struct words *w, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    w->len += (size_t)vsnprintf(w->to + w->len, w->cap - w->len, format, args);
    va_end(args);
    CHECK(w->len < w->cap);
}

static int
print_plans(const struct seen_plans *p, char *to, size_t cap)
{
    struct words w = {to, cap, 0};

    add(&w, "PLANS %" PRId64 ":", p->id);
    for (uint32_t i = 0; i < p->plans.count; i++)
        add(&w, " %.*s", (int)p->plans.at[i].len, p->plans.at[i].at);
    return (int)w.len;
}

static void
add_rows(struct words *w, struct list plans, struct list actions, struct texts gone)
{
    const struct plan_row *plan = plans.at;
    const struct listed *action = actions.at;

    for (uint32_t i = 0; i < plans.count; i++)
        add(w, " %.*s", (int)plan[i].id.len, plan[i].id.at);
    for (uint32_t i = 0; i < actions.count; i++)
        add(w, " %.*s %s", (int)action[i].id.len, action[i].id.at,
            word_text(&ratings, (int)action[i].rating));
    for (uint32_t i = 0; i < gone.count; i++)
        add(w, " gone %.*s", (int)gone.at[i].len, gone.at[i].at);
}

static int
print_state(const struct current *s, char *to, size_t cap)
{
    struct words w = {to, cap, 0};
    struct list plans = {s->plans.at, s->plans.count};
    struct list actions = {s->actions.at, s->actions.count};

    add(&w, "STATE %" PRId64 ":", s->id);
    add_rows(&w, plans, actions, s->gone);
    return (int)w.len;
}

static int
print_event(const struct event *e, char *to, size_t cap)
{
    struct words w = {to, cap, 0};
    struct list plans = {e->plans.at, e->plans.count};
    struct list actions = {e->actions.at, e->actions.count};
    const struct entry *entry = e->entries.at;

    add(&w, "EVENT %" PRId64 ":", e->id);
    for (uint32_t i = 0; i < e->entries.count; i++)
        add(&w, " %" PRId64 " %s", entry[i].number,
            word_text(&submission_kinds, (int)entry[i].kind));
    add_rows(&w, plans, actions, e->gone);
    add(&w, " upto %" PRId64, e->upto);
    return (int)w.len;
}

static int
print(const struct raw *c, char *to, size_t cap)
{
    const union message *m = &c->message;

    switch (c->kind) {
    case SAY_WELCOME: return snprintf(to, cap, "WELCOME %" PRId64, m->welcome.n);
    case SAY_ACK: return print_ack(&m->ack, to, cap);
    case SAY_REFUSED: return print_refused(&m->refused, to, cap);
    case SAY_REWIND: return snprintf(to, cap, "REWIND %" PRId64, m->rewind.n);
    case SAY_RETRY: return snprintf(to, cap, "RETRY %" PRId64, m->retry.n);
    case SAY_RESULT: return snprintf(to, cap, "RESULT %" PRId64, m->result.id);
    case SAY_ERROR:
        return snprintf(to, cap, "ERROR %s", word_text(&wire_errors, (int)m->error.code));
    case SAY_PLANS: return print_plans(&m->seen_plans, to, cap);
    case SAY_STATE: return print_state(&m->current, to, cap);
    case SAY_LIVE: return snprintf(to, cap, "LIVE %" PRId64 ": %" PRId64, m->live.id, m->live.upto);
    case SAY_EVENT: return print_event(&m->event, to, cap);
    case SAY_PONG:
    case SAY_HELLO:
    case SAY_SUBMIT:
    case SAY_SUBSCRIBE:
    case SAY_CREDIT:
    case SAY_UNSUBSCRIBE:
    case SAY_QUERY:
    case SAY_PING:
    case SAY_BYE:
    case MESSAGE_COUNT: break;
    }
    return snprintf(to, cap, "%s", message_words[c->kind]);
}

const char *
raw_hear(struct raw *c)
{
    receive(c);
    (void)print(c, c->said, sizeof c->said);
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
        len = begun + (size_t)print(c, c->said + begun, sizeof c->said - begun);
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
