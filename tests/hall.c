#include "tests/hall.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "schema/wire/frame.h"
#include "tests/in_words.h"
#include "tests/line.h"
#include "tests/t.h"

enum { TURNS_MAX = 100 };

static void
hear(void *context, const struct hub_route *to, const void *frame, size_t len, int64_t made)
{
    struct hall *h = context;
    enum message_kind kind;
    union message m;
    struct fault fault;

    (void)to;
    (void)made;
    arena_reset(h->arena);
    CHECK(frame_decode(h->arena, frame, len, &kind, &m, &fault));
    if (kind == SAY_WELCOME)
        return;
    if (kind != SAY_ERROR)
        h->cost += len > FEED_COST_LEAST ? (int64_t)len : FEED_COST_LEAST;
    h->len += (size_t)snprintf(h->heard + h->len, HALL_HEARD - h->len, "%s", h->len ? ", " : "");
    h->len += (size_t)in_words(kind, &m, h->heard + h->len, HALL_HEARD - h->len);
}

void
hall_open(struct hall *h)
{
    *h = (struct hall){.arena = arena_new()};
    h->heard = calloc(2, HALL_HEARD);
    CHECK(h->heard);
    h->told = h->heard + HALL_HEARD;
    small_broker_open(&h->broker, hear, h);
    h->broker.service.feeds.slice = 0;
}

void
hall_close(struct hall *h)
{
    small_broker_close(&h->broker);
    arena_destroy(&h->arena);
    free(h->heard < h->told ? h->heard : h->told);
}

/* --- what clients say ------------------------------------------------------------------ */

void
hall_say(struct hall *h, int client, const char *line, ...)
{
    va_list args;

    va_start(args, line);
    small_board_say(&h->broker.board, small_board_clients[client], line_fill(line, args));
    va_end(args);
}

void
hall_note(struct hall *h)
{
    hall_say(h, HALL_POLICE,
             "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-01', 'note': 'n'}");
}

static struct hub_route
route_of(int client)
{
    return (struct hub_route){.len = 1, .bytes = {(uint8_t)(client + 1)}};
}

static void
take(struct hall *h, int client, enum message_kind kind, const void *record)
{
    const struct hub_route route = route_of(client);
    uint8_t key[CURVE_KEY];

    small_board_key((unsigned)client, key);
    small_broker_take(&h->broker, &route, key, kind, record);
}

void
hall_follow(struct hall *h, int client, const struct subscribe *s)
{
    struct hello hello = {.oldest = 1, .newest = 1, .software = text_of("test")};
    struct subscribe said = *s;

    hello.has.oldest = hello.has.newest = hello.has.software = 1;
    said.id = ++h->id;
    if (!said.credit)
        said.credit = FEED_CREDIT_MAX;
    said.has.id = said.has.want = said.has.credit = 1;
    if (!h->greeted[client])
        take(h, client, SAY_HELLO, &hello);
    h->greeted[client] = true;
    take(h, client, SAY_SUBSCRIBE, &said);
}

void
hall_grant(struct hall *h, int client, int64_t credit)
{
    struct credit said = {.id = h->id, .credit = credit};

    said.has.id = said.has.credit = 1;
    take(h, client, SAY_CREDIT, &said);
}

const struct follower *
hall_follower(const struct hall *h, int client)
{
    const struct hub_route route = route_of(client);
    return small_broker_follower(&h->broker, &route, h->id);
}

/* --- what is heard ----------------------------------------------------------------------- */

void
hall_slice(struct hall *h)
{
    small_broker_turn(&h->broker);
    small_broker_release(&h->broker);
}

void
hall_turns(struct hall *h)
{
    int left = TURNS_MAX;

    do
        small_broker_turn(&h->broker);
    while (feeds_due(&h->broker.service.feeds) != INT64_MAX && --left);
    CHECK(left > 0);
    small_broker_release(&h->broker);
}

const char *
hall_heard(struct hall *h)
{
    char *heard = h->heard;

    heard[h->len] = '\0';
    h->heard = h->told;
    h->told = heard;
    h->len = 0;
    return heard;
}

const char *
hall_settle(struct hall *h)
{
    do {
        hall_turns(h);
        small_broker_sync(&h->broker);
    } while (h->broker.board.ledger.pending.oldest);
    return hall_heard(h);
}
