/* Two programs by one key: which of them are told of each other, at a small board's broker
   without sockets. */
#include "broker/twins.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "broker/access.h"
#include "schema/wire/frame.h"
#include "tests/small_broker.h"
#include "tests/t.h"

enum { LEAD = 1, POLICE = 2, NEXT = 8, NO_OUTBOX = 0, MANY = 40 };

struct scene {
    struct small_broker broker;
    enum message_kind kind; /* of what left last */
    char told[200];         /* what WELCOME, PONG or twins_* said last; "" nothing */
};

static void
tell(struct scene *s, int64_t since, const char *origin)
{
    (void)snprintf(s->told, sizeof s->told, "%" PRId64 " %s", since, *origin ? origin : "?");
}

static void
deliver(void *context, const struct hub_route *to, const void *frame, size_t len, int64_t made)
{
    struct scene *s = context;
    struct arena *arena = arena_new();
    const struct sharer *sharer = NULL;
    union message m;
    struct fault fault;

    (void)to, (void)made;
    CHECK(frame_decode(arena, frame, len, &s->kind, &m, &fault));
    if (s->kind == SAY_WELCOME && m.welcome.has.shared)
        sharer = &m.welcome.shared;
    if (s->kind == SAY_PONG && m.pong.has.shared)
        sharer = &m.pong.shared;
    s->told[0] = '\0';
    if (sharer)
        tell(s, sharer->since,
             sharer->has.address ? arena_string(arena, sharer->address.at, sharer->address.len)
                                 : "");
    arena_destroy(&arena);
}

static void
begin(struct scene *s)
{
    *s = (struct scene){.kind = MESSAGE_COUNT};
    small_broker_open(&s->broker, deliver, s);
}

static void
end(struct scene *s)
{
    small_broker_close(&s->broker);
}

static struct session *
meet(struct scene *s, uint8_t route, unsigned client)
{
    struct service *v = &s->broker.service;
    const struct hub_route at = {.len = 1, .bytes = {route}};
    uint8_t key[CURVE_KEY];

    small_board_key(client, key);
    struct session *met = sessions_meet(v->sessions, &at, key, 1);
    CHECK_INT(1, access_know(v->ledger, v->limits, met));
    return met;
}

/* Connection `route` of this client says HELLO at this moment: what it is told. */
static const char *
greet_as(struct scene *s, uint8_t route, unsigned client, uint8_t outbox, bool alone,
         const char *origin, int64_t at)
{
    struct service *v = &s->broker.service;
    struct session *met = meet(s, route, client);
    uint8_t id[OUTBOX_SIZE];

    memset(id, outbox, sizeof id);
    session_begin(met, (struct bytes){id, outbox == NO_OUTBOX ? 0 : OUTBOX_SIZE},
                  v->ledger->number);
    int rc = twins_greet(v->ledger, v->limits, met, alone, origin, at);
    CHECK(rc == 0 || rc == 1);
    s->told[0] = '\0';
    if (rc)
        tell(s, met->twin.since, met->twin.origin);
    return s->told;
}

/* As police's agent. */
static const char *
greet(struct scene *s, uint8_t route, uint8_t outbox, int64_t at)
{
    return greet_as(s, route, POLICE, outbox, true, "192.0.2.1", at);
}

/* It says PING: what it is told. */
static const char *
ping_of(struct scene *s, uint8_t route, unsigned client)
{
    struct service *v = &s->broker.service;
    struct twin twin;
    int rc = twins_recall(v->ledger, v->limits, meet(s, route, client), &twin);

    CHECK(rc == 0 || rc == 1);
    s->told[0] = '\0';
    if (rc)
        tell(s, twin.since, twin.origin);
    return s->told;
}

static const char *
ping(struct scene *s, uint8_t route)
{
    return ping_of(s, route, POLICE);
}

static void
leave(struct scene *s, uint8_t route)
{
    sessions_end(s->broker.service.sessions, meet(s, route, POLICE));
}

