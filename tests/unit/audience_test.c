/* Those who follow, as who watches over the broker counts them. */
#include "broker/feeds/audience.h"

#include "tests/hall.h"
#include "tests/t.h"

static void
is(struct hall *h, int64_t followers, int64_t starved, int64_t lag)
{
    struct audience a = audience_of(&h->broker.service.feeds);

    CHECK_INT(followers, a.followers);
    CHECK_INT(starved, a.starved);
    CHECK_INT(lag, a.lag);
}

TEST(audience_counts_followers_and_what_they_wait_for)
{
    static const struct subscribe all;
    struct feed_refusal why;
    struct hall h;

    hall_open(&h);
    struct feeds *feeds = &h.broker.service.feeds;
    is(&h, 0, 0, 0);
    hall_follow(&h, HALL_LEAD, &all);
    (void)hall_settle(&h);
    is(&h, 1, 0, 0);

    feeds->first->credit = 0;
    hall_note(&h);
    hall_note(&h);
    CHECK_STR("", hall_settle(&h));
    is(&h, 1, 1, 2);
    CHECK_INT(0, feeds->waits);

    const struct credit granted = {.id = feeds->first->id, .credit = FEED_CREDIT_MAX};
    CHECK_INT(1, feeds_credit(feeds, feeds->first->to, &granted, &why));
    CHECK_INT(1, feeds->waits);
    CHECK_INT(1, feeds_credit(feeds, feeds->first->to, &granted, &why));
    CHECK_INT(1, feeds->waits); /* it did not wait */
    (void)hall_settle(&h);
    is(&h, 1, 0, 0);

    feeds->first->over = true;
    is(&h, 0, 0, 0);
    hall_close(&h);
}
