#include "broker/sessions.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "schema/must.h"

struct sessions {
    zhashx_t *by_route;
};

/* FNV-1a: routes are a few bytes that libzmq counts up. */
static size_t
hash_route(const void *key)
{
    const struct hub_route *route = key;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < route->len; i++)
        hash = (hash ^ route->bytes[i]) * UINT64_C(0x100000001b3);
    return (size_t)(hash ^ hash >> 32);
}

static int
compare_routes(const void *a, const void *b)
{
    return hub_same_route(a, b) ? 0 : 1;
}

struct sessions *
sessions_new(void)
{
    struct sessions *t = must(calloc(1, sizeof *t));

    t->by_route = zhashx_new();
    zhashx_set_key_hasher(t->by_route, hash_route);
    zhashx_set_key_comparator(t->by_route, compare_routes);
    zhashx_set_key_duplicator(t->by_route, NULL); /* keys lie in the sessions */
    zhashx_set_key_destructor(t->by_route, NULL);
    return t;
}

void
sessions_free(struct sessions **t)
{
    if (!*t)
        return;
    for (struct session *s; (s = zhashx_first((*t)->by_route));)
        sessions_end(*t, s);
    zhashx_destroy(&(*t)->by_route);
    free(*t);
    *t = NULL;
}

size_t
sessions_count_open(struct sessions *t)
{
    size_t count = 0;

    for (struct session *s = zhashx_first(t->by_route); s; s = zhashx_next(t->by_route))
        count += s->open;
    return count;
}

size_t
sessions_count_shared(struct sessions *t)
{
    size_t count = 0;

    for (struct session *s = zhashx_first(t->by_route); s; s = zhashx_next(t->by_route))
        count += s->open && s->shared;
    return count;
}

struct session *
sessions_meet(struct sessions *t, const struct hub_route *route, const uint8_t key[CURVE_KEY],
              int64_t now)
{
    struct session *s = zhashx_lookup(t->by_route, route);

    if (s && memcmp(s->key, key, CURVE_KEY) != 0) {
        sessions_end(t, s);
        s = NULL;
    }
    if (!s) {
        s = must(calloc(1, sizeof *s));
        s->route = *route;
        memcpy(s->key, key, CURVE_KEY);
        (void)zhashx_insert(t->by_route, &s->route, s);
    }
    s->heard = now;
    return s;
}

const struct session *
sessions_of_route(struct sessions *t, const struct hub_route *route)
{
    return zhashx_lookup(t->by_route, route);
}

void
session_list(struct session *s, bool alone)
{
    assert(!s->listed);
    s->listed = true;
    s->alone = alone;
    s->newer = NULL;
    s->older = s->limits->newest;
    if (s->older)
        s->older->newer = s;
    s->limits->newest = s;
}

static void
list_no_more(struct session *s)
{
    if (!s->listed)
        return;
    s->listed = s->alone = false;
    if (s->older)
        s->older->newer = s->newer;
    if (s->newer)
        s->newer->older = s->older;
    else
        s->limits->newest = s->older;
}

void
session_begin(struct session *s, struct bytes outbox, int64_t number)
{
    s->open = true;
    s->greeting++;
    s->opened = number;
    s->told = false;
    s->has_outbox = outbox.len > 0;
    if (s->has_outbox)
        memcpy(s->outbox, outbox.at, OUTBOX_SIZE);
    s->awaited = s->awaited_since = 0;
    s->forked = s->forked_since = 0;
    s->places.count = 0;
    s->run = 0;
    s->shared = false;
    list_no_more(s);
}

static void
free_if_over(struct session *s)
{
    if (!s->ended || s->waiting > 0)
        return;
    flight_let_go(s->flight);
    free(s);
}

void
sessions_end(struct sessions *t, struct session *s)
{
    if (s->ended)
        return;
    zhashx_delete(t->by_route, &s->route);
    list_no_more(s);
    s->ended = true;
    free_if_over(s);
}

void
session_hold(struct session *s)
{
    s->waiting++;
}

void
session_let_go(struct session *s)
{
    assert(s->waiting > 0);
    s->waiting--;
    free_if_over(s);
}

size_t
sessions_expire(struct sessions *t, int64_t since)
{
    size_t count = 0;

    /* zhashx can't lose an item while it is walked. */
    zlistx_t *all = zhashx_values(t->by_route);
    for (struct session *s = zlistx_first(all); s; s = zlistx_next(all))
        if (s->heard < since) {
            sessions_end(t, s);
            count++;
        }
    zlistx_destroy(&all);
    return count;
}

/* A HELLO that was not answered is handled again, and what came before it is not
   of the outbox that it names. */
void
sessions_roll_back(struct sessions *t, int64_t durable)
{
    for (struct session *s = zhashx_first(t->by_route); s; s = zhashx_next(t->by_route)) {
        if (s->opened > durable)
            s->open = s->told = false;
        if (s->awaited_since > durable)
            s->awaited = s->awaited_since = 0;
        if (s->forked_since > durable)
            s->forked = s->forked_since = 0;
        s->places.count = 0;
    }
}