TEST(twins_are_told_of_each_other_as_long_as_both_are_there)
{
    struct scene s;

    begin(&s);
    CHECK_STR("", greet(&s, 1, 1, 10));
    CHECK_STR("", ping(&s, 1));
    CHECK_STR("10 192.0.2.1", greet(&s, 2, 2, 20));
    for (int i = 0; i < 3; i++) {
        CHECK_STR("20 192.0.2.1", ping(&s, 1));
        CHECK_STR("10 192.0.2.1", ping(&s, 2));
    }
    CHECK_INT(2, (int64_t)sessions_count_shared(s.broker.service.sessions));
    leave(&s, 2);
    CHECK_STR("20 192.0.2.1", ping(&s, 1)); /* it was there since the last time */
    CHECK_STR("", ping(&s, 1));
    CHECK_INT(0, (int64_t)sessions_count_shared(s.broker.service.sessions));
    end(&s);
}

/* However short it was there. */
TEST(twins_that_have_left_are_told_of_once)
{
    struct scene s;

    begin(&s);
    CHECK_STR("", greet(&s, 1, 1, 10));
    CHECK_STR("10 192.0.2.1", greet(&s, 2, 2, 20));
    leave(&s, 2);
    CHECK_STR("20 192.0.2.1", ping(&s, 1));
    CHECK_STR("", ping(&s, 1));
    end(&s);
}

TEST(twins_are_not_one_agent_before_and_after_it_was_cut_off)
{
    struct scene s;

    begin(&s);
    CHECK_STR("", greet(&s, 1, 1, 10));
    CHECK_STR("", greet(&s, 2, 1, 20)); /* the first has not expired yet */
    CHECK_STR("", greet(&s, 2, 1, 30)); /* HELLO again */
    CHECK_STR("", ping(&s, 1));
    CHECK_STR("", ping(&s, 2));
    CHECK_STR("10 192.0.2.1", greet(&s, 2, 2, 40));
    CHECK_STR("10 192.0.2.1",
              ping(&s, 2)); /* it went on in another outbox: two, for all one knows */
    leave(&s, 1);
    CHECK_STR("10 192.0.2.1", ping(&s, 2));
    CHECK_STR("", ping(&s, 2));
    end(&s);
}

/* Which second session is noticed by an agent that is there, and is told itself. */
TEST(twins_are_those_that_say_so_or_come_from_elsewhere)
{
    static const struct {
        unsigned client;
        uint8_t outbox;
        bool alone;
        const char *origin;
        const char *first, *second; /* what each is told */
    } rows[] = {
        {POLICE, 2, true, "192.0.2.1", "20 192.0.2.1", "10 192.0.2.1"},
        {POLICE, 2, true, "192.0.2.9", "20 192.0.2.9", "10 192.0.2.1"},
        {POLICE, 2, true, "", "20 ?", "10 192.0.2.1"},
        {POLICE, 1, true, "192.0.2.9", "", ""},
        {POLICE, 2, false, "192.0.2.1", "", ""}, /* maat push, maat-agent rotate */
        {POLICE, 2, false, "", "", ""},
        {POLICE, 2, false, "192.0.2.9", "20 192.0.2.9", ""}, /* by a key that travelled */
        {POLICE, 1, false, "192.0.2.9", "", ""},
        {POLICE, NO_OUTBOX, true, "192.0.2.1", "", ""},
        {POLICE, NO_OUTBOX, true, "192.0.2.9", "", ""},
        {POLICE, NO_OUTBOX, false, "192.0.2.9", "", ""},
        {LEAD, 2, true, "192.0.2.9", "", ""},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scene s;
        begin(&s);
        CHECK_STR("", greet(&s, 1, 1, 10));
        const char *second =
            greet_as(&s, 2, rows[i].client, rows[i].outbox, rows[i].alone, rows[i].origin, 20);
        if (strcmp(rows[i].second, second) != 0)
            FAIL_WITH("row %zu: the second is told \"%s\"", i, second);
        if (strcmp(rows[i].first, ping(&s, 1)) != 0)
            FAIL_WITH("row %zu: the first is told \"%s\"", i, s.told);
        CHECK_STR(rows[i].second, ping_of(&s, 2, rows[i].client));
        end(&s);
    }
}

