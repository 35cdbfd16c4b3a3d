/* How much may be on its way to whom. */
#include "broker/flight.h"
#include "tests/hall.h"
#include "tests/t.h"

enum { MOST = 1000 };

struct sky {
    struct flight *all, *client[2], *session[4]; /* two of each client */
};

static void
sky_open(struct sky *s)
{
    s->all = flight_new(NULL, MOST);
    for (int i = 0; i < 2; i++)
        s->client[i] = flight_new(s->all, MOST / 2);
    for (int i = 0; i < 4; i++)
        s->session[i] = flight_new(s->client[i / 2], 0);
}

static void
sky_close(struct sky *s)
{
    for (int i = 0; i < 4; i++)
        flight_let_go(s->session[i]);
    for (int i = 0; i < 2; i++)
        flight_let_go(s->client[i]);
    flight_let_go(s->all);
}

/* Byte by byte, as long as there is room. */
static int64_t
fill(struct flight *f)
{
    int64_t before = f->bytes;

    while (flight_has_room(f))
        flight_take(f, 1);
    return f->bytes - before;
}

TEST(flight_gives_each_as_much_as_it_leaves_to_others)
{
    struct sky s;

    sky_open(&s);
    CHECK_INT(MOST / 4, fill(s.session[0])); /* half of its client's half */
    CHECK_INT(MOST / 8, fill(s.session[1]));
    CHECK_INT(0, fill(s.session[0]));
    CHECK_INT(MOST / 4, fill(s.session[2]));
    CHECK_INT(MOST / 4 + MOST / 8 + MOST / 4, s.all->bytes);
    flight_give_back(s.session[1], MOST / 8);
    CHECK_INT(0, s.session[1]->bytes);
    CHECK_INT(MOST / 4, s.client[0]->bytes);
    sky_close(&s);
}

TEST(flight_gives_something_to_a_client_that_has_nothing)
{
    struct sky s;

    sky_open(&s);
    flight_take(s.session[0], MOST);
    CHECK(!flight_has_room(s.session[0]));
    CHECK(!flight_has_room(s.session[1])); /* its client has enough */
    CHECK(flight_has_room(s.session[2]));
    flight_take(s.session[2], 1);
    CHECK(!flight_has_room(s.session[2]));
    CHECK(!flight_has_room(s.session[3]));
    sky_close(&s);
}

TEST(flight_lasts_as_long_as_a_parcel_is_under_way)
{
    struct flight *all = flight_new(NULL, MOST);
    struct flight *session = flight_new(all, 0);
    struct parcel *p = parcel_new(session, 10);
    struct parcel *q = parcel_new(session, 1);

    flight_let_go(session);
    parcel_free(q);
    CHECK_INT(10, p->of->bytes);
    CHECK_INT(10, all->bytes);
    parcel_free(p);
    CHECK_INT(0, all->bytes);
    flight_let_go(all);
}

/* --- feeds ------------------------------------------------------------------------------ */

static void
turns(struct hall *h, int count)
{
    while (count--)
        small_broker_turn(&h->broker);
}

/* Each greeted, so that only what the feed says is on its way. */
static void
follow(struct hall *h, int client)
{
    static const struct subscribe all;

    hall_follow(h, client, &all);
    small_broker_release(&h->broker);
}

TEST(feed_waits_while_enough_is_on_its_way)
{
    struct hall h;

    hall_open(&h);
    h.broker.out.flight->most = 1;
    follow(&h, HALL_LEAD);
    turns(&h, 3);
    CHECK_INT(FEEDS_REST, feeds_due(&h.broker.service.feeds));
    small_broker_release(&h.broker);
    CHECK_STR("PLANS 1: p", hall_heard(&h));
    CHECK_INT(0, h.broker.out.flight->bytes);
    CHECK_INT(0, feeds_due(&h.broker.service.feeds));
    hall_slice(&h);
    hall_slice(&h);
    CHECK_STR("STATE 1: p p/1 green, LIVE 1: 9", hall_heard(&h));
    CHECK_INT(INT64_MAX, feeds_due(&h.broker.service.feeds));
    hall_close(&h);
}

TEST(feed_shares_what_may_be_on_its_way_with_others_of_its_client)
{
    struct hall h;

    hall_open(&h);
    h.broker.out.flight->most = 1;
    follow(&h, HALL_LEAD);
    follow(&h, HALL_LEAD);
    follow(&h, HALL_POLICE);
    turns(&h, 5);
    small_broker_release(&h.broker);
    CHECK_STR("PLANS 3: p, PLANS 2: p", hall_heard(&h)); /* the newest comes first */
    turns(&h, 5);
    small_broker_release(&h.broker);
    CHECK_STR("PLANS 1: p, STATE 3: p p/1 green", hall_heard(&h));
    hall_close(&h);
}

TEST(feed_that_had_no_room_for_what_is_new_is_told_of_it_later)
{
    struct hall h;

    hall_open(&h);
    follow(&h, HALL_LEAD);
    (void)hall_settle(&h);
    struct flight *flight = h.broker.service.feeds.first->to->flight;
    h.broker.out.flight->most = 1;
    flight_take(flight, 1); /* a parcel that the wire has not sealed yet */
    hall_note(&h);
    turns(&h, 1);
    small_broker_sync(&h.broker);
    turns(&h, 1);
    CHECK_STR("", hall_heard(&h));
    flight_give_back(flight, 1);
    CHECK_STR("EVENT 1: 10 progress p/1 green upto 10", hall_settle(&h));
    hall_close(&h);
}
