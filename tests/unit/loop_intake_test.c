/* What the log says of intake: once that it is closed, and once that what closed it is over. */
#include <errno.h>

#include "tests/logged.h"
#include "tests/office.h"
#include "tests/t.h"

static struct logged log_of_it;

/* What was said since the last time. */
static const char *
said(void)
{
    static char text[LOGGED_TEXT];

    (void)logged_end(&log_of_it, text);
    logged_begin(&log_of_it);
    return text;
}

static struct office *
begin(void)
{
    struct office *o = office_open();

    logged_begin(&log_of_it);
    return o;
}

static void
end(struct office *o)
{
    (void)said();
    char rest[LOGGED_TEXT];
    (void)logged_end(&log_of_it, rest);
    office_close(o);
}

#define SAID_CLOSED(why) "event=intake-closed why=" why "\n"
#define SAID_OPENED(why) "event=intake-opened why=" why "\n"
#define DAYS(count) ((count)*24 * 3600 * LOOP_SECOND)

TEST(loop_intake_that_a_clock_closes_is_told_once_and_when_it_is_over)
{
    struct office *o = begin();
    struct loop *l = &o->loop;
    int64_t host = l->now.host;

    loop_tell_intake(l);
    CHECK_STR("", said());
    l->now.host = host + DAYS(8);
    loop_tell_intake(l);
    loop_tell_intake(l);
    CHECK_STR(SAID_CLOSED("clock"), said());
    l->now.host = host;
    loop_tell_intake(l);
    loop_tell_intake(l);
    CHECK_STR(SAID_OPENED("clock"), said());
    end(o);
}

TEST(loop_intake_after_a_restore_is_told_until_an_operator_opens_it)
{
    struct office *o = begin();

    o->ledger.restored = true;
    loop_tell_intake(&o->loop);
    loop_tell_intake(&o->loop);
    CHECK_STR(SAID_CLOSED("restored"), said());
    o->ledger.restored = false;
    loop_tell_intake(&o->loop);
    CHECK_STR(SAID_OPENED("restored"), said());
    end(o);
}

/* Each night, for a moment. */
TEST(loop_intake_is_not_told_of_a_day_that_begins)
{
    struct office *o = begin();
    struct loop *l = &o->loop;

    l->now.host += DAYS(1);
    CHECK_INT(CLOSED_DAY, loop_closing(l));
    loop_tell_intake(l);
    CHECK_STR("", said());
    l->now.host += DAYS(8); /* and while nobody knows which day it is */
    loop_tell_intake(l);
    l->now.host -= DAYS(8);
    loop_tell_intake(l);
    CHECK_STR(SAID_CLOSED("clock"), said());
    CHECK_INT(0, newday_step(&l->newday, l->now.host, NEWDAY_ROWS));
    loop_tell_intake(l);
    CHECK_STR(SAID_OPENED("clock"), said());
    end(o);
}

/* Tried each second: it opens, and the first entry closes it again. */
TEST(loop_intake_of_a_journal_that_goes_on_failing_is_told_once)
{
    struct office *o = begin();

    office_greet(o, OFFICE_LEAD, 'a');
    for (int64_t n = 1; n <= 5; n++) {
        office_submit(o, OFFICE_LEAD, 1, "one", "x");
        o->journal.error = -EIO;
        o->loop.failures += 100; /* so that it is left alone till the next second */
        CHECK_INT(-EIO, office_sync_all(o));
        o->loop.now.steady += LOOP_SECOND;
        loop_mind_room(&o->loop);
        CHECK_INT(OPEN_TO_ALL, o->loop.service.intake.closed);
    }
    const char *first = strstr(said(), SAID_CLOSED("journal"));
    CHECK(first && !strstr(first + strlen(SAID_CLOSED("journal")), "intake"));
    o->loop.now.steady += 10 * LOOP_SECOND - 1;
    loop_mind_room(&o->loop);
    CHECK_STR("", said());
    o->loop.now.steady++;
    loop_mind_room(&o->loop);
    loop_mind_room(&o->loop);
    CHECK_STR(SAID_OPENED("journal"), said());
    end(o);
}

TEST(loop_intake_is_told_as_open_once_the_journal_has_taken_an_entry)
{
    struct office *o = begin();

    office_greet(o, OFFICE_LEAD, 'a');
    office_submit(o, OFFICE_LEAD, 1, "one", "x");
    o->journal.error = -EIO;
    CHECK_INT(-EIO, office_sync_all(o));
    loop_mind_room(&o->loop);
    CHECK(!strstr(said(), "intake-opened"));
    CHECK(loop_hand_over(&o->loop));
    CHECK_INT(0, loop_finish_sync(&o->loop));
    loop_mind_room(&o->loop);
    CHECK_STR(SAID_OPENED("journal"), said());
    end(o);
}

TEST(loop_intake_tells_of_a_disk_that_neither_takes_a_batch_nor_fails)
{
    struct office *o = begin();
    struct loop *l = &o->loop;

    l->now.steady += 2 * VITALS_SYNC_PATIENCE; /* it has had nothing to do for as long */
    loop_mind_journal(l);
    CHECK_STR("", said());
    l->syncing = true;
    l->handed = l->now.steady;
    l->now.steady += VITALS_SYNC_PATIENCE;
    loop_mind_journal(l);
    CHECK_STR("", said());
    l->now.steady++;
    loop_mind_journal(l);
    loop_mind_journal(l);
    CHECK_STR("event=journal-hangs durable=4\n", said());
    l->handed = l->now.steady; /* the next one */
    loop_mind_journal(l);
    loop_mind_journal(l);
    CHECK_STR("event=journal-goes-on durable=4\n", said());
    l->syncing = false;
    end(o);
}

/* --- who is not judged, or not let in ------------------------------------------------ */

TEST(loop_intake_tells_once_of_a_client_that_sent_too_much)
{
    struct office *o = begin();

    o->loop.service.intake.allowance.entries = 1;
    office_greet(o, OFFICE_LEAD, 'a');
    office_submit(o, OFFICE_LEAD, 1, "one", "x");
    (void)said();
    office_submit(o, OFFICE_LEAD, 2, "two", "x");
    office_submit(o, OFFICE_LEAD, 2, "two", "x");
    CHECK_STR("event=client-put-off client=board/lead reason=\"more submissions than a client may "
              "send in a day\"\n",
              said());
    o->loop.service.intake.allowance.entries = 3;
    office_submit(o, OFFICE_LEAD, 2, "two", "x");
    office_submit(o, OFFICE_LEAD, 3, "three", "x");
    CHECK_STR("event=client-taken-again client=board/lead\n", said());
    CHECK_INT(0, office_sync_all(o));
    end(o);
}