/* One that never heard of `alone`, as an agent of an earlier version, in a copied machine: told
   of as long as it stays, and to an agent that comes later. */
TEST(twins_that_do_not_say_so_are_told_of_as_long_as_they_are_there)
{
    struct scene s;

    begin(&s);
    CHECK_STR("", greet(&s, 1, 1, 10));
    CHECK_STR("", greet_as(&s, 2, POLICE, 2, false, "192.0.2.9", 20));
    for (int i = 0; i < 3; i++)
        CHECK_STR("20 192.0.2.9", ping(&s, 1));
    CHECK_STR("", ping(&s, 2));
    leave(&s, 1);
    CHECK_STR("20 192.0.2.9", greet(&s, 3, 1, 30));
    CHECK_STR("20 192.0.2.9", ping(&s, 3));
    leave(&s, 2);
    CHECK_STR("20 192.0.2.9", ping(&s, 3));
    CHECK_STR("", ping(&s, 3));
    end(&s);
}

/* Several programs that all work beside each other. */
TEST(twins_are_none_where_nobody_means_to_be_alone)
{
    struct scene s;

    begin(&s);
    CHECK_STR("", greet_as(&s, 1, POLICE, 1, false, "192.0.2.1", 10));
    CHECK_STR("", greet_as(&s, 2, POLICE, 2, false, "192.0.2.9", 20));
    CHECK_STR("", ping(&s, 1));
    CHECK_STR("", ping(&s, 2));
    end(&s);
}

TEST(twins_are_told_of_the_newest_of_several_and_then_of_those_that_stay)
{
    struct scene s;

    begin(&s);
    CHECK_STR("", greet(&s, 1, 1, 10));
    CHECK_STR("10 192.0.2.1", greet(&s, 2, 2, 20));
    CHECK_STR("20 192.0.2.1", greet(&s, 3, 3, 30));
    CHECK_STR("30 192.0.2.1", ping(&s, 1));
    CHECK_STR("30 192.0.2.1", ping(&s, 2));
    leave(&s, 3);
    CHECK_STR("30 192.0.2.1", ping(&s, 1));
    CHECK_STR("20 192.0.2.1", ping(&s, 1));
    leave(&s, 1);
    CHECK_STR("30 192.0.2.1", ping(&s, 2));
    CHECK_STR("", ping(&s, 2));
    end(&s);
}

TEST(twins_are_told_anew_with_each_hello)
{
    struct scene s;

    begin(&s);
    CHECK_STR("", greet(&s, 1, 1, 10));
    CHECK_STR("10 192.0.2.1", greet(&s, 2, 2, 20));
    leave(&s, 2);
    CHECK_STR("", greet(&s, 1, 1, 30));
    CHECK_STR("", ping(&s, 1));
    end(&s);
}

/* The journal failed before its HELLO was answered: it has yet to be handled again. */
TEST(twins_are_none_before_they_are_welcome)
{
    struct scene s;

    begin(&s);
    CHECK_STR("", greet(&s, 1, 1, 10));
    sessions_roll_back(s.broker.service.sessions, s.broker.board.ledger.number - 1);
    CHECK_STR("", greet(&s, 2, 2, 20));
    end(&s);
}

TEST(twins_that_stay_are_found_whoever_leaves)
{
    struct scene s;

    begin(&s);
    for (uint8_t i = 1; i <= 3; i++)
        (void)greet(&s, i, i, 10 * i);
    leave(&s, 2);
    CHECK_STR("40 192.0.2.1", (greet(&s, 4, 4, 40), ping(&s, 1)));
    leave(&s, 4);
    leave(&s, 3);
    CHECK(meet(&s, 1, POLICE)->limits->newest == meet(&s, 1, POLICE));
    leave(&s, 1);
    CHECK(!meet(&s, 1, POLICE)->limits->newest);
    end(&s);
}

