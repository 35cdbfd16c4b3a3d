/* What a feed costs, what it tells again, and a journal that fails at the worst moment. */
#include <string.h>

#include "tests/hall.h"
#include "tests/t.h"

static const struct subscribe all;

/* An agency that comes changes what all lead, and that alone is told again. */
TEST(feed_tells_of_an_agency_with_the_rows_of_what_all_lead)
{
    struct hall h;

    hall_open(&h);
    hall_say(&h, HALL_LEAD,
             "{'kind': 'action', 'id': 'p/2', 'ref': '2', 'title': 'B', 'leads': 'all', 'seen': "
             "0, 'epoch': 0}");
    hall_follow(&h, HALL_LEAD, &all);
    CHECK_STR("PLANS 1: p, STATE 1: p p/1 green p/2 grey, LIVE 1: 10", hall_settle(&h));
    hall_say(&h, HALL_OPERATOR,
             "{'kind': 'agency', 'id': 'health', 'name': 'Health', 'sector': 'health', 'seen': 0, "
             "'epoch': 0}");
    CHECK_STR("STATE 1: p/2 grey, EVENT 1: 11 agency upto 11", hall_settle(&h));
    hall_close(&h);
}

/* What a client grants again by another count would be too little in the end, or too much. */
TEST(feed_takes_of_its_credit_what_its_frames_take)
{
    enum { NOTES = 4, LONG = 8000 };
    struct hall h;

    hall_open(&h);
    hall_follow(&h, HALL_LEAD, &all);
    (void)hall_settle(&h);
    for (int i = 0; i < NOTES; i++)
        hall_say(&h, HALL_POLICE,
                 "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-01', 'note': '%0*d'}", LONG,
                 0);
    (void)hall_settle(&h);
    CHECK(h.cost > 3 * FEED_COST_LEAST + NOTES * LONG);
    CHECK_INT(FEED_CREDIT_MAX - h.cost, hall_follower(&h, HALL_LEAD)->credit);
    hall_close(&h);
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
    struct hall h;

    hall_open(&h);
    hall_follow(&h, HALL_LEAD,
                &(struct subscribe){
                    .want = WANT_ROWS, .from = 9, .held = {&p, 1}, .has = {.from = 1, .held = 1}});
    hall_slice(&h);
    CHECK_STR("PLANS 1: p", hall_heard(&h));
    hall_slice(&h);
    hall_note(&h);
    hall_slice(&h); /* LIVE waits for entry 10 */
    hall_say(&h, HALL_POLICE,
             "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-01', 'note': 'another'}");
    hall_slice(&h);
    CHECK_STR("", hall_heard(&h));
    small_broker_sync(&h.broker);
    CHECK_STR("LIVE 1: 9", hall_heard(&h));
    small_broker_fail(&h.broker);
    CHECK_STR("ERROR again", hall_settle(&h));
    hall_close(&h);
}

/* Entry numbers come twice where the journal fails in between: what was begun for the
   first is not what the second needs. */
TEST(feed_does_not_go_on_with_the_rows_of_an_entry_that_failed)
{
    enum { LEFT_OVER = 1, EVENTS = CREDIT_LEAST / FEED_COST_LEAST - 3 };
    struct hall h;

    hall_open(&h);
    hall_follow(&h, HALL_LEAD, &(struct subscribe){.credit = CREDIT_LEAST + LEFT_OVER});
    CHECK_STR("PLANS 1: p, STATE 1: p p/1 green, LIVE 1: 9", hall_settle(&h));
    for (int i = 0; i < EVENTS; i++) {
        hall_note(&h);
        CHECK(strncmp(hall_settle(&h), "EVENT", 5) == 0);
    }
    hall_say(&h, HALL_LEAD,
             "{'kind': 'plan', 'id': 'p', 'title': 'Q', 'type': 'review', 'marking': 'OFFICIAL', "
             "'members': 'all', 'seen': %d, 'epoch': 0}",
             (int)h.broker.board.ledger.number);
    hall_turns(&h);
    CHECK_STR("", hall_heard(&h)); /* no credit for it */
    small_broker_fail(&h.broker);
    CHECK_STR("ERROR again", hall_settle(&h));
    hall_close(&h);
}

static void
say_plan(struct hall *h, int number, const char *members)
{
    hall_say(h, HALL_LEAD,
             "{'kind': 'plan', 'id': 'q%04d', 'title': 'Q', 'type': 'review', 'marking': "
             "'OFFICIAL', 'members': %s, 'reason': 'r', 'seen': %d, 'epoch': 0}",
             number, members, (int)h->broker.board.ledger.number);
}

/* Names that came with the first of two messages are named, whatever comes between them:
   so a list is told to its end, but for what may be seen no longer. */
TEST(feed_ends_a_list_of_plans_before_it_begins_another)
{
    static const char end_and_begin[] = "PLANS 1: q1999, PLANS 1: p q0001 ";
    enum { PLANS = 2001 };
    struct hall h;

    hall_open(&h);
    for (int i = 0; i < PLANS; i++)
        say_plan(&h, i, "['police']");
    small_board_settle(&h.broker.board);
    hall_follow(&h, HALL_POLICE, &(struct subscribe){.want = WANT_ENTRIES});
    hall_slice(&h);
    CHECK(strncmp(hall_heard(&h), "PLANS 1: p q0000 ", 17) == 0);
    say_plan(&h, 0, "[]");
    say_plan(&h, PLANS - 1, "[]");
    CHECK(strncmp(hall_settle(&h), end_and_begin, sizeof end_and_begin - 1) == 0);
    hall_close(&h);
}
