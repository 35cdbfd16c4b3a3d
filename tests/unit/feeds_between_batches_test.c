/* Feeds between two batches of the journal, and what their property test has found. */
#include <stdlib.h>

#include "schema/wire/frame.h"
#include "tests/in_words.h"
#include "tests/small_broker.h"
#include "tests/t.h"

enum { OPERATOR, LEAD, POLICE, HEARD = 4000, TURNS_MAX = 100 };

struct hall {
    struct small_broker broker;
    struct arena *arena;
    struct text agency; /* that is asked for */
    int64_t id;         /* of the newest subscription */
    char heard[HEARD];  /* since it was looked at last */
    size_t len;
};

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
    h->len += (size_t)snprintf(h->heard + h->len, HEARD - h->len, "%s", h->len ? ", " : "");
    h->len += (size_t)in_words(kind, &m, h->heard + h->len, HEARD - h->len);
}

/* Entries 7 to 9 make the plan p and its action p/1, led by police and in progress. */
static void
hall_open(struct hall *h)
{
    *h = (struct hall){.arena = arena_new()};
    small_broker_open(&h->broker, hear, h);
}

static void
hall_close(struct hall *h)
{
    small_broker_close(&h->broker);
    arena_destroy(&h->arena);
}

static void
say(struct hall *h, int client, const char *line)
{
    char json[1000];

    snprintf(json, sizeof json, "%s", line);
    for (char *c = json; *c; c++)
        if (*c == '\'')
            *c = '"';
    small_board_say(&h->broker.board, small_board_clients[client], json);
}

static void
note(struct hall *h)
{
    say(h, POLICE, "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-01', 'note': 'n'}");
}

/* All of a test's subscriptions are the same client's. */
static void
follow(struct hall *h, int client)
{
    const struct hub_route route = {.len = 1, .bytes = {(uint8_t)(client + 1)}};
    struct hello hello = {.oldest = 1, .newest = 1, .software = text_of("test")};
    struct subscribe s = {.id = ++h->id, .credit = FEED_CREDIT_MAX, .agencies = {&h->agency, 1}};
    uint8_t key[CURVE_KEY];

    hello.has.oldest = hello.has.newest = hello.has.software = 1;
    s.has.id = s.has.credit = 1;
    s.has.agencies = h->agency.len > 0;
    small_board_key((unsigned)client, key);
    if (s.id == 1)
        small_broker_take(&h->broker, &route, key, SAY_HELLO, &hello);
    small_broker_take(&h->broker, &route, key, SAY_SUBSCRIBE, &s);
}

static void
turns(struct hall *h)
{
    int left = TURNS_MAX;

    do
        small_broker_turn(&h->broker);
    while (feeds_due(&h->broker.service.feeds) != INT64_MAX && --left);
    CHECK(left > 0);
    small_broker_release(&h->broker);
}

/* What was heard since the last time, all being durable. */
static const char *
heard(struct hall *h)
{
    do {
        turns(h);
        small_broker_sync(&h->broker);
    } while (h->broker.board.ledger.pending.oldest);
    h->heard[h->len] = '\0';
    h->len = 0;
    return h->heard;
}

TEST(feed_that_begins_between_two_batches_is_complete_and_nothing_comes_twice)
{
    struct hall h;

    hall_open(&h);
    note(&h); /* 10: in the journal's hands from now on */
    turns(&h);
    note(&h);
    follow(&h, LEAD);
    turns(&h); /* and nobody is busy */
    note(&h);
    CHECK_STR(
        "PLANS 1: p, STATE 1: p p/1 green, LIVE 1: 11, EVENT 1: 12 progress p/1 green upto 12",
        heard(&h));
    hall_close(&h);
}

#define PLAN_Q                                                                            \
    "{'kind': 'plan', 'id': 'q', 'title': 'Q', 'type': 'review', 'marking': 'OFFICIAL', " \
    "'members': %s, 'reason': 'r', 'seen': %d, 'epoch': 0}"

static void
say_plan_q(struct hall *h, const char *members)
{
    char line[400];

    snprintf(line, sizeof line, PLAN_Q, members, (int)h->broker.board.ledger.number);
    say(h, LEAD, line);
}

