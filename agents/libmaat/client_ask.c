/* The question of a session: one at a time, page after page, and the same page again
   where the connection was lost before it came. */
#include <stdio.h>

#include "agents/libmaat/client_inside.h"
#include "schema/codec.h"
#include "schema/wire/host_clock.h"

enum { QUERY_BYTES = 4096 };

/* --- saying it ----------------------------------------------------------------------- */

/* An id of its own each time, so that what was on its way before is not taken for the
   answer. Nothing, where it is still to be said. */
static void
say(struct client_session *c)
{
    struct client_question *asked = &c->question;
    struct query q = asked->query;

    q.id = asked->id + 1;
    if (asked->after[0]) {
        q.after = text_of(asked->after);
        q.has.after = 1;
    }
    if (link_ask(&c->link, &q))
        asked->id++;
}

bool
client_has_question(const struct client_session *c)
{
    return c->question.each != NULL;
}

bool
client_question(struct client_session *c, const struct query *q, client_page *each,
                client_answered *done, void *context)
{
    struct client_question *asked = &c->question;
    struct query whole = *q;
    uint8_t encoded[QUERY_BYTES];
    struct fault fault;

    if (asked->each)
        return false;
    arena_reset(asked->arena);
    whole.has.id = 1;
    size_t len = record_encode(&query_record, &whole, encoded, sizeof encoded);
    if (!record_decode(asked->arena, &query_record, &asked->query,
                       arena_copy(asked->arena, encoded, len), len, &fault))
        return false;
    asked->each = each;
    asked->done = done;
    asked->context = context;
    asked->after[0] = '\0';
    asked->heard = clock_microseconds(CLOCK_MONOTONIC);
    say(c);
    client_wake(c);
    return true;
}

void
client_drop_question(struct client_session *c)
{
    c->question.each = NULL;
}

/* --- what becomes of it ---------------------------------------------------------------- */

static void
finish(struct client_session *c, enum client_outcome outcome, const char *reason)
{
    client_drop_question(c);
    c->question.done(c->question.context, outcome, reason);
}

void
question_welcome(struct client_session *c)
{
    if (c->question.each)
        say(c);
}

void
question_result(struct client_session *c, const struct result *r)
{
    struct client_question *asked = &c->question;
    const int64_t id = asked->id;

    if (!asked->each || r->id != id)
        return;
    asked->heard = clock_microseconds(CLOCK_MONOTONIC);
    bool goes_on = asked->each(asked->context, r) && r->has.next;
    if (!asked->each || asked->id != id) /* it was dropped meanwhile */
        return;
    if (!goes_on) {
        finish(c, CLIENT_DONE, "");
        return;
    }
    (void)snprintf(asked->after, sizeof asked->after, "%.*s", (int)r->next.len, r->next.at);
    say(c);
}

bool
question_error(struct client_session *c, const struct error *e)
{
    char reason[LINK_REASON];

    if (!c->question.each || !e->has.id || e->id != c->question.id)
        return false;
    (void)snprintf(reason, sizeof reason, "%.*s", (int)e->reason.len, e->reason.at);
    finish(c, e->code == ERROR_NOT_FOUND ? CLIENT_ABSENT : CLIENT_REFUSED, reason);
    return true;
}

void
question_look(struct client_session *c)
{
    enum client_outcome outcome = client_hopeless(c);

    if (c->question.each && outcome != CLIENT_DONE)
        finish(c, outcome, c->state);
}
