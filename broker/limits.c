#include "broker/limits.h"

#include <czmq.h>
#include <stdio.h>
#include <stdlib.h>

#include "schema/must.h"

#define SECOND INT64_C(1000000)

/* A tomorrow's wait is asked about again within the hour. */
#define TOMORROW (3600 * SECOND)

const struct patience_rule patience_with_refusals = {200, 10 * SECOND, SECOND, 300 * SECOND};
const struct patience_rule patience_with_strikes = {20, 60 * SECOND, SECOND, 300 * SECOND};

static void
refill(struct patience *p, const struct patience_rule *rule, int64_t now)
{
    int64_t back = (now - p->counted) / rule->refill;

    if (back >= p->spent) {
        p->spent = 0;
        p->wait = 0;
        p->counted = now;
        return;
    }
    p->spent -= back;
    p->counted += back * rule->refill;
}

void
patience_spend(struct patience *p, const struct patience_rule *rule, int64_t now)
{
    refill(p, rule, now);
    if (p->spent < rule->burst)
        p->spent++;
    if (p->spent < rule->burst)
        return;
    p->wait = p->wait == 0 ? rule->first : 2 * p->wait;
    if (p->wait > rule->most)
        p->wait = rule->most;
    p->until = now + p->wait;
}

int64_t
patience_left(const struct patience *p, int64_t now)
{
    return p->until > now ? p->until - now : 0;
}

/* --- a client ----------------------------------------------------------------- */

int64_t
limits_ask(struct limits *l, const struct allowance *a, bool new_outbox, int32_t day, int64_t now,
           const char **why)
{
    int64_t left = patience_left(&l->refusals, now);

    if (l->day != day) {
        l->day = day;
        l->outboxes = l->entries = 0;
    }
    if (left) {
        *why = "too much of this client was refused: mend its source";
        return left;
    }
    if (l->entries >= a->entries) {
        *why = "more submissions than a client may send in a day";
        return TOMORROW;
    }
    if (new_outbox && l->outboxes >= a->outboxes) {
        *why = "more new outboxes than a client may begin in a day";
        return TOMORROW;
    }
    return 0;
}

void
limits_count(struct limits *l, bool new_outbox, bool refused, int64_t now)
{
    l->entries++;
    if (new_outbox)
        l->outboxes++;
    if (refused)
        patience_spend(&l->refusals, &patience_with_refusals, now);
}

/* --- all of them ---------------------------------------------------------------- */

struct limits_table {
    zhashx_t *by_client;
};

static void
free_limits(void **limits)
{
    struct limits *l = *limits;

    flight_let_go(l->flight);
    free(l);
    *limits = NULL;
}

struct limits_table *
limits_table_new(void)
{
    struct limits_table *t = must(calloc(1, sizeof *t));

    t->by_client = zhashx_new();
    zhashx_set_destructor(t->by_client, free_limits);
    return t;
}

void
limits_table_free(struct limits_table **t)
{
    if (*t)
        zhashx_destroy(&(*t)->by_client);
    free(*t);
    *t = NULL;
}

struct limits *
limits_of(struct limits_table *t, struct text client)
{
    char name[PATH_MAX_LEN + 1];

    (void)snprintf(name, sizeof name, "%.*s", (int)client.len, client.at);
    struct limits *l = zhashx_lookup(t->by_client, name);
    if (!l) {
        l = must(calloc(1, sizeof *l));
        (void)zhashx_insert(t->by_client, name, l);
    }
    return l;
}
