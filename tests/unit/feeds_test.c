/* A feed at a broker without sockets: what it costs, and a journal that fails at the worst
   moment. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "schema/wire/frame.h"
#include "tests/small_broker.h"
#include "tests/t.h"

enum { SAID = 1024, FOUNDED = 9 };
enum { LEAD = 1, POLICE }; /* their places among the board's clients */

/* A client, and what it was told of its subscription since that was read last. */
struct room {
    struct small_broker broker;
    struct hub_route route;
    uint8_t key[CURVE_KEY];
    int64_t cost; /* of the feed's messages, as a client counts */
    size_t len;
    char said[SAID];
};

static void __attribute__((format(printf, 2, 3))) add(struct room *r, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    r->len += (size_t)vsnprintf(r->said + r->len, SAID - r->len, format, args);
    va_end(args);
    CHECK(r->len < SAID);
}

/* Plans by their titles, actions with the entry that changed them. */
static void
add_rows(struct room *r, struct list plans, struct list actions)
{
    const struct plan_row *plan = plans.at;
    const struct listed *action = actions.at;

    for (uint32_t i = 0; i < plans.count; i++)
        add(r, " %.*s", (int)plan[i].title.len, plan[i].title.at);
    for (uint32_t i = 0; i < actions.count; i++)
        add(r, " %.*s of %" PRId64, (int)action[i].id.len, action[i].id.at, action[i].changed);
}

static void
hear(struct room *r, enum message_kind kind, const union message *m, size_t len)
{
    const struct current *s = &m->current;
    const struct event *e = &m->event;

    if (kind == SAY_WELCOME)
        return;
    r->cost += len > FEED_COST_LEAST ? (int64_t)len : FEED_COST_LEAST;
    add(r, "%s%s", r->len ? ", " : "", message_words[kind]);
    if (kind == SAY_PLANS)
        add(r, " %u%s", m->seen_plans.plans.count, m->seen_plans.more ? " and more" : "");
    if (kind == SAY_STATE)
        add_rows(r, (struct list){s->plans.at, s->plans.count},
                 (struct list){s->actions.at, s->actions.count});
    if (kind == SAY_EVENT)
        add_rows(r, (struct list){e->plans.at, e->plans.count},
                 (struct list){e->actions.at, e->actions.count});
    if (kind == SAY_EVENT)
        add(r, " upto %" PRId64, e->upto);
    if (kind == SAY_ERROR)
        add(r, " %s", word_text(&wire_errors, (int)m->error.code));
}

static void
deliver(void *context, const struct hub_route *to, const void *frame, size_t len, int64_t made)
{
    struct arena *arena = arena_new();
    enum message_kind kind;
    union message m;
    struct fault fault;

    (void)to, (void)made;
    CHECK(frame_decode(arena, frame, len, &kind, &m, &fault));
    hear(context, kind, &m, len);
    arena_destroy(&arena);
}

static struct room *
room_open(unsigned client)
{
    static struct room r;
    struct hello h = {.oldest = 1, .newest = 1, .software = text_of("test")};

    r = (struct room){.route = {.len = 1, .bytes = {1}}};
    small_board_key(client, r.key);
    small_broker_open(&r.broker, deliver, &r);
    CHECK_INT(FOUNDED, r.broker.board.ledger.number);
    r.broker.service.feeds.slice = 0;
    h.has.oldest = h.has.newest = h.has.software = 1;
    small_broker_take(&r.broker, &r.route, r.key, SAY_HELLO, &h);
    return &r;
}

static void
room_close(struct room *r)
{
    small_broker_close(&r->broker);
}

static void
subscribe(struct room *r, struct subscribe *s)
{
    s->id = 1;
    s->has.id = s->has.want = s->has.credit = 1;
    small_broker_take(&r->broker, &r->route, r->key, SAY_SUBSCRIBE, s);
}

/* What has left since the last time. */
static const char *
heard(struct room *r)
{
    static char said[SAID];

    small_broker_release(&r->broker);
    memcpy(said, r->said, sizeof said);
    r->len = 0;
    r->said[0] = '\0';
    return said;
}

/* One slice of it, while the journal does what it does. */
static const char *
turn(struct room *r)
{
    small_broker_turn(&r->broker);
    return heard(r);
}

/* All slices, and all is durable. */
static const char *
settle(struct room *r)
{
    do {
        small_broker_turn(&r->broker);
        small_broker_sync(&r->broker);
    } while (r->broker.board.ledger.pending.oldest
             || feeds_due(&r->broker.service.feeds) != INT64_MAX);
    return heard(r);
}

static void
progress(struct room *r, int percent)
{
    char line[200];

    snprintf(line, sizeof line,
             "{\"kind\":\"progress\",\"action\":\"p/1\",\"on\":\"2016-04-01\",\"status\":"
             "\"in-progress\",\"percent\":%d}",
             percent);
    small_board_say(&r->broker.board, "police/crm", line);
}

/* A plan of which these are members. */
static void
plan(struct room *r, int number, const char *members)
{
    char line[300];

    snprintf(line, sizeof line,
             "{\"kind\":\"plan\",\"id\":\"q%04d\",\"title\":\"Q\",\"type\":\"review\","
             "\"marking\":\"OFFICIAL\",\"members\":%s,\"reason\":\"r\",\"seen\":%" PRId64
             ",\"epoch\":0}",
             number, members, r->broker.board.ledger.number);
    small_board_say(&r->broker.board, "board/lead", line);
}

/* With a note of so many letters. */
static void
note(struct room *r, int letters)
{
    static char line[TEXT_MAX + 200];
    int head = snprintf(line, sizeof line,
                        "{\"kind\":\"progress\",\"action\":\"p/1\",\"on\":\"2016-04-01\","
                        "\"note\":\"");

    memset(line + head, 'n', (size_t)letters);
    snprintf(line + head + letters, sizeof line - (size_t)(head + letters), "\"}");
    small_board_say(&r->broker.board, "police/crm", line);
}

