#include "agents/libmaat/link.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/libmaat/head.h"
#include "schema/wire/frame.h"

enum { MS = 1000, PATIENCE_MS = 10000 };

#define TEXT_OF(symbol, text, doc) [symbol] = (text),
#define DOC_OF(symbol, text, doc) [symbol] = (doc),
static const char *const link_state_text[] = {LINK_STATES(TEXT_OF)};
static const char *const link_state_doc[] = {LINK_STATES(DOC_OF)};
const struct vocabulary link_states = {"link", link_state_text, link_state_doc, LINK_STATE_COUNT};

void
link_init(struct link *l, struct outboxes *outboxes, const struct outbox_id *outbox,
          const char *software, const struct link_events *events, void *context)
{
    *l = (struct link){
        .outboxes = outboxes, .software = software, .events = events, .context = context};
    if (outbox)
        l->outbox = *outbox;
    l->arena = arena_new();
}

void
link_end(struct link *l)
{
    arena_destroy(&l->arena);
    free(l->query.at);
    l->query.at = NULL;
}

void
link_connected(struct link *l, int64_t now)
{
    if (l->state == LINK_STOPPED)
        return;
    l->state = LINK_GREETING;
    l->hello_due = true;
    l->heard = now;
    l->sent = 0;
}

void
link_lost(struct link *l)
{
    if (l->state != LINK_STOPPED)
        l->state = LINK_DOWN;
}

__attribute__((format(printf, 2, 3))) static void
because(struct link *l, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(l->reason, sizeof l->reason, format, args);
    va_end(args);
}

/* --- saying ---------------------------------------------------------------------- */

static int
say(struct link *l, int64_t now, enum message_kind kind, const void *message, uint8_t *buf)
{
    l->spoken = now;
    return (int)frame_encode(kind, message, buf, FRAME_IN_MAX);
}

static int
say_hello(struct link *l, int64_t now, uint8_t *buf)
{
    struct hello hello = {.oldest = PROTOCOL_VERSION, .newest = PROTOCOL_VERSION};
    struct seen_head seen;

    hello.software = text_of(l->software);
    hello.has.oldest = hello.has.newest = hello.has.software = 1;
    if (l->outboxes) {
        int rc = outboxes_get_head(l->outboxes, l->arena, &seen);
        if (rc < 0)
            return rc;
        if (rc == 1) {
            hello.number = seen.number;
            hello.root = seen.root;
            hello.has.number = hello.has.root = 1;
        }
        hello.outbox = (struct bytes){l->outbox.at, OUTBOX_SIZE};
        hello.has.outbox = 1;
    }
    l->hello_due = false;
    return say(l, now, SAY_HELLO, &hello, buf);
}

static int
say_empty(struct link *l, int64_t now, enum message_kind kind, uint8_t *buf)
{
    struct ping nothing = {0};
    return say(l, now, kind, &nothing, buf);
}

static int
say_query(struct link *l, int64_t now, uint8_t *buf)
{
    int len = (int)l->query.len;

    memcpy(buf, l->query.at, l->query.len);
    free(l->query.at);
    l->query.at = NULL;
    l->spoken = now;
    return len;
}

/* The next queued submission, if the window has room. */
static int
say_submission(struct link *l, int64_t now, uint8_t *buf)
{
    struct outbox_counts counts;
    struct kept kept;
    int64_t n = l->sent;
    int rc = outbox_count(l->outboxes, &l->outbox, &counts);

    if (rc)
        return rc;
    if (!counts.row.queued
        || (n >= counts.row.first_queued && n - counts.row.first_queued + 1 >= l->window))
        return 0;
    if ((rc = outbox_next(l->outboxes, l->arena, &l->outbox, KEPT_QUEUED, &n, &kept)) != 1)
        return rc;
    struct submit submit = {.n = n, .kind = kept.kind, .nonce = kept.nonce, .body = kept.body};
    submit.has.n = submit.has.kind = submit.has.nonce = submit.has.body = 1;
    l->sent = n;
    return say(l, now, SAY_SUBMIT, &submit, buf);
}

