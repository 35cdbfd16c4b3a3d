/* What the loop shows of itself: entries on their way, who is there, and those who follow. */
#include "broker/feeds/audience.h"
#include "tests/hall.h"
#include "tests/office.h"
#include "tests/t.h"

TEST(loop_show_tells_which_entries_are_durable_and_which_wait)
{
    struct office *o = office_open();
    struct vitals *v = &o->loop.vitals;

    loop_look(&o->loop);
    CHECK_INT(0, v->clients);
    CHECK_INT(4, v->durable);
    CHECK_INT(0, v->waiting);
    office_greet(o, OFFICE_LEAD, 'a');
    office_submit(o, OFFICE_LEAD, 1, "one", "x");
    office_submit(o, OFFICE_LEAD, 2, "two", "x");
    o->keeping.applied = 3;
    loop_look(&o->loop);
    CHECK_INT(1, v->clients);
    CHECK_INT(4, v->durable);
    CHECK_INT(2, v->waiting);
    CHECK_INT(3, v->unwritten);
    CHECK_INT(o->loop.now.host, v->host);
    CHECK_INT(0, office_sync_all(o));
    loop_look(&o->loop);
    CHECK_INT(6, v->durable);
    CHECK_INT(0, v->waiting);
    office_close(o);
}

TEST(loop_show_tells_for_how_long_the_journal_has_its_batch)
{
    struct office *o = office_open();
    struct loop *l = &o->loop;

    l->handed = l->now.steady;
    l->now.steady += 7;
    loop_look(l);
    CHECK_INT(0, l->vitals.syncing);
    l->syncing = true;
    loop_look(l);
    CHECK_INT(7, l->vitals.syncing);
    l->syncing = false;
    office_close(o);
}

TEST(loop_show_tells_the_one_state_of_intake)
{
    struct office *o = office_open();
    struct loop *l = &o->loop;

    for (int closing = OPEN_TO_ALL; closing <= CLOSED_JOURNAL; closing++) {
        l->service.intake.closed = (enum closing)closing;
        loop_look(l);
        for (int other = 0; other < CLOSING_COUNT; other++)
            CHECK_INT(other == closing, l->vitals.closed[other]);
    }
    office_close(o);
}

/* --- who follows --------------------------------------------------------------------- */

static void
check_audience(const struct hall *h, int64_t followers, int64_t starved, int64_t lag, int64_t waits)
{
    struct audience a = audience_of(&h->broker.service.feeds);

    CHECK_INT(followers, a.followers);
    CHECK_INT(starved, a.starved);
    CHECK_INT(lag, a.lag);
    CHECK_INT(waits, h->broker.service.feeds.waits);
}

TEST(loop_show_tells_of_who_follows_and_who_is_behind)
{
    static const struct subscribe all;
    enum { NOTES = CREDIT_LEAST / FEED_COST_LEAST + 3 };
    struct hall h;

    hall_open(&h);
    check_audience(&h, 0, 0, 0, 0);
    hall_follow(&h, HALL_POLICE, &all);
    hall_follow(&h, HALL_LEAD, &(struct subscribe){.credit = CREDIT_LEAST});
    (void)hall_settle(&h);
    check_audience(&h, 2, 0, 0, 0);
    for (int i = 0; i < NOTES; i++) {
        hall_note(&h);
        (void)hall_settle(&h);
    }
    int64_t behind = h.broker.board.ledger.number - hall_follower(&h, HALL_LEAD)->upto;
    CHECK(behind > 1);
    check_audience(&h, 2, 1, behind, 0);
    hall_grant(&h, HALL_LEAD, FEED_CREDIT_MAX / 2);
    (void)hall_settle(&h);
    check_audience(&h, 2, 0, 0, 1);
    hall_grant(&h, HALL_LEAD, CREDIT_LEAST); /* before it must wait */
    (void)hall_settle(&h);
    check_audience(&h, 2, 0, 0, 1);
    hall_close(&h);
}