static void
retitle(struct room *r, const char *title)
{
    char line[300];

    snprintf(line, sizeof line,
             "{\"kind\":\"plan\",\"id\":\"p\",\"title\":\"%s\",\"type\":\"review\",\"marking\":"
             "\"OFFICIAL\",\"members\":\"all\",\"seen\":%" PRId64 ",\"epoch\":0}",
             title, r->broker.board.ledger.number);
    small_board_say(&r->broker.board, "board/lead", line);
}

/* An agency that comes changes what all lead, and that alone is told again. */
TEST(feed_tells_of_an_agency_with_the_rows_of_what_all_lead)
{
    struct room *r = room_open(LEAD);

    small_board_say(&r->broker.board, "board/lead",
                    "{\"kind\":\"action\",\"id\":\"p/2\",\"ref\":\"2\",\"title\":\"B\","
                    "\"leads\":\"all\",\"seen\":0,\"epoch\":0}");
    subscribe(r, &(struct subscribe){.want = WANT_BOTH, .credit = FEED_CREDIT_MAX});
    CHECK_STR("PLANS 1, STATE P p/1 of 9 p/2 of 10, LIVE", settle(r));
    small_board_say(&r->broker.board, "broker",
                    "{\"kind\":\"agency\",\"id\":\"health\",\"name\":\"Health\",\"sector\":"
                    "\"health\",\"seen\":0,\"epoch\":0}");
    CHECK_STR("STATE p/2 of 10, EVENT upto 11", settle(r));
    room_close(r);
}

/* What it granted again by another count would be too little in the end, or too much. */
TEST(feed_takes_of_its_credit_what_its_frames_take)
{
    enum { NOTES = 4 };
    struct room *r = room_open(LEAD);

    subscribe(r, &(struct subscribe){.want = WANT_BOTH, .credit = FEED_CREDIT_MAX});
    settle(r);
    for (int i = 0; i < NOTES; i++)
        note(r, TEXT_MAX);
    settle(r);
    CHECK(r->cost > 3 * FEED_COST_LEAST + NOTES * TEXT_MAX);
    const struct follower *f = small_broker_follower(&r->broker, &r->route, 1);
    CHECK(f);
    CHECK_INT(FEED_CREDIT_MAX - r->cost, f->credit);
    room_close(r);
}

/* A follower may have less credit than a page needs around its rows. */
TEST(feed_page_of_less_than_nothing_has_no_room)
{
    struct sheet s = {0};

    sheet_clear(&s, -1);
    CHECK(!sheet_add(&s, SHEET_ENTRIES, (struct bytes){(const uint8_t *)"x", 1}));
    CHECK(sheet_is_empty(&s));
    sheet_free(&s);
}

/* Entry 10's row was to come with entry 11, which changes it too, and then never was. */
TEST(feed_tells_of_a_row_that_was_put_off_to_an_entry_that_failed)
{
    const struct text p = text_of("p");
    struct room *r = room_open(LEAD);

    subscribe(r, &(struct subscribe){.want = WANT_ROWS,
                                     .credit = FEED_CREDIT_MAX,
                                     .from = FOUNDED,
                                     .held = {&p, 1},
                                     .has = {.from = 1, .held = 1}});
    CHECK_STR("PLANS 1", turn(r));
    CHECK_STR("", turn(r));
    progress(r, 10);
    CHECK_STR("", turn(r)); /* LIVE waits for entry 10 */
    progress(r, 11);
    CHECK_STR("", turn(r));
    small_broker_sync(&r->broker);
    CHECK_STR("LIVE", heard(r));
    small_broker_fail(&r->broker);
    CHECK_STR("ERROR again", settle(r));
    room_close(r);
}

/* Entry numbers come twice where the journal fails in between: what was begun for the
   first is not what the second needs. */
TEST(feed_does_not_go_on_with_the_rows_of_an_entry_that_failed)
{
    enum { LEFT_OVER = 1, EVENTS = CREDIT_LEAST / FEED_COST_LEAST - 3 };
    struct room *r = room_open(LEAD);

    subscribe(r, &(struct subscribe){.want = WANT_BOTH, .credit = CREDIT_LEAST + LEFT_OVER});
    CHECK_STR("PLANS 1, STATE P p/1 of 9, LIVE", settle(r));
    for (int i = 0; i < EVENTS; i++) {
        progress(r, i);
        CHECK(strncmp(settle(r), "EVENT p/1", 9) == 0);
    }
    retitle(r, "Q");
    for (int i = 0; i < EVENTS; i++)
        CHECK_STR("", turn(r)); /* no credit for it */
    small_broker_fail(&r->broker);
    CHECK_STR("ERROR again", settle(r));
    room_close(r);
}

/* Names that came with the first of two messages are named, whatever comes between them:
   so a list is told to its end, but for what may be seen no longer. */
TEST(feed_ends_a_list_of_plans_before_it_begins_another)
{
    enum { PLANS = 2001 };
    struct room *r = room_open(POLICE);

    for (int i = 0; i < PLANS; i++)
        plan(r, i, "[\"police\"]");
    small_board_settle(&r->broker.board);
    subscribe(r, &(struct subscribe){.want = WANT_ENTRIES, .credit = FEED_CREDIT_MAX});
    CHECK_STR("PLANS 2000 and more", turn(r));
    plan(r, 0, "[]");
    plan(r, PLANS - 1, "[]");
    CHECK_STR("PLANS 1, PLANS 2000, LIVE", settle(r));
    room_close(r);
}
