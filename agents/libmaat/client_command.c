/* A session in a command: connected, asked, settled, with a person waiting. */
#include <limits.h>
#include <poll.h>
#include <stdio.h>

#include "agents/libmaat/client_inside.h"
#include "schema/wire/host_clock.h"

#define TEXT_OF(symbol, code, text) [symbol] = (text),
#define CODE_OF(symbol, code, text) [symbol] = (code),
static const char *const outcome_text[] = {CLIENT_OUTCOMES(TEXT_OF)};
static const int outcome_code[] = {CLIENT_OUTCOMES(CODE_OF)};

const char *
client_outcome_text(enum client_outcome outcome)
{
    return outcome_text[outcome];
}

int
client_exit_code(enum client_outcome outcome)
{
    return outcome_code[outcome];
}

static enum client_outcome
outcome_of(const struct client_session *c)
{
    if (c->link.state == LINK_STOPPED)
        return CLIENT_STOPPED;
    return c->last == PEER_REFUSED    ? CLIENT_UNKNOWN_KEY
           : c->last == PEER_STRANGER ? CLIENT_STRANGER
                                      : CLIENT_UNREACHABLE;
}

enum client_outcome
client_hopeless(const struct client_session *c)
{
    bool refused = c->failed && (c->last == PEER_REFUSED || c->last == PEER_STRANGER);

    return refused || c->link.state == LINK_STOPPED ? outcome_of(c) : CLIENT_DONE;
}

/* Waits for something to do, at most till `until`; false once that is past. */
static bool
rest(struct client_session *c, int64_t until)
{
    struct pollfd item = {.fd = client_descriptor(c), .events = POLLIN};
    int64_t left = (until - clock_microseconds(CLOCK_MONOTONIC)) / MS;

    if (left <= 0)
        return false;
    (void)poll(&item, 1, left < INT_MAX ? (int)left : INT_MAX);
    return true;
}

enum client_outcome
client_connect(struct client_session *c, int ms)
{
    int64_t until = clock_microseconds(CLOCK_MONOTONIC) + (int64_t)ms * MS;

    for (;;) {
        if (client_step(c))
            return CLIENT_MACHINE;
        if (c->link.state == LINK_OPEN || c->link.state == LINK_WAITING)
            return CLIENT_DONE;
        if (client_hopeless(c) != CLIENT_DONE || !rest(c, until))
            return outcome_of(c);
    }
}

struct answer_awaited {
    bool over;
    enum client_outcome outcome;
    client_page *each;
    void *context;
    char *why;
};

static bool
take_page(void *context, const struct result *page)
{
    const struct answer_awaited *a = context;
    return a->each(a->context, page);
}

static void
take_outcome(void *context, enum client_outcome outcome, const char *reason)
{
    struct answer_awaited *a = context;

    a->over = true;
    a->outcome = outcome;
    (void)snprintf(a->why, LINK_REASON, "%s", reason);
}

enum client_outcome
client_ask(struct client_session *c, const struct query *q, int ms, client_page *each,
           void *context, char why[LINK_REASON])
{
    struct answer_awaited a = {.each = each, .context = context, .why = why};

    if (!client_question(c, q, take_page, take_outcome, &a)) {
        (void)snprintf(why, LINK_REASON, "another question has no answer yet");
        return CLIENT_REFUSED;
    }
    while (!a.over) {
        if (client_step(c))
            a = (struct answer_awaited){.over = true, .outcome = CLIENT_MACHINE};
        else if (!a.over && !rest(c, c->question.heard + (int64_t)ms * MS))
            a = (struct answer_awaited){.over = true, .outcome = outcome_of(c)};
    }
    client_drop_question(c);
    return a.outcome;
}

enum client_outcome
client_rest(struct client_session *c, int ms)
{
    int64_t until = clock_microseconds(CLOCK_MONOTONIC) + (int64_t)ms * MS;

    do
        if (client_step(c))
            return CLIENT_MACHINE;
    while (rest(c, until));
    return CLIENT_DONE;
}

void
client_begin(struct client_session *c, struct outboxes *outboxes, const struct outbox_id *outbox)
{
    c->outboxes = outboxes;
    link_begin(&c->link, outboxes, outbox);
}

void
client_finish(struct client_session *c)
{
    c->outboxes = NULL;
    link_finish(&c->link);
}

enum client_outcome
client_settle(struct client_session *c, int ms)
{
    int64_t until = clock_microseconds(CLOCK_MONOTONIC) + (int64_t)ms * MS;
    struct outbox_counts counts;

    for (;;) {
        if (client_step(c) || outbox_count(c->outboxes, &c->link.outbox, &counts))
            return CLIENT_MACHINE;
        if (!counts.row.queued)
            return CLIENT_DONE;
        if (c->link.state == LINK_STOPPED || !rest(c, until))
            return outcome_of(c);
    }
}
