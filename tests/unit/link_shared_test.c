/* A link that means to be the only one with its key: what it says for that, and what it
   tells of what it hears. It submits nothing; clocks are numbers. */
#include "agents/libmaat/link_inside.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "schema/wire/frame.h"
#include "tests/t.h"

enum { MS = 1000, PING_MS = 10000 };

struct bench {
    struct link link;
    struct arena *arena;
    int64_t now;
    uint8_t frame[FRAME_IN_MAX];
    enum message_kind kind; /* of what was said last */
    union message said;
    char told[400]; /* by events, one after the other */
};

static void
on_shared(void *context, const struct link_shared *s)
{
    struct bench *b = context;
    size_t len = strlen(b->told);

    if (s->is)
        (void)snprintf(b->told + len, sizeof b->told - len, "since %" PRId64 " from [%s], ",
                       s->since, s->address);
    else
        (void)snprintf(b->told + len, sizeof b->told - len, "no longer, ");
}

static const struct link_events events = {.shared = on_shared};

static const char *
says(struct bench *b)
{
    struct fault fault;
    int len = link_next(&b->link, b->now, b->frame);

    CHECK(len >= 0);
    arena_reset(b->arena);
    if (len == 0)
        return "";
    CHECK(frame_decode(b->arena, b->frame, (size_t)len, &b->kind, &b->said, &fault));
    return message_words[b->kind];
}

static int
hear(struct bench *b, enum message_kind kind, const void *record)
{
    static uint8_t frame[FRAME_OUT_MAX];
    size_t len = frame_encode(kind, record, frame, sizeof frame);

    CHECK(len > 0);
    b->told[0] = '\0';
    return link_hear(&b->link, 77, b->now, frame, len);
}

static struct sharer
sharer_of(int64_t since, const char *address)
{
    struct sharer s = {.since = since, .address = text_of(address ? address : "")};

    s.has.since = 1;
    s.has.address = address != NULL;
    return s;
}

/* With `sharer` where one is given. */
static int
welcome(struct bench *b, const struct sharer *sharer)
{
    const uint64_t present = (UINT64_C(1) << welcome_record.count) - 1;
    struct welcome w = {.version = PROTOCOL_VERSION,
                        .software = text_of("words"),
                        .board = text_of("b"),
                        .title = text_of("B"),
                        .client = text_of("police/crm"),
                        .head = text_of("none"),
                        .window = 3,
                        .body_max = 100,
                        .ping_ms = PING_MS};

    memcpy(&w, &present, sizeof present);
    w.has.restored = w.has.proof = 0;
    w.has.shared = sharer != NULL;
    if (sharer)
        w.shared = *sharer;
    return hear(b, SAY_WELCOME, &w);
}

static int
pong(struct bench *b, const struct sharer *sharer)
{
    struct pong p = {.id = 0};

    p.has.shared = sharer != NULL;
    if (sharer)
        p.shared = *sharer;
    return hear(b, SAY_PONG, &p);
}

static void
begin(struct bench *b, bool alone)
{
    *b = (struct bench){.arena = arena_new(), .now = (int64_t)9 * PING_MS * MS};
    link_init(&b->link, NULL, NULL, "test 1", &events, b);
    if (alone)
        link_stand_alone(&b->link);
    link_connected(&b->link, b->now);
    CHECK_STR("HELLO", says(b));
    CHECK_INT(alone, b->said.hello.has.alone && b->said.hello.alone);
}

static void
end(struct bench *b)
{
    link_end(&b->link);
    arena_destroy(&b->arena);
}

TEST(link_tells_of_another_by_its_key_whenever_that_changes)
{
    struct sharer one = sharer_of(5, "192.0.2.7");
    struct sharer later = sharer_of(9, "192.0.2.7");
    struct sharer elsewhere = sharer_of(9, NULL);
    struct bench b;

    begin(&b, true);
    CHECK_INT(0, welcome(&b, &one));
    CHECK_STR("since 5 from [192.0.2.7], ", b.told);
    CHECK_INT(0, pong(&b, &one));
    CHECK_STR("", b.told);
    CHECK_INT(0, pong(&b, &later));
    CHECK_STR("since 9 from [192.0.2.7], ", b.told);
    CHECK_INT(0, pong(&b, &elsewhere));
    CHECK_STR("since 9 from [], ", b.told);
    CHECK_INT(0, pong(&b, NULL));
    CHECK_STR("no longer, ", b.told);
    CHECK_INT(0, pong(&b, NULL));
    CHECK_STR("", b.told);
    end(&b);
}

