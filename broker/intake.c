#include "broker/intake.h"

#include <stdio.h>
#include <string.h>

#include "broker/events.h"
#include "broker/ledger/known.h"
#include "schema/days.h"
#include "schema/digest.h"

#define AS_WORD(symbol, word, ms, reason) [symbol] = (word),
#define AS_WAIT(symbol, word, ms, reason) [symbol] = (ms),
#define AS_REASON(symbol, word, ms, reason) [symbol] = (reason),
const char *const closing_word[CLOSING_COUNT] = {CLOSINGS(AS_WORD)};
const char *const closing_reason[CLOSING_COUNT] = {CLOSINGS(AS_REASON)};
static const int closing_ms[] = {CLOSINGS(AS_WAIT)};

enum { MS = 1000 };

/* --- answers -------------------------------------------------------------------- */

static struct bytes
outbox_of(const struct session *s)
{
    return (struct bytes){s->outbox, OUTBOX_SIZE};
}

static void
say_error(struct intake *in, struct session *s, enum wire_error code, int64_t n, const char *reason)
{
    struct error e = {.code = code, .reason = text_of(reason), .n = n};

    e.has.code = e.has.reason = 1;
    e.has.n = n > 0;
    outgoing_say(in->out, s, in->ledger->number, SAY_ERROR, &e);
}

static void
say_refused(struct intake *in, struct session *s, int64_t n, int64_t number, enum fault_code code,
            struct text field, const char *reason)
{
    struct refused r = {.outbox = outbox_of(s),
                        .n = n,
                        .number = number,
                        .code = code,
                        .field = field,
                        .reason = text_of(reason)};

    r.has.outbox = r.has.n = r.has.number = r.has.code = r.has.field = r.has.reason = 1;
    outgoing_say(in->out, s, in->ledger->number, SAY_REFUSED, &r);
}

static int
say_rewind(struct intake *in, struct session *s, int64_t n)
{
    struct rewind r = {.outbox = outbox_of(s), .n = n};

    r.has.outbox = r.has.n = 1;
    s->awaited = n;
    s->awaited_since = in->ledger->number;
    outgoing_say(in->out, s, in->ledger->number, SAY_REWIND, &r);
    return 0;
}

/* Leaves at once, so no failure takes it back. */
static int
say_retry(struct intake *in, struct session *s, int64_t n, int64_t ms, const char *reason)
{
    struct retry r = {
        .outbox = outbox_of(s), .n = n, .after_ms = ms > 0 ? ms : 1, .reason = text_of(reason)};

    r.has.outbox = r.has.n = r.has.after_ms = r.has.reason = 1;
    s->awaited = n;
    s->awaited_since = 0;
    outgoing_now(in->out, s, SAY_RETRY, &r);
    return 0;
}

static int
say_forked(struct intake *in, struct session *s, int64_t n, const char *reason)
{
    struct log_line line = broker_event(BROKER_OUTBOX_FORKED);

    log_text(&line, "client", s->author.client);
    log_number(&line, "n", n);
    log_write(&line);
    s->forked = n;
    s->forked_since = in->ledger->number;
    say_error(in, s, ERROR_FORKED, n, reason);
    return 0;
}

/* --- a known n -------------------------------------------------------------------- */

static bool
same_submission(const struct entry *e, const struct submit *m)
{
    uint8_t digest[DIGEST_SIZE];

    if (e->kind != m->kind)
        return false;
    if (e->outcome == ACCEPTED)
        return bytes_equal(e->nonce, m->nonce) && bytes_equal(e->body, m->body);
    submission_digest(m->kind, m->nonce, m->body, digest);
    return bytes_equal(e->digest, (struct bytes){digest, sizeof digest});
}

static int
repeat_verdict(struct intake *in, struct session *s, const struct submit *m,
               const struct chain *chain)
{
    struct entry e;
    int rc = known_find(in->ledger, s, chain, m->n, &e);

    if (rc < 0)
        return rc;
    if (rc == 0)
        return say_forked(in, s, m->n, "an operator has accepted that this n is lost");
    if (!same_submission(&e, m))
        return say_forked(in, s, m->n, "this n was something else before");
    if (e.outcome == ACCEPTED)
        outgoing_ack(in->out, s, in->ledger->number, in->ledger->pending.ever_sealed, m->n,
                     e.number);
    else
        say_refused(in, s, m->n, e.number, e.code, e.field, fault_codes.doc[e.code]);
    return 0;
}

/* --- the next n --------------------------------------------------------------------- */

/* With the day that the clock has: a refusal would be an entry of a time that
   nobody believes, and all that follow would have it too. */
static bool
confirms_clock(struct intake *in, const struct session *s, const struct submit *m,
               struct moment now)
{
    union body body;
    struct fault fault;

    return m->kind == KIND_BOARD && s->author.role == ROLE_OPERATOR
           && submission_decode(in->ledger->arena, in->guard, m->kind, m->body, &body, &fault)
           && body.board.what == BOARD_CONFIRM_CLOCK && body.board.has.day
           && body.board.day == ledger_day(in->ledger, now.host);
}

/* After a restore what made the actions comes before what was done of them. */
static bool
comes_first(const struct session *s)
{
    return s->author.role == ROLE_LEAD || s->author.role == ROLE_OPERATOR;
}

static enum closing
closed_to(struct intake *in, const struct session *s, const struct submit *m, struct moment now)
{
    if (in->closed != OPEN_TO_ALL)
        return in->closed;
    if (!clock_read(&in->ledger->clock, now.host))
        return confirms_clock(in, s, m, now) ? OPEN_TO_ALL : CLOSED_CLOCK;
    if (ledger_is_behind(in->ledger, now.host))
        return CLOSED_DAY;
    return in->ledger->restored && !comes_first(s) ? CLOSED_RESTORED : OPEN_TO_ALL;
}

