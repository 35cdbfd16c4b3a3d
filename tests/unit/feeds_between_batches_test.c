/* Feeds between two batches of the journal, and what their property test has found. */
#include "tests/hall.h"
#include "tests/t.h"

static const struct subscribe all;

TEST(feed_that_begins_between_two_batches_is_complete_and_nothing_comes_twice)
{
    struct hall h;

    hall_open(&h);
    hall_note(&h); /* 10: in the journal's hands from now on */
    hall_turns(&h);
    hall_note(&h);
    hall_follow(&h, HALL_LEAD, &all);
    hall_turns(&h); /* and nobody is busy */
    hall_note(&h);
    CHECK_STR(
        "PLANS 1: p, STATE 1: p p/1 green, LIVE 1: 11, EVENT 1: 12 progress p/1 green upto 12",
        hall_settle(&h));
    hall_close(&h);
}

#define PLAN_Q                                                                            \
    "{'kind': 'plan', 'id': 'q', 'title': 'Q', 'type': 'review', 'marking': 'OFFICIAL', " \
    "'members': %s, 'reason': 'r', 'seen': %d, 'epoch': 0}"

static void
say_plan_q(struct hall *h, const char *members)
{
    hall_say(h, HALL_LEAD, PLAN_Q, members, (int)h->broker.board.ledger.number);
}

TEST(feed_is_told_by_the_rights_of_the_newest_entry_whatever_batch_that_is_in)
{
    struct hall h;

    hall_open(&h);
    say_plan_q(&h, "'all'");
    hall_follow(&h, HALL_POLICE, &all);
    CHECK_STR("PLANS 1: p q, STATE 1: p q p/1 green, LIVE 1: 10", hall_settle(&h));
    hall_note(&h);
    hall_turns(&h);
    say_plan_q(&h, "[]"); /* waits while the journal writes the note */
    hall_follow(&h, HALL_POLICE, &all);
    hall_turns(&h);
    CHECK_STR(
        "EVENT 1: 11 progress p/1 green upto 11, PLANS 2: p, PLANS 1: p, STATE 2: p p/1 green, "
        "LIVE 2: 12",
        hall_settle(&h));
    hall_close(&h);
}

TEST(feed_whose_revocation_came_to_nothing_is_to_be_begun_again)
{
    struct hall h;

    hall_open(&h);
    hall_follow(&h, HALL_POLICE, &all);
    CHECK_STR("PLANS 1: p, STATE 1: p p/1 green, LIVE 1: 9", hall_settle(&h));
    hall_say(&h, HALL_OPERATOR,
             "{'kind': 'client', 'id': 'police/crm', 'revoked': true, 'seen': 9, 'epoch': 0}");
    hall_turns(&h);
    small_broker_fail(&h.broker);
    CHECK_STR("ERROR again", hall_settle(&h));
    hall_close(&h);
}

TEST(feed_ends_silently_with_a_revocation)
{
    struct hall h;

    hall_open(&h);
    hall_follow(&h, HALL_POLICE, &all);
    CHECK_STR("PLANS 1: p, STATE 1: p p/1 green, LIVE 1: 9", hall_settle(&h));
    hall_say(&h, HALL_OPERATOR,
             "{'kind': 'client', 'id': 'police/crm', 'revoked': true, 'seen': 9, 'epoch': 0}");
    CHECK_STR("", hall_settle(&h));
    hall_turns(&h);
    CHECK(!h.broker.service.feeds.first);
    hall_close(&h);
}

#define ACTION                                                                           \
    "{'kind': 'action', 'id': 'p/1', 'ref': '1', 'title': 'A', 'leads': ['%s'], 'due': " \
    "'2016-04-01', 'reason': 'r', 'seen': %d, 'epoch': 0}"

static void
say_action(struct hall *h, const char *lead)
{
    hall_say(h, HALL_LEAD, ACTION, lead, (int)h->broker.board.ledger.number);
}

