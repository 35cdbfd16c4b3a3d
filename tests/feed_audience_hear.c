/* What comes to the audience, message by message. */
#include "schema/wire/frame.h"
#include "tests/feed_audience_inside.h"
#include "tests/t.h"

static struct connection *
connection_of(struct audience *a, const struct hub_route *route)
{
    for (int i = 0; i < a->connection_count; i++)
        if (hub_same_route(&a->connections[i].route, route))
            return &a->connections[i];
    return NULL;
}

static struct listener *
listener_of(struct audience *a, const struct connection *c, int64_t id)
{
    for (int i = 0; i < AUDIENCE_LISTENERS; i++) {
        struct listener *l = &a->listeners[i];
        if (l->doing != LISTENER_AWAY && l->at == c && l->id == id)
            return l;
    }
    return NULL;
}

/* Whoever it is for, and whether that one still listens. */
static void
check_rights(struct audience *a, const struct connection *c, const struct model *m,
             const void *frame, size_t len, const struct event *event)
{
    const struct listener who = {.client = c->client};

    if (!model_key_is_valid(m, c->client, c->key[0]))
        audience_wrong(a, &who, &a->leaks, "a message to a key that is not valid");
    for (int p = 1; p < MODEL_PLANS; p++)
        if (memmem(frame, len, model_plans[p], strlen(model_plans[p]))
            && !model_sees_plan(m, c->client, p))
            audience_wrong(a, &who, &a->leaks, "a trace of %s", model_plans[p]);
    for (uint32_t i = 0; event && i < event->entries.count; i++) {
        int64_t number = event->entries.at[i].number;
        if (!model_sees_entry(m, c->client, &a->story->entries[number]))
            audience_wrong(a, &who, &a->leaks, "entry %lld", (long long)number);
    }
}

static void
check_bytes(struct audience *a, struct listener *l, int64_t number, const void *frame, size_t len)
{
    struct ledger *ledger = &a->broker->board.ledger;
    struct bytes entry;

    arena_reset(ledger->arena);
    CHECK_INT(1, ledger_get(ledger, number, &entry));
    if (!memmem(frame, len, entry.at, entry.len))
        audience_wrong(a, l, &a->disorder, "entry %lld is not as in the journal",
                       (long long)number);
}

/* As of this entry or a later one, its filter has done that with the action that the entry
   names (let_through, held_back). */
static bool
has_done(const struct audience *a, const int64_t *when, int64_t number)
{
    const struct model_entry *e = &a->story->entries[number];
    return e->action != MODEL_NONE && when[e->action] >= number;
}

/* What it must hear before this number will not come any more. */
static void
miss_until(struct audience *a, struct listener *l, int64_t number)
{
    for (; l->due_heard < l->due_count && l->due[l->due_heard] < number; l->due_heard++)
        if (!has_done(a, l->held_back, l->due[l->due_heard]))
            audience_wrong(a, l, &a->losses, "entry %lld is missing",
                           (long long)l->due[l->due_heard]);
}

static void
hear_entries(struct audience *a, struct listener *l, const struct event *m, const void *frame,
             size_t len)
{
    for (uint32_t i = 0; i < m->entries.count; i++) {
        int64_t number = m->entries.at[i].number;
        check_bytes(a, l, number, frame, len);
        miss_until(a, l, number);
        if (l->due_heard < l->due_count && l->due[l->due_heard] == number)
            l->due_heard++;
        else if (!has_done(a, l->let_through, number))
            audience_wrong(a, l, &a->leaks, "entry %lld was not for it", (long long)number);
    }
    miss_until(a, l, m->upto + 1);
    a->events += m->entries.count;
}

static void
hear(struct audience *a, struct listener *l, enum message_kind kind, const union message *m,
     const void *frame, size_t len, const struct model *made)
{
    const char *fault;

    l->credit -= len > FEED_COST_LEAST ? (int64_t)len : FEED_COST_LEAST;
    if (l->credit < 0)
        audience_wrong(a, l, &a->disorder, "more than its credit");
    if ((fault = followed_hear(&l->heard, kind, m)))
        audience_wrong(a, l, &a->disorder, "%s", fault);
    if (kind == SAY_PLANS && !l->heard.gathered && l->heard.now.plans != audience_plans(made, l))
        audience_wrong(a, l, l->heard.now.plans & ~audience_plans(made, l) ? &a->leaks : &a->losses,
                       "PLANS are %x, not %x", l->heard.now.plans, audience_plans(made, l));
    if (kind == SAY_EVENT)
        hear_entries(a, l, &m->event, frame, len);
    if (l->leaves_in >= 0 && l->leaves_in-- == 0)
        audience_leaves(a, l->at);
}

static void
hear_error(struct audience *a, struct connection *c, const struct error *e)
{
    struct listener *l = listener_of(a, c, e->id);

    if (e->code == ERROR_REVOKED)
        audience_leaves(a, c);
    else if (e->code == ERROR_AGAIN && l && l->doing == LISTENER_AWAITS_AGAIN)
        l->doing = LISTENER_AWAY;
    else if (l)
        audience_wrong(a, l, &a->disorder, "ERROR %s", word_text(&wire_errors, (int)e->code));
}

static int64_t
id_of(enum message_kind kind, const union message *m)
{
    switch ((int)kind) {
    case SAY_PLANS: return m->seen_plans.id;
    case SAY_STATE: return m->current.id;
    case SAY_LIVE: return m->live.id;
    case SAY_EVENT: return m->event.id;
    default: return MODEL_NONE;
    }
}

void
audience_hear(void *context, const struct hub_route *to, const void *frame, size_t len,
              int64_t made)
{
    struct audience *a = context;
    struct connection *c = connection_of(a, to);
    enum message_kind kind;
    union message m;
    struct fault fault;

    if (!c)
        return; /* where somebody submits */
    arena_reset(a->arena);
    CHECK(frame_decode(a->arena, frame, len, &kind, &m, &fault));
    if (kind == SAY_WELCOME)
        c->welcomed = true;
    if (kind == SAY_ERROR)
        hear_error(a, c, &m.error);
    if (id_of(kind, &m) == MODEL_NONE)
        return;
    const struct event *event = kind == SAY_EVENT ? &m.event : NULL;
    const struct model *models = a->story->models;
    check_rights(a, c, &models[made], frame, len, event);
    check_rights(a, c, &models[a->broker->board.ledger.durable], frame, len, event);
    struct listener *l = listener_of(a, c, id_of(kind, &m));
    if (l && !c->left)
        hear(a, l, kind, &m, frame, len, &models[made]);
}