int
link_next(struct link *l, int64_t now, uint8_t *buf)
{
    arena_reset(l->arena);
    if (l->state == LINK_DOWN || l->state == LINK_STOPPED)
        return 0;
    if (l->hello_due)
        return say_hello(l, now, buf);
    if (l->state == LINK_GREETING)
        return 0;
    if (l->bye_due) {
        l->bye_due = false;
        return say_empty(l, now, SAY_BYE, buf);
    }
    if (l->query.at)
        return say_query(l, now, buf);
    if (l->state == LINK_WAITING && now >= l->until)
        l->state = LINK_OPEN;
    if (l->state == LINK_OPEN && l->outboxes) {
        int rc = say_submission(l, now, buf);
        if (rc)
            return rc;
    }
    /* Twice in the interval: one may be late. */
    return now - l->spoken >= l->ping_ms * MS / 2 ? say_empty(l, now, SAY_PING, buf) : 0;
}

/* How often the other end is to be heard: as WELCOME says, or till then. */
static int64_t
patience_ms(const struct link *l)
{
    return l->ping_ms ? l->ping_ms : PATIENCE_MS;
}

bool
link_silent(const struct link *l, int64_t now)
{
    return l->state != LINK_DOWN && l->state != LINK_STOPPED
           && now - l->heard > LINK_PONGS_MISSED * patience_ms(l) * MS;
}

int64_t
link_due_ms(const struct link *l, int64_t now)
{
    int64_t ping = l->spoken + patience_ms(l) * MS / 2;
    int64_t due = l->state == LINK_WAITING && l->until < ping ? l->until : ping;

    if (l->hello_due || l->query.at || l->bye_due)
        return 0;
    return due <= now ? 0 : (due - now) / MS + 1;
}

bool
link_ask(struct link *l, const struct query *q)
{
    if (l->query.at)
        return false;
    l->query.at = malloc(FRAME_IN_MAX);
    if (!l->query.at)
        abort();
    l->query.len = frame_encode(SAY_QUERY, q, l->query.at, FRAME_IN_MAX);
    return true;
}

void
link_begin(struct link *l, struct outboxes *outboxes, const struct outbox_id *outbox)
{
    l->outboxes = outboxes;
    l->outbox = *outbox;
    l->sent = 0;
    if (l->state == LINK_DOWN || l->state == LINK_STOPPED)
        return;
    l->state = LINK_GREETING;
    l->hello_due = true;
}

void
link_finish(struct link *l)
{
    l->outboxes = NULL;
}

void
link_leave(struct link *l)
{
    l->bye_due = true;
}

/* --- hearing ------------------------------------------------------------------------ */

static void
stop(struct link *l, const char *code, struct text reason)
{
    l->state = LINK_STOPPED;
    because(l, "%s: %.*s", code, (int)reason.len, reason.at);
}

/* The broker knows every n that it has acknowledged or refused, but where another
   journal has taken the place of its own. It knows more than the outbox where that
   is an older copy; then numbers are given out again, and the broker says forked. */
static int
compare_outbox(struct link *l, const struct welcome *w)
{
    struct outbox_counts counts;
    int rc = outbox_count(l->outboxes, &l->outbox, &counts);

    if (!rc && w->n + 1 < counts.row.first_queued)
        stop(
            l, "other-journal",
            text_of("the broker lacks what it has answered: it was restored, and does not say so"));
    return rc;
}

static int
keep_head(struct link *l, const struct welcome *w)
{
    uint8_t root[HEAD_ROOT];
    struct seen_head head = {.number = w->number, .root = {root, sizeof root}};

    if (!head_root(w->head, root))
        return 0;
    head.has.number = head.has.root = 1;
    return outboxes_put_head(l->outboxes, &head);
}

static int
hear_welcome(struct link *l, const struct welcome *w)
{
    int rc;

    l->window = w->window;
    l->ping_ms = w->ping_ms;
    l->number = w->number;
    l->epoch = w->epoch;
    l->sent = 0;
    if (l->outboxes) {
        if ((rc = compare_outbox(l, w)) || l->state == LINK_STOPPED || (rc = keep_head(l, w)))
            return rc;
    }
    l->state = LINK_OPEN;
    if (l->events->welcome)
        l->events->welcome(l->context, w);
    return 0;
}

static bool
is_ours(const struct link *l, struct bytes outbox)
{
    return l->outboxes && memcmp(outbox.at, l->outbox.at, OUTBOX_SIZE) == 0;
}

static void
tell_settled(struct link *l, int64_t n, enum kept_state state)
{
    if (l->events->settled)
        l->events->settled(l->context, n, state);
}

