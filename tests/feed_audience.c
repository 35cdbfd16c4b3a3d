#include <stdlib.h>

#include "tests/feed_audience_inside.h"
#include "tests/t.h"

enum { ONE_IN_THREE = 3, TURNS_MAX = 10000 };

/* --- coming and going ------------------------------------------------------------------------- */

void
audience_leaves(struct audience *a, struct connection *c)
{
    c->left = true;
    for (int i = 0; i < AUDIENCE_LISTENERS; i++)
        if (a->listeners[i].at == c)
            a->listeners[i].doing = LISTENER_AWAY;
}

static struct connection *
find_connection(struct audience *a, int client)
{
    for (int i = 0; i < a->connection_count; i++) {
        struct connection *c = &a->connections[i];
        if (c->client == client && c->welcomed && !c->left
            && model_key_is_valid(story_now(a->story), client, c->key[0]))
            return c;
    }
    return NULL;
}

static struct connection *
connect_client(struct audience *a, int client)
{
    struct connection *c = random_below(2) ? find_connection(a, client) : NULL;

    if (c || a->connection_count == AUDIENCE_CONNECTIONS)
        return c;
    c = &a->connections[a->connection_count];
    *c = (struct connection){.client = client};
    if (!story_connect(a->story, client, &c->route, c->key))
        return NULL;
    a->connection_count++;
    return c;
}

static int64_t
some_credit(void)
{
    return CREDIT_LEAST * (int64_t)(1 + random_below(3)) + (int64_t)random_below(FEED_COST_LEAST);
}

static void
subscribe(struct audience *a, struct listener *l)
{
    struct subscribe s;
    struct connection *c = connect_client(a, l->client);

    if (!c)
        return;
    arena_reset(a->arena);
    followed_subscribe(&l->heard, a->arena, &s);
    l->id = s.id = ++a->ids;
    l->credit = random_below(ONE_IN_THREE) ? some_credit() : 0;
    s.credit = l->credit;
    s.has.id = 1;
    s.has.credit = l->credit > 0;
    l->leaves_in = random_below(ONE_IN_THREE) ? -1 : (int)random_below(9);
    l->at = c;
    l->doing = LISTENER_FOLLOWS;
    l->due_count = l->due_heard = 0;
    small_broker_take(a->broker, &c->route, c->key, SAY_SUBSCRIBE, &s);
    const struct follower *f = small_broker_follower(a->broker, &c->route, l->id);
    if (!f)
        audience_wrong(a, l, &a->disorder, "SUBSCRIBE was not taken");
    else
        l->upto = f->upto;
}

static void
grant(struct audience *a, struct listener *l, int64_t bytes)
{
    struct credit m = {.id = l->id, .credit = bytes};

    m.has.id = m.has.credit = 1;
    l->credit = l->credit + bytes > FEED_CREDIT_MAX ? FEED_CREDIT_MAX : l->credit + bytes;
    small_broker_take(a->broker, &l->at->route, l->at->key, SAY_CREDIT, &m);
}

/* What is beyond the most is cut: while messages are under way nobody could say how much. */
static void
grant_some(struct audience *a, struct listener *l)
{
    int64_t bytes = some_credit();

    if (l->credit + bytes <= FEED_CREDIT_MAX)
        grant(a, l, bytes);
}

static void
unsubscribe(struct audience *a, struct listener *l)
{
    struct unsubscribe m = {.id = l->id};

    m.has.id = 1;
    l->doing = LISTENER_AWAY;
    small_broker_take(a->broker, &l->at->route, l->at->key, SAY_UNSUBSCRIBE, &m);
}

/* With a word, or without. */
static void
go_away(struct audience *a, struct listener *l)
{
    struct connection *c = l->at;

    audience_leaves(a, c);
    if (random_below(2))
        small_broker_take(a->broker, &c->route, c->key, SAY_BYE, &(struct ping){0});
}

void
audience_acts(struct audience *a)
{
    struct listener *l = &a->listeners[random_below(AUDIENCE_LISTENERS)];

    if (l->doing == LISTENER_AWAY) {
        subscribe(a, l);
        return;
    }
    if (l->doing != LISTENER_FOLLOWS
        || !model_key_is_valid(story_now(a->story), l->client, l->at->key[0]))
        return;
    switch (random_below(8)) {
    case 0: unsubscribe(a, l); break;
    case 1: go_away(a, l); break;
    default: grant_some(a, l);
    }
}

/* --- after turns and failures -------------------------------------------------------- */

static void
add_due(struct listener *l, int64_t number)
{
    if (l->due_count == l->due_cap) {
        l->due_cap = 2 * l->due_cap + 64;
        l->due = realloc(l->due, (size_t)l->due_cap * sizeof *l->due);
    }
    l->due[l->due_count++] = number;
}

