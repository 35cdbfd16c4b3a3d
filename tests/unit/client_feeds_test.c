/* Several feeds on one session: whose ids are whose, and what becomes of one that is
   left. No socket: the session is only its feeds. */
#include "agents/libmaat/client_inside.h"
#include "schema/wire/frame.h"
#include "schema/wire/host_clock.h"
#include "tests/t.h"

static const struct follow_events nothing;

struct bench {
    struct client_session *session;
    struct arena *arena;
    uint8_t frame[FRAME_IN_MAX];
    union message said;
};

static void
bench_open(struct bench *b)
{
    static struct client_session session;

    session = (struct client_session){.link.state = LINK_OPEN};
    *b = (struct bench){.session = &session, .arena = arena_new()};
}

static struct follow *
follow(struct bench *b)
{
    const struct follow_filter all = {.want = WANT_BOTH};
    struct follow *f = follow_new(&all, &nothing, NULL);

    CHECK(client_follow(b->session, f));
    return f;
}

/* The next thing that is said; "" where there is nothing. */
static const char *
says(struct bench *b)
{
    enum message_kind kind;
    struct fault fault;
    int len = feeds_next(b->session, clock_microseconds(CLOCK_MONOTONIC), b->frame);

    if (len == 0)
        return "";
    arena_reset(b->arena);
    CHECK(frame_decode(b->arena, b->frame, (size_t)len, &kind, &b->said, &fault));
    return message_words[kind];
}

static bool
hears_live(struct bench *b, int64_t id)
{
    const union message m = {.live = {.id = id, .count = 1, .upto = 5}};
    return feeds_hear(b->session, SAY_LIVE, &m, 100);
}

TEST(client_feeds_have_ids_of_their_own)
{
    struct bench b;

    bench_open(&b);
    struct follow *one = follow(&b);
    struct follow *two = follow(&b);
    CHECK_STR("SUBSCRIBE", says(&b));
    CHECK_INT(one->id, b.said.subscribe.id);
    CHECK_STR("SUBSCRIBE", says(&b));
    CHECK_INT(two->id, b.said.subscribe.id);
    CHECK(one->id != two->id);
    CHECK_STR("", says(&b));
    CHECK(hears_live(&b, two->id) && two->upto == 5 && one->upto == 0);
    CHECK(!hears_live(&b, two->id + 1));
    feeds_lost(b.session);
    CHECK_STR("", says(&b));
    feeds_begin(b.session);
    CHECK_STR("SUBSCRIBE", says(&b));
    CHECK_STR("SUBSCRIBE", says(&b));
    CHECK_INT(5, b.said.subscribe.from);
    follow_free(&one);
    follow_free(&two);
    arena_destroy(&b.arena);
}

TEST(client_feeds_end_what_is_left_and_take_no_id_twice)
{
    struct bench b;

    bench_open(&b);
    struct follow *f = follow(&b);
    CHECK_STR("SUBSCRIBE", says(&b));
    int64_t id = f->id;
    client_unfollow(b.session, f);
    follow_free(&f);
    CHECK(!hears_live(&b, id));
    CHECK_INT(0, feeds_due_ms(b.session, 1000));
    CHECK_STR("UNSUBSCRIBE", says(&b));
    CHECK_INT(id, b.said.unsubscribe.id);
    CHECK_STR("", says(&b));
    f = follow(&b);
    CHECK_STR("SUBSCRIBE", says(&b));
    CHECK(b.said.subscribe.id > id);
    client_unfollow(b.session, f);
    feeds_begin(b.session); /* another session knows nothing of it */
    CHECK_STR("", says(&b));
    follow_free(&f);
    arena_destroy(&b.arena);
}

TEST(client_feeds_are_so_many_and_no_more)
{
    const struct follow_filter all = {.want = WANT_BOTH};
    struct follow *list[FOLLOWS_MAX];
    struct bench b;

    bench_open(&b);
    for (int i = 0; i < FOLLOWS_MAX; i++)
        list[i] = follow(&b);
    struct follow *more = follow_new(&all, &nothing, NULL);
    CHECK(!client_follow(b.session, more));
    client_unfollow(b.session, more); /* which it does not have */
    for (int i = 0; i < FOLLOWS_MAX; i++)
        CHECK_STR("SUBSCRIBE", says(&b));
    CHECK_STR("", says(&b));
    for (int i = 0; i < FOLLOWS_MAX; i++)
        follow_free(&list[i]);
    follow_free(&more);
    arena_destroy(&b.arena);
}