TEST(feed_is_told_by_the_rights_of_the_newest_entry_whatever_batch_that_is_in)
{
    struct hall h;

    hall_open(&h);
    say_plan_q(&h, "'all'");
    follow(&h, POLICE);
    CHECK_STR("PLANS 1: p q, STATE 1: p q p/1 green, LIVE 1: 10", heard(&h));
    note(&h);
    turns(&h);
    say_plan_q(&h, "[]"); /* waits while the journal writes the note */
    follow(&h, POLICE);
    turns(&h);
    CHECK_STR(
        "EVENT 1: 11 progress p/1 green upto 11, PLANS 2: p, PLANS 1: p, STATE 2: p p/1 green, "
        "LIVE 2: 12",
        heard(&h));
    hall_close(&h);
}

TEST(feed_whose_revocation_came_to_nothing_is_to_be_begun_again)
{
    struct hall h;

    hall_open(&h);
    follow(&h, POLICE);
    CHECK_STR("PLANS 1: p, STATE 1: p p/1 green, LIVE 1: 9", heard(&h));
    say(&h, OPERATOR,
        "{'kind': 'client', 'id': 'police/crm', 'revoked': true, 'seen': 9, 'epoch': 0}");
    turns(&h);
    small_broker_fail(&h.broker);
    CHECK_STR("ERROR again", heard(&h));
    hall_close(&h);
}

TEST(feed_ends_silently_with_a_revocation)
{
    struct hall h;

    hall_open(&h);
    follow(&h, POLICE);
    CHECK_STR("PLANS 1: p, STATE 1: p p/1 green, LIVE 1: 9", heard(&h));
    say(&h, OPERATOR,
        "{'kind': 'client', 'id': 'police/crm', 'revoked': true, 'seen': 9, 'epoch': 0}");
    CHECK_STR("", heard(&h));
    turns(&h);
    CHECK(!h.broker.service.feeds.first);
    hall_close(&h);
}

#define ACTION                                                                           \
    "{'kind': 'action', 'id': 'p/1', 'ref': '1', 'title': 'A', 'leads': ['%s'], 'due': " \
    "'2016-04-01', 'reason': 'r', 'seen': %d, 'epoch': 0}"

static void
say_action(struct hall *h, const char *lead)
{
    char line[400];

    snprintf(line, sizeof line, ACTION, lead, (int)h->broker.board.ledger.number);
    say(h, LEAD, line);
}

/* The new day makes it red; before anybody is told of that, others lead it. */
TEST(feed_says_gone_of_an_action_also_where_a_new_day_tells_of_it)
{
    struct hall h;

    hall_open(&h);
    say(&h, OPERATOR,
        "{'kind': 'agency', 'id': 'health', 'name': 'H', 'sector': 'health', 'seen': 0, "
        "'epoch': 0}");
    say_action(&h, "health");
    h.agency = text_of("health");
    follow(&h, LEAD);
    CHECK_STR("PLANS 1: p, STATE 1: p p/1 amber, LIVE 1: 11", heard(&h));
    h.broker.now.host += INT64_C(24) * 3600 * 1000000;
    h.broker.board.host = h.broker.now.host;
    small_broker_day(&h.broker);
    say_action(&h, "police");
    CHECK_STR("EVENT 1: 12 rating gone p/1 upto 14", heard(&h));
    hall_close(&h);
}

TEST(feed_of_a_plan_that_went_and_came_between_two_slices_has_its_rows_again)
{
    struct hall h;

    hall_open(&h);
    say_plan_q(&h, "'all'");
    follow(&h, POLICE);
    CHECK_STR("PLANS 1: p q, STATE 1: p q p/1 green, LIVE 1: 10", heard(&h));
    say_plan_q(&h, "[]");
    small_broker_turn(&h.broker);
    say_plan_q(&h, "'all'");
    CHECK_STR("PLANS 1: p, PLANS 1: p q, STATE 1: q, EVENT 1: 11 plan upto 11, STATE 1: q, "
              "EVENT 1: 12 plan upto 12",
              heard(&h));
    hall_close(&h);
}