static bool
changes_rights(enum submission_kind kind)
{
    return kind == KIND_CLIENT || kind == KIND_AGENCY || kind == KIND_PLAN;
}

static void
log_refused(const struct session *s, const struct entry_origin *from, const struct fault *fault)
{
    struct log_line line = broker_event(BROKER_CLIENT_REFUSED);

    log_text(&line, "client", s->author.client);
    log_number(&line, "n", from->n);
    log_number(&line, "number", from->number);
    log_word(&line, "kind", word_text(&submission_kinds, (int)from->kind));
    log_word(&line, "code", word_text(&fault_codes, (int)fault->code));
    if (fault->field[0])
        log_word(&line, "field", fault->field);
    log_write(&line);
}

static int
refuse(struct intake *in, struct session *s, struct entry_origin *from, const struct fault *fault,
       struct moment now)
{
    struct fault kept = *fault;

    if (kept.code == FAULT_FIELD_UNKNOWN)
        kept.field[0] = '\0'; /* not a name of ours, but a text of the sender's */
    int rc = ledger_refuse(in->ledger, from, &kept, now.host);
    if (rc)
        return rc;
    log_refused(s, from, &kept);
    say_refused(in, s, from->n, from->number, fault->code, text_of(fault->field), fault->reason);
    return 0;
}

static int
judge_next(struct intake *in, struct session *s, const struct submit *m, bool *refused,
           struct moment now)
{
    struct ledger *l = in->ledger;
    uint64_t sealed = l->pending.ever_sealed;
    struct entry_origin from = {.client = s->author.client,
                                .outbox = outbox_of(s),
                                .n = m->n,
                                .kind = m->kind,
                                .nonce = m->nonce,
                                .body = m->body};
    const struct present present = ledger_present(l, now.host);
    struct findings found;
    struct fault fault;
    union body body;

    int rc = submission_decode(l->arena, in->guard, m->kind, m->body, &body, &fault)
                 ? judge(l->state, l->arena, &s->author, m->kind, &body, &present, &found, &fault)
                 : 0;
    if (rc < 0)
        return rc;
    *refused = rc == 0;
    if (*refused)
        return refuse(in, s, &from, &fault, now);
    if ((rc = ledger_accept(l, &from, &body, &found, now.host)))
        return rc;
    outgoing_ack(in->out, s, l->number, sealed, m->n, from.number);
    return 0;
}

static int
put_off(struct intake *in, struct session *s, int64_t n, enum closing closed, struct moment now)
{
    char reason[200];
    char day[DAY_TEXT];

    if (closed != CLOSED_CLOCK)
        return say_retry(in, s, n, closing_ms[closed], closing_reason[closed]);
    day_format(ledger_day(in->ledger, now.host), day);
    (void)snprintf(reason, sizeof reason, "%s that it is %s", closing_reason[closed], day);
    return say_retry(in, s, n, closing_ms[closed], reason);
}

/* Once, until something of it is accepted again. */
static void
tell_limit(const struct session *s, const char *why)
{
    struct log_line line = broker_event(why ? BROKER_CLIENT_PUT_OFF : BROKER_CLIENT_TAKEN_AGAIN);

    if (s->limits->put_off == (why != NULL))
        return;
    s->limits->put_off = why != NULL;
    log_text(&line, "client", s->author.client);
    if (why)
        log_word(&line, "reason", why);
    log_write(&line);
}

static int
take_next(struct intake *in, struct session *s, const struct submit *m, bool new_outbox,
          struct moment now)
{
    enum closing closed = closed_to(in, s, m, now);
    const char *why;
    bool refused = false;

    if (closed != OPEN_TO_ALL)
        return put_off(in, s, m->n, closed, now);
    int64_t left = limits_ask(s->limits, &in->allowance, new_outbox,
                              ledger_day(in->ledger, now.host), now.steady, &why);
    if (left) {
        tell_limit(s, why);
        return say_retry(in, s, m->n, left / MS, why);
    }
    if (changes_rights(m->kind))
        outgoing_part_from(in->out, &in->ledger->pending);
    int rc = judge_next(in, s, m, &refused, now);
    if (rc)
        return rc;
    limits_count(s->limits, new_outbox, refused, now.steady);
    if (!refused)
        tell_limit(s, NULL);
    return 0;
}

int
intake_take(struct intake *in, struct session *from, const struct submit *m, struct moment now)
{
    struct state_key key = state_key_of_outbox(outbox_of(from));
    const struct chain *chain;
    int rc;

    if (!from->has_outbox) {
        say_error(in, from, ERROR_HELLO, 0, "say in HELLO from which outbox submissions come");
        return 0;
    }
    if ((from->forked && m->n >= from->forked) || (from->awaited && m->n > from->awaited))
        return 0;
    if (m->n == from->awaited)
        from->awaited = from->awaited_since = 0;
    if ((rc = state_see_chain(in->ledger->state, in->ledger->arena, &key, &chain)) < 0)
        return rc;
    if (chain->client.len && !text_equal(chain->client, from->author.client))
        return say_forked(in, from, m->n, "this outbox is another client's");
    if (m->n <= chain->n)
        return repeat_verdict(in, from, m, chain);
    if (m->n > chain->n + 1)
        return say_rewind(in, from, chain->n + 1);
    return take_next(in, from, m, chain->n == 0, now);
}