/* However many sessions one key opens, few of them are looked at. */
TEST(twins_looks_at_the_newest_few)
{
    struct scene s;

    begin(&s);
    for (int i = 0; i < MANY; i++)
        (void)greet(&s, (uint8_t)(i + 1), (uint8_t)(i + 1), 10 + i);
    CHECK_STR("25 192.0.2.1", ping(&s, 1)); /* of the 16th, and of none that came after it */
    CHECK_STR("49 192.0.2.1", ping(&s, 1));
    for (int i = MANY; i-- > 0;) /* from both ends and the middle */
        leave(&s, (uint8_t)((i * 7) % MANY + 1));
    CHECK(!meet(&s, 1, POLICE)->limits->newest);
    end(&s);
}

/* After a rotation whoever has the old key is out, though the broker has yet to tell it. */
TEST(twins_are_none_by_a_key_that_is_over)
{
    struct scene s;

    begin(&s);
    CHECK_STR("", greet(&s, 1, 1, 10));
    CHECK_STR("10 192.0.2.1", greet(&s, 2, 2, 20));
    small_board_say(
        &s.broker.board, "police/crm",
        "{\"kind\":\"client\",\"id\":\"police/crm\",\"key\":\"0909090909090909090909090909090"
        "909090909090909090909090909090909\",\"seen\":9,\"epoch\":0}");
    CHECK_STR("20 192.0.2.1", greet_as(&s, 3, NEXT, 1, true, "192.0.2.1", 30)); /* both are valid */
    small_board_say(
        &s.broker.board, "broker",
        "{\"kind\":\"client\",\"id\":\"police/crm\",\"key\":\"0909090909090909090909090909090"
        "909090909090909090909090909090909\",\"seen\":10,\"epoch\":0}");
    CHECK_STR("20 192.0.2.1", ping_of(&s, 3, NEXT)); /* as it was told */
    CHECK_STR("", ping_of(&s, 3, NEXT));
    end(&s);
}

/* --- on the wire --------------------------------------------------------------------------- */

static void
say_hello(struct scene *s, uint8_t route, uint8_t outbox, bool alone)
{
    struct hello h = {.oldest = 1, .newest = 1, .software = text_of("test"), .alone = alone};
    const struct hub_route at = {.len = 1, .bytes = {route}};
    uint8_t key[CURVE_KEY], id[OUTBOX_SIZE];

    memset(id, outbox, sizeof id);
    h.outbox = (struct bytes){id, sizeof id};
    h.has.oldest = h.has.newest = h.has.software = h.has.outbox = h.has.alone = 1;
    small_board_key(POLICE, key);
    small_broker_take(&s->broker, &at, key, SAY_HELLO, &h);
    small_broker_release(&s->broker);
    CHECK_INT(SAY_WELCOME, s->kind);
}

static void
say_ping(struct scene *s, uint8_t route)
{
    const struct hub_route at = {.len = 1, .bytes = {route}};
    const struct ping nothing = {0};
    uint8_t key[CURVE_KEY];

    small_board_key(POLICE, key);
    small_broker_take(&s->broker, &at, key, SAY_PING, &nothing);
    CHECK_INT(SAY_PONG, s->kind);
}

TEST(twins_hear_of_each_other_with_welcome_and_pong)
{
    char since[40];
    struct scene s;

    begin(&s);
    (void)snprintf(since, sizeof since, "%" PRId64 " ?", s.broker.now.host);
    say_hello(&s, 1, 1, true);
    CHECK_STR("", s.told);
    say_ping(&s, 1);
    CHECK_STR("", s.told);
    say_hello(&s, 2, 2, false);
    CHECK_STR("", s.told);
    say_ping(&s, 1);
    CHECK_STR("", s.told);
    say_hello(&s, 2, 2, true);
    CHECK_STR(since, s.told);
    say_ping(&s, 1);
    CHECK_STR(since, s.told);
    end(&s);
}