static int
hear_ack(struct link *l, int64_t wall, const struct ack *a)
{
    if (!is_ours(l, a->outbox))
        return 0;
    int rc =
        outbox_acknowledge(l->outboxes, &l->outbox, a->n, a->numbers.at, a->numbers.count, wall);
    for (uint32_t i = 0; i < a->numbers.count && !rc; i++)
        tell_settled(l, a->n + i, KEPT_ACKNOWLEDGED);
    return rc;
}

static int
hear_refused(struct link *l, int64_t wall, const struct refused *r)
{
    if (!is_ours(l, r->outbox))
        return 0;
    int rc =
        outbox_refuse(l->outboxes, &l->outbox, r->n, r->number, r->code, r->field, r->reason, wall);
    if (!rc)
        tell_settled(l, r->n, KEPT_REFUSED);
    return rc;
}

/* An n that was settled and pruned can't be sent again: a person must look. */
static int
hear_rewind(struct link *l, const struct rewind *r)
{
    struct kept kept;
    int rc;

    if (!is_ours(l, r->outbox))
        return 0;
    if ((rc = outbox_get(l->outboxes, l->arena, &l->outbox, r->n, &kept)) < 0)
        return rc;
    if (rc == 0) {
        char text[100];
        (void)snprintf(text, sizeof text,
                       "the broker asks for n %" PRId64 ", which is kept no longer", r->n);
        stop(l, "lost", text_of(text));
        return 0;
    }
    l->sent = r->n - 1;
    return outbox_requeue(l->outboxes, &l->outbox, r->n);
}

static int
hear_retry(struct link *l, int64_t now, const struct retry *r)
{
    if (!is_ours(l, r->outbox))
        return 0;
    l->state = LINK_WAITING;
    l->until = now + r->after_ms * MS;
    if (l->sent >= r->n)
        l->sent = r->n - 1;
    because(l, "%.*s", (int)r->reason.len, r->reason.at);
    return 0;
}

/* Two holders of one outbox, or a copy of it: what is not settled goes on in
   another, and a person is told. */
static int
hear_forked(struct link *l, const struct error *e)
{
    struct outbox_id to;
    int64_t n = e->has.n ? e->n : 1;
    int rc = outbox_fork(l->outboxes, &l->outbox, n, &to);

    if (rc)
        return rc;
    link_begin(l, l->outboxes, &to);
    if (l->events->forked)
        l->events->forked(l->context, n, &to);
    return 0;
}

static int
hear_error(struct link *l, const struct error *e)
{
    switch (e->code) {
    case ERROR_HELLO:
        l->state = LINK_GREETING;
        l->hello_due = true;
        return 0;
    case ERROR_FORKED: return l->outboxes ? hear_forked(l, e) : 0;
    case ERROR_VERSION:
    case ERROR_OTHER_JOURNAL:
    case ERROR_REVOKED:
    case ERROR_LOST: stop(l, word_text(&wire_errors, (int)e->code), e->reason); break;
    case ERROR_NOT_FOUND:
    case ERROR_MALFORMED:
    case ERROR_BUSY:
    case ERROR_LIMIT:
    case ERROR_DAY:
    case WIRE_ERROR_COUNT: break;
    }
    if (l->events->error)
        l->events->error(l->context, e);
    return 0;
}

int
link_hear(struct link *l, int64_t wall, int64_t now, const void *frame, size_t len)
{
    enum message_kind kind;
    union message m;
    struct fault fault;

    arena_reset(l->arena);
    if (!frame_decode(l->arena, frame, len, &kind, &m, &fault)) {
        because(l, "the broker said what can't be read: %s %s", fault.field, fault.reason);
        return -EPROTO;
    }
    l->heard = now;
    switch (kind) {
    case SAY_WELCOME: return hear_welcome(l, &m.welcome);
    case SAY_ACK: return hear_ack(l, wall, &m.ack);
    case SAY_REFUSED: return hear_refused(l, wall, &m.refused);
    case SAY_REWIND: return hear_rewind(l, &m.rewind);
    case SAY_RETRY: return hear_retry(l, now, &m.retry);
    case SAY_ERROR: return hear_error(l, &m.error);
    case SAY_RESULT:
        if (l->events->result)
            l->events->result(l->context, &m.result);
        return 0;
    case SAY_PONG: return 0;
    case SAY_HELLO:
    case SAY_SUBMIT:
    case SAY_QUERY:
    case SAY_PING:
    case SAY_BYE:
    case MESSAGE_COUNT: break;
    }
    because(l, "the broker said what only clients say");
    return -EPROTO;
}
