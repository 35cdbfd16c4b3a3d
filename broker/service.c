#include "broker/service.h"

#include <stdlib.h>
#include <string.h>

#include "broker/access.h"
#include "broker/events.h"
#include "broker/hello.h"
#include "broker/queries/queries.h"
#include "broker/twins.h"
#include "schema/reader.h"
#include "schema/wire/frame.h"

enum { NO_ID = -1, GLANCE = 512 /* bytes of a frame */ };

void
service_init(struct service *v, struct ledger *ledger, struct outgoing *out,
             const struct guard *guard, const struct run_option *options,
             const uint8_t signing[CHECKPOINT_KEY])
{
    *v = (struct service){.ledger = ledger,
                          .out = out,
                          .sessions = sessions_new(),
                          .limits = limits_table_new(),
                          .heads = {.secret = signing},
                          .options = options,
                          .result = malloc(FRAME_OUT_MAX)};
    v->intake = (struct intake){.ledger = ledger, .out = out, .guard = guard};
    feeds_init(&v->feeds, ledger, out, v->limits);
    v->intake.allowance = (struct allowance){options->outboxes_a_day, options->entries_a_day};
    if (!v->result)
        abort();
}

void
service_end(struct service *v)
{
    feeds_end(&v->feeds);
    sessions_free(&v->sessions);
    limits_table_free(&v->limits);
    free(v->result);
}

/* --- what can't be answered otherwise ----------------------------------------------- */

static int
say_error(struct service *v, struct session *s, enum wire_error code, int64_t id,
          const char *reason)
{
    struct error e = {.code = code, .reason = text_of(reason), .id = id};

    e.has.code = e.has.reason = 1;
    e.has.id = id != NO_ID;
    outgoing_say(v->out, s, v->ledger->number, SAY_ERROR, &e);
    return 0;
}

/* Whoever goes on with it is told once, and then not read for a while. */
static int
strike(struct service *v, struct session *s, const char *reason, struct moment now)
{
    struct log_line line = broker_event(BROKER_FRAME_UNREADABLE);

    log_text(&line, "client", s->author.client);
    log_word(&line, "reason", reason);
    log_write(&line);
    patience_spend(&s->limits->strikes, &patience_with_strikes, now.steady);
    return patience_left(&s->limits->strikes, now.steady)
               ? say_error(v, s, ERROR_LIMIT, NO_ID, "too much that can't be read: nothing more is")
               : say_error(v, s, ERROR_MALFORMED, NO_ID, reason);
}

static int
strike_fault(struct service *v, struct session *s, const struct fault *fault, struct moment now)
{
    char reason[300]; /* as long as an ERROR's may be */

    (void)snprintf(reason, sizeof reason, "%s%s%.230s", fault->field, fault->field[0] ? ": " : "",
                   fault->reason);
    return strike(v, s, reason, now);
}

/* --- what is said -------------------------------------------------------------------- */

/* One at a time: until the wire has sealed its answer, of which one who asks and does not
   read has one then. A key whose sessions come and go has no more than a few that wait for
   a past. */
static int
take_query(struct service *v, struct session *s, const struct query *query, const struct past *past,
           struct moment now)
{
    const struct querying q = {v->ledger, &v->heads, &s->author, ledger_day(v->ledger, now.host),
                               past};

    if ((s->asking || outgoing_has_answer(s)) && !past)
        return say_error(v, s, ERROR_BUSY, query->id, "one query at a time");
    int rc = queries_need(&q, query, &v->wanted);
    if (rc == 1 && !past && v->waiting >= SERVICE_WAITING_MAX)
        return say_error(
            v, s, ERROR_BUSY, query->id,
            "as many questions about the past as a client may ask at once wait already");
    s->asking = rc == 1;
    if (rc)
        return rc < 0 ? rc : SERVICE_LATER;
    int len = queries_answer(&q, query, v->result);
    if (len < 0)
        return len;
    outgoing_answer(v->out, s, v->ledger->number, v->result, (size_t)len);
    return 0;
}

static int
take_ping(struct service *v, struct session *s, const struct ping *ping)
{
    struct pong pong = {.id = ping->id};
    struct twin twin;
    int rc = twins_recall(v->ledger, v->limits, s, &twin);

    if (rc < 0)
        return rc;
    pong.has.id = ping->has.id;
    pong.has.shared = rc == 1;
    if (rc)
        pong.shared = twins_sharer(&twin);
    outgoing_now(v->out, s, SAY_PONG, &pong);
    return 0;
}

/* What came of what was said of a subscription. */
static int
answer_feed(struct service *v, struct session *s, int64_t id, int rc,
            const struct feed_refusal *why)
{
    if (rc < 0)
        return rc;
    return rc ? 0 : say_error(v, s, why->code, id, why->reason);
}

/* Once, not for each of a window of frames. */
static int
ask_for_hello(struct service *v, struct session *s)
{
    if (s->told)
        return 0;
    s->told = true;
    return say_error(v, s, ERROR_HELLO, NO_ID, "say HELLO first");
}