/* The new day makes it red; before anybody is told of that, others lead it. */
TEST(feed_says_gone_of_an_action_also_where_a_new_day_tells_of_it)
{
    struct hall h;

    hall_open(&h);
    hall_say(&h, HALL_OPERATOR,
             "{'kind': 'agency', 'id': 'health', 'name': 'H', 'sector': 'health', 'seen': 0, "
             "'epoch': 0}");
    say_action(&h, "health");
    const struct text health = text_of("health");
    hall_follow(&h, HALL_LEAD,
                &(struct subscribe){.agencies = {&health, 1}, .has = {.agencies = 1}});
    CHECK_STR("PLANS 1: p, STATE 1: p p/1 amber, LIVE 1: 11", hall_settle(&h));
    h.broker.now.host += INT64_C(24) * 3600 * 1000000;
    h.broker.board.host = h.broker.now.host;
    small_broker_day(&h.broker);
    say_action(&h, "police");
    CHECK_STR("EVENT 1: 12 rating gone p/1 upto 14", hall_settle(&h));
    hall_close(&h);
}

TEST(feed_of_a_plan_that_went_and_came_between_two_slices_has_its_rows_again)
{
    struct hall h;

    hall_open(&h);
    say_plan_q(&h, "'all'");
    hall_follow(&h, HALL_POLICE, &all);
    CHECK_STR("PLANS 1: p q, STATE 1: p q p/1 green, LIVE 1: 10", hall_settle(&h));
    say_plan_q(&h, "[]");
    small_broker_turn(&h.broker);
    say_plan_q(&h, "'all'");
    CHECK_STR("PLANS 1: p, PLANS 1: p q, STATE 1: q, EVENT 1: 11 plan upto 11, STATE 1: q, "
              "EVENT 1: 12 plan upto 12",
              hall_settle(&h));
    hall_close(&h);
}

static void
grant(struct hall *h, int64_t id)
{
    struct credit credit = {.id = id, .credit = CREDIT_LEAST};
    const struct follower *f = hall_follower(h, HALL_POLICE);
    struct feed_refusal why;

    CHECK_INT(1, feeds_credit(&h->broker.service.feeds, f->to, &credit, &why));
}

/* Two with one view, of which one lacks credit just when there is something of plan q. */
static void
leave_behind(struct hall *h)
{
    enum { MESSAGES = CREDIT_LEAST / FEED_COST_LEAST - 3 };
    const struct subscribe little = {.credit = CREDIT_LEAST, .has.credit = 1};

    hall_open(h);
    say_plan_q(h, "'all'");
    hall_say(h, HALL_LEAD,
             "{'kind': 'action', 'id': 'q/1', 'ref': '1', 'title': 'T', 'leads': "
             "[], 'seen': 10, 'epoch': 0}");
    hall_follow(h, HALL_POLICE, &all);
    hall_follow(h, HALL_POLICE, &little);
    (void)hall_settle(h);
    for (int i = 0; i < MESSAGES; i++) {
        hall_note(h);
        CHECK(strstr(hall_settle(h), "EVENT 2:"));
    }
    hall_say(h, HALL_LEAD,
             "{'kind': 'decision', 'action': 'q/1', 'what': 'note', 'reason': 'R', "
             "'seen': 24, 'epoch': 0}");
    CHECK_STR("EVENT 1: 25 decision q/1 amber upto 25", hall_settle(h));
}

TEST(feed_that_was_behind_gets_the_page_that_was_made_for_another)
{
    struct hall h;

    leave_behind(&h);
    grant(&h, 2);
    CHECK_STR("EVENT 2: 25 decision q/1 amber upto 25", hall_settle(&h));
    hall_close(&h);
}

TEST(feed_that_was_behind_gets_no_page_of_what_it_may_no_longer_see)
{
    struct hall h;

    leave_behind(&h);
    say_plan_q(&h, "[]");
    CHECK_STR("PLANS 1: p", hall_settle(&h));
    grant(&h, 2);
    CHECK_STR("PLANS 2: p", hall_settle(&h));
    hall_close(&h);
}