static void
note_due(struct audience *a)
{
    arena_reset(a->arena);
    for (int i = 0; i < AUDIENCE_LISTENERS; i++) {
        struct listener *l = &a->listeners[i];
        audience_note_filter(a, l);
        if (l->doing != LISTENER_FOLLOWS)
            continue;
        const struct follower *f = small_broker_follower(a->broker, &l->at->route, l->id);
        if (!f) {
            if (!audience_is_revoked(a, l))
                audience_wrong(a, l, &a->losses, "is not followed any more");
            continue;
        }
        if (f->upto > a->story->number)
            audience_wrong(a, l, &a->disorder, "is at %lld, which never was", (long long)f->upto);
        for (; l->upto < f->upto && l->upto < a->story->number; l->upto++)
            if (audience_is_due(a, l, &a->story->entries[l->upto + 1]))
                add_due(l, l->upto + 1);
    }
}

void
audience_turn(struct audience *a)
{
    small_broker_turn(a->broker);
    note_due(a);
    small_broker_release(a->broker);
}

void
audience_failure(struct audience *a)
{
    const int64_t durable = a->broker->board.ledger.durable;

    small_broker_fail(a->broker);
    story_look(a->story);
    small_broker_day(a->broker); /* what was rated of it has not happened */
    for (int i = 0; i < AUDIENCE_LISTENERS; i++) {
        struct listener *l = &a->listeners[i];
        if (l->doing != LISTENER_FOLLOWS)
            continue;
        if (audience_is_revoked(a, l))
            continue;
        if (!small_broker_follower(a->broker, &l->at->route, l->id)) {
            l->doing = LISTENER_AWAITS_AGAIN;
            continue;
        }
        if (l->due_heard < l->due_count)
            audience_wrong(a, l, &a->losses, "entry %lld was dropped",
                           (long long)l->due[l->due_heard]);
        if (l->upto > durable)
            l->upto = durable;
    }
    for (int i = 0; i < a->connection_count; i++)
        if (!a->connections[i].welcomed)
            audience_leaves(a, &a->connections[i]);
    story_look(a->story);
}

/* --- the whole ----------------------------------------------------------------------- */

static bool
has_more_to_do(const struct audience *a)
{
    return a->broker->board.ledger.pending.oldest
           || feeds_due(&a->broker->service.feeds) != INT64_MAX;
}

void
audience_settle(struct audience *a)
{
    int turns = 0;

    do {
        audience_turn(a);
        small_broker_sync(a->broker);
    } while (has_more_to_do(a) && ++turns < TURNS_MAX);
    if (turns == TURNS_MAX)
        audience_wrong(a, &a->listeners[0], &a->disorder, "the broker comes to no end");
}

void
audience_come_together(struct audience *a)
{
    enum { ROUNDS = 4 };

    for (int round = 0; round < ROUNDS; round++) {
        a->broker->now.steady += 2000000;
        audience_settle(a);
        for (int i = 0; i < AUDIENCE_LISTENERS; i++) {
            struct listener *l = &a->listeners[i];
            if (l->doing == LISTENER_AWAITS_AGAIN)
                audience_wrong(a, l, &a->losses, "was not told to subscribe again");
            if (l->doing == LISTENER_FOLLOWS && audience_is_revoked(a, l))
                l->doing = LISTENER_AWAY;
            if (l->doing == LISTENER_AWAY)
                subscribe(a, l);
            l->leaves_in = -1;
            if (l->doing == LISTENER_FOLLOWS)
                grant(a, l, FEED_CREDIT_MAX);
        }
    }
    a->broker->now.steady += 2000000;
    audience_settle(a);
    for (int i = 0; i < AUDIENCE_LISTENERS; i++) {
        struct listener *l = &a->listeners[i];
        if (l->doing == LISTENER_FOLLOWS && l->heard.now.upto != a->broker->board.ledger.number)
            audience_wrong(a, l, &a->losses, "has come to %lld alone",
                           (long long)l->heard.now.upto);
    }
    audience_check(a);
}

static bool
some(unsigned *places, int count)
{
    *places = (unsigned)random_below(1U << count);
    return random_below(4) == 0;
}

void
audience_begin(struct audience *a, struct story *story, int history)
{
    *a = (struct audience){
        .story = story, .broker = story->broker, .arena = arena_new(), .history = history};
    for (int i = 0; i < AUDIENCE_LISTENERS; i++) {
        struct listener *l = &a->listeners[i];
        struct followed_filter *by = &l->heard.filter;
        l->client = (int)random_below(MODEL_CLIENTS);
        by->by_plans = some(&by->plans, MODEL_PLANS);
        by->by_actions = some(&by->actions, FOLLOWED_ACTIONS);
        by->by_themes = some(&by->themes, FOLLOWED_THEMES);
        by->by_agencies = some(&by->agencies, MODEL_AGENCIES);
        by->want = (enum feed_want)(random_below(2) ? WANT_BOTH : random_below(FEED_WANT_COUNT));
        l->heard.kept.live = random_below(2);
        if (random_below(2))
            l->heard.kept.upto = (int64_t)random_below((uint64_t)story->number + 1);
    }
}

void
audience_end(struct audience *a)
{
    arena_destroy(&a->arena);
    for (int i = 0; i < AUDIENCE_LISTENERS; i++)
        free(a->listeners[i].due);
}