static int
take_message(struct service *v, struct session *s, enum message_kind kind, const union message *m,
             const struct past *past, struct moment now)
{
    struct feed_refusal why;

    if (kind == SAY_HELLO)
        return hello_take(v, s, &m->hello, now);
    if (!s->open)
        return ask_for_hello(v, s);
    switch (kind) {
    case SAY_SUBMIT: return intake_take(&v->intake, s, &m->submit, now);
    case SAY_QUERY: return take_query(v, s, &m->query, past, now);
    case SAY_SUBSCRIBE:
        return answer_feed(v, s, m->subscribe.id,
                           feeds_subscribe(&v->feeds, s, &m->subscribe, &why), &why);
    case SAY_CREDIT:
        return answer_feed(v, s, m->credit.id, feeds_credit(&v->feeds, s, &m->credit, &why), &why);
    case SAY_UNSUBSCRIBE:
        return answer_feed(v, s, m->unsubscribe.id,
                           feeds_unsubscribe(&v->feeds, s, &m->unsubscribe, &why), &why);
    case SAY_PING: return take_ping(v, s, &m->ping);
    case SAY_BYE: sessions_end(v->sessions, s); return 0;
    case SAY_HELLO:
    case SAY_WELCOME:
    case SAY_ACK:
    case SAY_REFUSED:
    case SAY_REWIND:
    case SAY_RETRY:
    case SAY_RESULT:
    case SAY_PLANS:
    case SAY_STATE:
    case SAY_LIVE:
    case SAY_EVENT:
    case SAY_PONG:
    case SAY_ERROR:
    case MESSAGE_COUNT: break;
    }
    return strike(v, s, "only the broker says this", now);
}

/* --- who says it --------------------------------------------------------------------- */

/* Once; it stays till it is silent, lest it begin anew. */
static int
turn_away(struct service *v, struct session *s)
{
    struct log_line line = broker_event(BROKER_KEY_NOT_VALID);

    s->open = false;
    if (s->turned_away)
        return 0;
    s->turned_away = true;
    log_text(&line, "client", s->author.client);
    log_write(&line);
    return say_error(v, s, ERROR_REVOKED, NO_ID, "this key is no longer valid");
}

/* What is not read is lost: whoever goes on has to greet, and begins with what
   was not answered. */
static int
leave_unread(struct session *s)
{
    s->open = s->told = false;
    return 0;
}

/* 1: what it says may be read. 0: it may not, and that is settled. Or negative. */
static int
may_read(struct service *v, struct session *s, struct moment now)
{
    int rc = access_know(v->ledger, v->limits, s);

    if (rc == 0)
        return turn_away(v, s);
    if (rc < 0)
        return rc;
    s->turned_away = false;
    return patience_left(&s->limits->strikes, now.steady) ? leave_unread(s) : 1;
}

static int
take_frame(struct service *v, struct session *s, const void *frame, size_t len,
           const struct past *past, struct moment now)
{
    enum message_kind kind;
    union message message;
    struct fault fault;

    if (!frame_decode(v->ledger->arena, frame, len, &kind, &message, &fault))
        return strike_fault(v, s, &fault, now);
    return take_message(v, s, kind, &message, past, now);
}

/* The session is held meanwhile: it may end by what is said, or while that is
   answered. */
int
service_take_again(struct service *v, const struct hub_route *route, const uint8_t key[CURVE_KEY],
                   const void *frame, size_t len, const struct past *past, struct moment now)
{
    arena_reset(v->ledger->arena);
    struct session *s = sessions_meet(v->sessions, route, key, now.steady);
    session_hold(s);
    int rc = may_read(v, s, now);
    if (rc == 1)
        rc = take_frame(v, s, frame, len, past, now);
    session_let_go(s);
    return rc;
}

int
service_take(struct service *v, const struct hub_route *route, const uint8_t key[CURVE_KEY],
             const void *frame, size_t len, struct moment now)
{
    return service_take_again(v, route, key, frame, len, NULL, now);
}

/* What it says of an action, if it does: where its name stands, for it is not decoded as yet. */
static struct text
glance(const void *frame, size_t len)
{
    static const char name[] = "\246action"; /* as it stands in MessagePack */
    const uint8_t *at =
        len ? memmem(frame, len < GLANCE ? len : GLANCE, name, sizeof name - 1) : NULL;
    msgpack_object o = {.type = MSGPACK_OBJECT_NIL};

    if (at) {
        struct reader in = {at + sizeof name - 1, (const uint8_t *)frame + len};
        (void)reader_take(&in, &o);
    }
    return o.type == MSGPACK_OBJECT_STR && o.via.str.size <= PATH_MAX_LEN
               ? (struct text){o.via.str.ptr, o.via.str.size}
               : (struct text){"", 0};
}

struct state_expected
service_expect(struct service *v, const struct hub_route *route, const void *frame, size_t len)
{
    const struct session *s = sessions_of_route(v->sessions, route);

    return state_expect(v->ledger->state, glance(frame, len),
                        s ? s->author.agency : (struct text){"", 0});
}

int
service_strike(struct service *v, const struct hub_route *route, const uint8_t key[CURVE_KEY],
               struct moment now)
{
    arena_reset(v->ledger->arena);
    struct session *s = sessions_meet(v->sessions, route, key, now.steady);
    session_hold(s);
    int rc = may_read(v, s, now);
    if (rc == 1)
        rc = strike(v, s, "more than one frame in a message", now);
    session_let_go(s);
    return rc;
}
