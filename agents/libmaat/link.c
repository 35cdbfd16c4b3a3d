#include "agents/libmaat/link.h"

#include <stdlib.h>
#include <string.h>

#include "agents/libmaat/link_inside.h"
#include "schema/must.h"
#include "schema/wire/frame.h"

enum { MS = 1000, PATIENCE_MS = 10000, IDLE_MS = 60000 };

void
link_init(struct link *l, struct outboxes *outboxes, const struct outbox_id *outbox,
          const char *software, const struct link_events *events, void *context)
{
    *l = (struct link){
        .outboxes = outboxes, .software = software, .events = events, .context = context};
    if (outbox)
        l->outbox = *outbox;
    l->arena = arena_new();
    l->ahead.arena = arena_new();
}

void
link_end(struct link *l)
{
    arena_destroy(&l->arena);
    arena_destroy(&l->ahead.arena);
    free(l->query.at);
    l->query.at = NULL;
    link_drop_welcome(l);
}

void
link_stand_alone(struct link *l)
{
    l->alone = true;
}

void
link_connected(struct link *l, int64_t now)
{
    if (l->state == LINK_STOPPED)
        return;
    l->state = LINK_GREETING;
    l->hello_due = true;
    l->proven = false;
    l->heard = now;
    l->again = 0;
    link_go_on_after(l, 0);
}

void
link_lost(struct link *l)
{
    if (l->state != LINK_STOPPED)
        l->state = LINK_DOWN;
}

void
link_rekeyed(struct link *l)
{
    if (l->state == LINK_STOPPED && !l->other_journal)
        l->state = LINK_DOWN;
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

    hello.software = text_of(l->software);
    hello.has.oldest = hello.has.newest = hello.has.software = 1;
    if (l->outboxes) {
        hello.outbox = (struct bytes){l->outbox.at, OUTBOX_SIZE};
        hello.has.outbox = 1;
    }
    hello.alone = l->alone;
    hello.has.alone = l->alone;
    if (l->head && head_is_kept(l->head)) {
        hello.number = (int64_t)l->head->kept.head.size;
        hello.root = (struct bytes){l->head->kept.head.root.bytes, TREE_HASH};
        hello.has.number = hello.has.root = 1;
        struct text board;
        hello.has.epoch =
            checkpoint_read_origin(l->head->kept.origin, &board, &hello.epoch) ? 1 : 0;
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
say_ping(struct link *l, int64_t now, uint8_t *buf)
{
    l->pinged = now;
    return say_empty(l, now, SAY_PING, buf);
}

/* That the journal shown with WELCOME begins with the one that was seen. */
static int
say_proof(struct link *l, int64_t now, uint8_t *buf)
{
    struct query q = {.id = LINK_PROOF,
                      .what = QUERY_CONSISTENCY,
                      .from = (int64_t)l->head->kept.head.size,
                      .size = (int64_t)l->shown.head.size};

    q.has.id = q.has.what = q.has.from = q.has.size = 1;
    l->proof_due = false;
    return say(l, now, SAY_QUERY, &q, buf);
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

/* 1 where there is one to be sent, 0 where all are, or an error. */
static int
look_ahead(struct link *l)
{
    uint64_t changes = outbox_changes(l->outboxes);

    if (l->ahead.next < l->ahead.count)
        return 1;
    if (l->ahead.none && l->ahead.as_of == changes)
        return 0;
    arena_reset(l->ahead.arena);
    int rc =
        outbox_queued(l->outboxes, l->ahead.arena, &l->outbox, l->sent, l->ahead.at, LINK_AHEAD);
    l->ahead.next = 0;
    l->ahead.count = rc > 0 ? rc : 0;
    l->ahead.none = rc == 0;
    l->ahead.as_of = changes;
    return rc > 0 ? 1 : rc;
}

/* The next queued submission, if the window has room. */
static int
say_submission(struct link *l, int64_t now, uint8_t *buf)
{
    int rc;

    if (l->sent - l->answered >= l->window || (rc = look_ahead(l)) == 0)
        return 0;
    if (rc < 0)
        return rc;
    const struct outbox_queued *next = &l->ahead.at[l->ahead.next++];
    struct submit submit = {
        .n = next->n, .kind = next->kept.kind, .nonce = next->kept.nonce, .body = next->kept.body};
    submit.has.n = submit.has.kind = submit.has.nonce = submit.has.body = 1;
    if (l->sent == 0)
        l->answered = next->n - 1;
    l->sent = next->n;
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
    if (l->proof_due)
        return say_proof(l, now, buf);
    if (l->state == LINK_GREETING || l->state == LINK_PROVING)
        return 0;
    if (l->bye_due) {
        l->bye_due = false;
        return say_empty(l, now, SAY_BYE, buf);
    }
    if (l->query.at)
        return say_query(l, now, buf);
    int len = l->events->more ? l->events->more(l->context, now, buf) : 0;
    if (len > 0) {
        l->spoken = now;
        return len;
    }
    if (l->alone && now - l->pinged >= l->ping_ms * MS)
        return say_ping(l, now, buf); /* PONG says whether it is: also while much else is said */
    if (l->state == LINK_WAITING && now >= l->until)
        l->state = LINK_OPEN;
    if (l->state == LINK_OPEN && l->outboxes) {
        int rc = say_submission(l, now, buf);
        if (rc)
            return rc;
    }
    /* Twice in the interval: one may be late. */
    return now - l->spoken >= l->ping_ms * MS / 2 ? say_ping(l, now, buf) : 0;
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

/* When there is something to do by itself. */
static int64_t
due(const struct link *l, int64_t now)
{
    int64_t ping = l->spoken + patience_ms(l) * MS / 2;
    int64_t asks = l->pinged + patience_ms(l) * MS;
    int64_t write = l->unwritten_at + (int64_t)LINK_WRITE_MS * MS;

    if (l->alone && asks < ping)
        ping = asks;
    switch (l->state) {
    case LINK_DOWN:
    case LINK_STOPPED: return now + (int64_t)IDLE_MS * MS;
    case LINK_GREETING:
    case LINK_PROVING: return l->heard + LINK_PONGS_MISSED * patience_ms(l) * MS;
    case LINK_WAITING: return l->until < ping ? l->until : ping;
    case LINK_OPEN:
    case LINK_STATE_COUNT: break;
    }
    return l->outboxes && outbox_unwritten(l->outboxes) && write < ping ? write : ping;
}

int64_t
link_due_ms(const struct link *l, int64_t now)
{
    bool is_open = l->state == LINK_OPEN || l->state == LINK_WAITING;
    int64_t at = due(l, now);

    if (l->hello_due || l->proof_due || (is_open && (l->query.at || l->bye_due)))
        return 0;
    return at <= now ? 0 : (at - now) / MS + 1;
}

bool
link_ask(struct link *l, const struct query *q)
{
    if (l->query.at)
        return false;
    l->query.at = must(malloc(FRAME_IN_MAX));
    l->query.len = frame_encode(SAY_QUERY, q, l->query.at, FRAME_IN_MAX);
    return true;
}

void
link_begin(struct link *l, struct outboxes *outboxes, const struct outbox_id *outbox)
{
    l->outboxes = outboxes;
    l->outbox = *outbox;
    link_go_on_after(l, 0);
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