/* A lost connection says nothing of it; the next WELCOME does. */
TEST(link_keeps_what_it_heard_of_another_until_the_broker_says_more)
{
    struct sharer one = sharer_of(5, "192.0.2.7");
    struct bench b;

    begin(&b, true);
    CHECK_INT(0, welcome(&b, NULL));
    CHECK_STR("", b.told);
    CHECK_INT(0, pong(&b, &one));
    CHECK_STR("since 5 from [192.0.2.7], ", b.told);
    b.told[0] = '\0';
    link_lost(&b.link);
    link_connected(&b.link, b.now);
    CHECK_STR("HELLO", says(&b));
    CHECK_STR("", b.told);
    CHECK(b.link.shared.is);
    CHECK_INT(0, welcome(&b, NULL));
    CHECK_STR("no longer, ", b.told);
    end(&b);
}

/* Whatever a broker says that was not asked. */
TEST(link_that_did_not_ask_tells_of_no_other)
{
    struct sharer one = sharer_of(5, "192.0.2.7");
    struct bench b;

    begin(&b, false);
    CHECK_INT(0, welcome(&b, &one));
    CHECK_INT(0, pong(&b, &one));
    CHECK_STR("", b.told);
    CHECK(!b.link.shared.is);
    end(&b);
}

TEST(link_takes_nothing_for_an_address_that_a_terminal_would_obey)
{
    struct sharer one = sharer_of(INT64_MAX, "\033[2J 1;\xc3\xa9%s.:-");
    struct bench b;

    begin(&b, true);
    CHECK_INT(0, welcome(&b, &one));
    CHECK_STR("since 9223372036854775807 from [??2J?1????s.:-], ", b.told);
    end(&b);
}

/* It can't be read, so the connection is dropped as with any such broker. */
TEST(link_drops_a_broker_that_tells_of_another_in_a_wrong_form)
{
    static const struct {
        const char *bytes;
        size_t len;
    } wrong[] = {
#define FRAME(text) {text, sizeof(text) - 1}
        FRAME("\x92\xa4PONG\x81\xa6shared\xc3"),
        FRAME("\x92\xa4PONG\x81\xa6shared\xa5since"),
        FRAME("\x92\xa4PONG\x81\xa6shared\x80"),
        FRAME("\x92\xa4PONG\x81\xa6shared\x81\xa5since\xff"),
        FRAME("\x92\xa4PONG\x81\xa6shared\x81\xa5since\xa1"
              "9"),
        FRAME("\x92\xa4PONG\x81\xa6shared\x82\xa5since\x05\xa7"
              "address\xa0"),
        FRAME("\x92\xa4PONG\x81\xa6shared\x82\xa5since\x05\xa7"
              "address\x07"),
        FRAME("\x92\xa4PONG\x81\xa6shared\x82\xa5since\x05\xa7"
              "address\xd9\x41"
              "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
#undef FRAME
    };
    struct bench b;

    begin(&b, true);
    CHECK_INT(0, welcome(&b, NULL));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK_INT(-EPROTO, link_hear(&b.link, 77, b.now, wrong[i].bytes, wrong[i].len));
        CHECK_STR("", b.told);
        CHECK(!b.link.shared.is);
    }
    end(&b);
}

/* Who always has something to say would never be told, since it would never say PING. */
TEST(link_that_asks_says_ping_also_while_it_says_much_else)
{
    const struct query q = {.id = 9, .what = QUERY_PLANS, .has = {.id = 1, .what = 1}};
    int64_t interval = (int64_t)PING_MS * MS;
    struct bench b;

    begin(&b, true);
    CHECK_INT(0, welcome(&b, NULL));
    int64_t start = b.now, pinged = start;
    int pings = 0;
    for (; b.now < start + 3 * interval; b.now += interval / 4) {
        CHECK(link_ask(&b.link, &q));
        for (const char *said = says(&b); *said; said = says(&b))
            if (strcmp(said, "PING") == 0) {
                pings++;
                pinged = b.now;
            }
        CHECK(link_due_ms(&b.link, b.now) <= (pinged + interval - b.now) / MS + 1);
    }
    CHECK_INT(2, pings);
    end(&b);
}
