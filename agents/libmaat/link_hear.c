/* What the broker says, and what becomes of it: of the outbox, and of the link. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/libmaat/link_inside.h"
#include "schema/wire/frame.h"

enum { MS = 1000 };

/* The broker wants something said anew. One that says so time after time would be
   answered as fast as it speaks: then the connection is given up, and whoever drives
   the link dials again after a while. */
static int
begin_anew(struct link *l)
{
    if (++l->again <= LINK_AGAIN_MOST)
        return 0;
    link_because(l, "the broker wants to hear the same again and again");
    return -EPROTO;
}

/* The broker knows every n that it has acknowledged or refused, but where another
   journal has taken the place of its own; that is taken as it is where no head is
   kept, and what it lacks is sent again. It knows more than the outbox where that
   is an older copy; then numbers are given out again, and the broker says forked. */
static int
compare_outbox(struct link *l, const struct welcome *w)
{
    struct outbox_counts counts;
    int rc = outbox_count(l->outboxes, &l->outbox, &counts);

    if (rc || w->n + 1 >= counts.row.first_queued || l->restored.is)
        return rc;
    if (l->head && !head_is_kept(l->head))
        return outbox_requeue(l->outboxes, &l->outbox, w->n + 1);
    link_stop_at_journal(l,
                         "the broker has this outbox up to n %" PRId64 " only, and had answered up "
                         "to n %" PRId64 ": its journal was rolled back",
                         w->n, counts.row.first_queued - 1);
    return 0;
}

/* WELCOME holds: what was kept, if anything was, is the beginning of the journal. */
static int
open_link(struct link *l, const struct welcome *w)
{
    int rc = l->restored.is ? link_go_on_restored(l, w) : 0;

    if (!rc)
        rc = link_keep_shown(l, w->head);
    if (rc)
        return rc;
    l->state = LINK_OPEN;
    l->pinged = l->heard;
    if (l->events->welcome)
        l->events->welcome(l->context, w);
    link_hear_shared(l, w->has.shared ? &w->shared : NULL);
    return 0;
}

static int
hear_welcome(struct link *l, const struct welcome *w, const void *frame, size_t len)
{
    l->window = w->window;
    l->ping_ms = w->ping_ms;
    l->number = w->number;
    l->epoch = w->epoch;
    link_go_on_after(l, 0);
    link_drop_welcome(l);
    l->restored = (struct link_restored){.is = false};
    int rc = l->outboxes ? link_settle_all(l) : 0;
    if (rc)
        return rc;
    bool needs_proof = link_needs_proof(l, w);
    rc = l->outboxes && l->state != LINK_STOPPED ? compare_outbox(l, w) : 0;
    if (rc || l->state == LINK_STOPPED)
        return rc;
    if (!needs_proof)
        return open_link(l, w);
    link_hold_welcome(l, frame, len);
    return 0;
}

/* The proof that was asked for. */
static int
hear_proof(struct link *l, const struct result *r)
{
    enum message_kind kind;
    union message m;
    struct fault fault;

    if (!link_is_proof(l, r)) {
        link_stop_at_shown(l, "whose proof of going on from the one that was seen does not hold");
        return 0;
    }
    if (!frame_decode(l->arena, l->welcome.at, l->welcome.len, &kind, &m, &fault))
        abort(); /* it was decoded when it was heard */
    return open_link(l, &m.welcome);
}

static bool
is_ours(const struct link *l, struct bytes outbox)
{
    return l->outboxes && memcmp(outbox.at, l->outbox.at, OUTBOX_SIZE) == 0;
}

/* However much a broker says at once, not much more is kept in memory than this. */
static int
write_many(struct link *l)
{
    return outbox_unwritten(l->outboxes) >= LINK_WRITE_MOST ? link_settle_all(l) : 0;
}

static int
hear_ack(struct link *l, int64_t wall, int64_t now, const struct ack *a)
{
    if (!is_ours(l, a->outbox))
        return 0;
    l->again = 0;
    link_answered(l, a->n + a->numbers.count - 1, now);
    outbox_acknowledge(l->outboxes, &l->outbox, a->n, a->numbers.at, a->numbers.count, wall);
    return write_many(l);
}

static int
hear_refused(struct link *l, int64_t wall, int64_t now, const struct refused *r)
{
    if (!is_ours(l, r->outbox))
        return 0;
    l->again = 0;
    link_answered(l, r->n, now);
    outbox_refuse(l->outboxes, &l->outbox, r->n, r->number, r->code, r->field, r->reason, wall);
    return write_many(l);
}

/* An n that was settled and pruned can't be sent again: a person must look. */
static int
hear_rewind(struct link *l, const struct rewind *r)
{
    struct kept kept;
    int rc;

    if (!is_ours(l, r->outbox))
        return 0;
    if ((rc = begin_anew(l)) || (rc = link_settle_all(l))
        || (rc = outbox_get(l->outboxes, l->arena, &l->outbox, r->n, &kept)) < 0)
        return rc;
    if (rc == 0) {
        link_stop(l, "lost: the broker asks for n %" PRId64 ", which is kept no longer", r->n);
        return 0;
    }
    link_go_on_after(l, r->n - 1);
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
        link_go_on_after(l, r->n - 1);
    link_because(l, "%.*s", (int)r->reason.len, r->reason.at);
    return 0;
}

/* Two holders of one outbox, or a copy of it: what is not settled goes on in
   another, and a person is told. */
static int
hear_forked(struct link *l, const struct error *e)
{
    struct outbox_id to;
    int64_t n = e->has.n ? e->n : 1;
    int rc = begin_anew(l);

    if (rc || (rc = link_settle_all(l)) || (rc = outbox_fork(l->outboxes, &l->outbox, n, &to)))
        return rc;
    link_begin(l, l->outboxes, &to);
    if (l->events->forked)
        l->events->forked(l->context, n, &to);
    return 0;
}

/* It was started anew, or has not heard of this link for so long that it forgot it. */
static int
hear_hello_first(struct link *l)
{
    l->state = LINK_GREETING;
    l->hello_due = true;
    l->proven = false;
    return begin_anew(l);
}

/* The link asked for a proof, not whoever drives it. */
static int
hear_no_proof(struct link *l, const struct error *e)
{
    if (e->code == ERROR_NOT_FOUND) {
        link_stop_at_shown(l, "and has no proof that it goes on from the one that was seen");
        return 0;
    }
    link_because(l, "the broker gives no proof of its journal: %.*s", (int)e->reason.len,
                 e->reason.at);
    return -EPROTO;
}

static int
hear_error(struct link *l, const struct error *e)
{
    if (l->state == LINK_PROVING && e->has.id && e->id == LINK_PROOF)
        return hear_no_proof(l, e);
    switch (e->code) {
    case ERROR_HELLO: return hear_hello_first(l);
    case ERROR_FORKED: return l->outboxes ? hear_forked(l, e) : 0;
    case ERROR_OTHER_JOURNAL:
        link_stop_at_journal(l, "the broker says: %.*s", (int)e->reason.len, e->reason.at);
        break;
    case ERROR_VERSION:
    case ERROR_REVOKED:
    case ERROR_LOST:
        link_stop(l, "%s: %.*s", word_text(&wire_errors, (int)e->code), (int)e->reason.len,
                  e->reason.at);
        break;
    case ERROR_NOT_FOUND:
    case ERROR_MALFORMED:
    case ERROR_BUSY:
    case ERROR_AGAIN:
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
        link_because(l, "the broker said what can't be read: %s %s", fault.field, fault.reason);
        return -EPROTO;
    }
    l->heard = now;
    switch (kind) {
    case SAY_WELCOME: return hear_welcome(l, &m.welcome, frame, len);
    case SAY_ACK: return hear_ack(l, wall, now, &m.ack);
    case SAY_REFUSED: return hear_refused(l, wall, now, &m.refused);
    case SAY_REWIND: return hear_rewind(l, &m.rewind);
    case SAY_RETRY: return hear_retry(l, now, &m.retry);
    case SAY_ERROR: return hear_error(l, &m.error);
    case SAY_RESULT:
        if (l->state == LINK_PROVING && m.result.id == LINK_PROOF)
            return hear_proof(l, &m.result);
        l->again = 0;
        if (l->events->result)
            l->events->result(l->context, &m.result);
        return 0;
    case SAY_PLANS:
    case SAY_STATE:
    case SAY_LIVE:
    case SAY_EVENT:
        if (l->events->feed)
            l->events->feed(l->context, kind, &m, len);
        return 0;
    case SAY_PONG: link_hear_shared(l, m.pong.has.shared ? &m.pong.shared : NULL); return 0;
    case SAY_HELLO:
    case SAY_SUBMIT:
    case SAY_QUERY:
    case SAY_SUBSCRIBE:
    case SAY_CREDIT:
    case SAY_UNSUBSCRIBE:
    case SAY_PING:
    case SAY_BYE:
    case MESSAGE_COUNT: break;
    }
    link_because(l, "the broker said what only clients say");
    return -EPROTO;
}
