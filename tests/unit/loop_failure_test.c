/* The loop's way back when its journal fails. */
#include <errno.h>
#include <lmdb.h>
#include <stdlib.h>

#include "schema/codec.h"
#include "tests/office.h"
#include "tests/t.h"

/* --- the way back --------------------------------------------------------------------------- */

TEST(loop_failure_tells_nobody_of_what_was_not_written_and_does_it_again_in_order)
{
    struct office *o = office_open();

    office_greet(o, OFFICE_LEAD, 'a');
    office_release(o);
    CHECK_STR("L WELCOME 0", office_heard(o));
    office_submit(o, OFFICE_LEAD, 1, "one", "x");
    office_submit(o, OFFICE_LEAD, 2, "two", "x");
    office_greet(o, OFFICE_OPERATOR, 'b');
    office_submit(o, OFFICE_OPERATOR, 1, "none", "x"); /* refused: no lead */
    office_submit(o, OFFICE_LEAD, 3, "three", "x");
    CHECK_INT(8, o->ledger.number);
    CHECK_STR("", office_heard(o));
    uint64_t before = o->loop.generation;
    o->journal.error = -EIO;
    CHECK_INT(-EIO, office_sync_all(o));
    CHECK_STR("", office_heard(o));
    CHECK(o->loop.generation != before);
    CHECK_INT(JOURNAL_GENERATION, journal_append(&o->journal.base, 5, before, NULL, 0));
    CHECK_INT(0, journal_begin_generation(&o->journal.base, &o->loop.generation));
    CHECK_INT(8, o->ledger.number);
    CHECK_INT(0, office_sync_all(o));
    CHECK_STR("L ACK 3, O WELCOME 0, O REFUSED 1", office_heard(o)); /* one for the batch */
    CHECK_INT(0, held_count(&o->loop.held));
    CHECK_INT(8, o->ledger.durable);
    CHECK_INT(1, o->loop.vitals.failures);
    office_submit(o, OFFICE_LEAD, 1, "one", "x");
    office_release(o);
    CHECK_STR("L ACK 1", office_heard(o));
    CHECK_INT(8, o->ledger.number);
    office_close(o);
}

TEST(loop_failure_takes_back_rewind_and_forked)
{
    struct office *o = office_open();

    office_greet(o, OFFICE_LEAD, 'a');
    office_release(o);
    office_submit(o, OFFICE_LEAD, 1, "one", "x");
    office_submit(o, OFFICE_LEAD, 5, "five", "x");
    office_submit(o, OFFICE_LEAD, 1, "one", "y");
    office_submit(o, OFFICE_LEAD, 2, "two", "x");
    CHECK_STR("L WELCOME 0", office_heard(o));
    o->journal.error = JOURNAL_CONFLICT;
    CHECK_INT(JOURNAL_CONFLICT, office_sync_all(o));
    CHECK_STR("", office_heard(o));
    CHECK_INT(0, office_sync_all(o));
    char want[60];
    (void)snprintf(want, sizeof want, "L ACK 1, L REWIND 2, L ERROR %d", ERROR_FORKED);
    CHECK_STR(want, office_heard(o));
    office_close(o);
}

/* What came before a HELLO that was taken back is not of the outbox it names. */
TEST(loop_failure_mixes_no_outboxes_of_a_client)
{
    struct office *o = office_open();

    office_greet(o, OFFICE_LEAD, 'a');
    office_release(o);
    office_submit(o, OFFICE_LEAD, 1, "one", "x");
    office_greet(o, OFFICE_LEAD, 'b');
    office_submit(o, OFFICE_LEAD, 1, "other", "x");
    CHECK_STR("L WELCOME 0", office_heard(o));
    o->journal.error = -EIO;
    CHECK_INT(-EIO, office_sync_all(o));
    CHECK_INT(0, office_sync_all(o));
    char want[60];
    (void)snprintf(want, sizeof want, "L ERROR %d, L WELCOME 0, L ACK 1", ERROR_HELLO);
    CHECK_STR(want, office_heard(o));
    office_greet(o, OFFICE_LEAD, 'a');
    office_submit(o, OFFICE_LEAD, 1, "one", "x");
    CHECK_INT(0, office_sync_all(o));
    CHECK_STR("L WELCOME 0, L ACK 1", office_heard(o));
    CHECK_INT(6, o->ledger.durable);
    office_close(o);
}

TEST(loop_failure_of_a_full_disk_puts_each_outbox_off_by_its_lowest_n)
{
    struct office *o = office_open();

    office_greet(o, OFFICE_LEAD, 'a');
    office_greet(o, OFFICE_OPERATOR, 'b');
    office_release(o);
    (void)office_heard(o);
    office_submit(o, OFFICE_LEAD, 1, "one", "x");
    office_submit(o, OFFICE_OPERATOR, 1, "none", "x");
    office_submit(o, OFFICE_LEAD, 2, "two", "x");
    o->loop.failures = 100; /* so that it is left alone for a while */
    o->journal.error = JOURNAL_FULL;
    CHECK_INT(JOURNAL_FULL, office_sync_all(o));
    CHECK_STR("L RETRY 1, O RETRY 1", office_heard(o));
    CHECK_INT(4, o->ledger.number);
    office_submit(o, OFFICE_LEAD, 1, "one", "x");
    CHECK_STR("L RETRY 1", office_heard(o));
    loop_mind_room(&o->loop);
    office_submit(o, OFFICE_LEAD, 2, "two", "x"); /* not before the one that is awaited */
    office_submit(o, OFFICE_LEAD, 1, "one", "x");
    office_submit(o, OFFICE_LEAD, 2, "two", "x");
    CHECK_INT(0, office_sync_all(o));
    CHECK_STR("L ACK 2", office_heard(o));
    office_close(o);
}

/* The journal has no more than was acknowledged, whenever it fails. */
TEST(loop_failure_at_random_loses_and_doubles_nothing)
{
    enum { ROUNDS = 200 };
    struct office *o = office_open();
    int64_t acknowledged = 0;
    char id[24];

    office_greet(o, OFFICE_LEAD, 'a');
    office_release(o);
    (void)office_heard(o);
    for (int64_t n = 1; n <= ROUNDS; n++) {
        (void)snprintf(id, sizeof id, "p%" PRId64, n);
        office_submit(o, OFFICE_LEAD, n, id, "x");
        if (random_below(3) && n < ROUNDS)
            continue;
        for (uint64_t failures = random_below(3); failures; failures--) {
            o->journal.error = random_below(2) ? -EIO : JOURNAL_CONFLICT;
            CHECK(office_sync_all(o) != 0);
            CHECK_STR("", office_heard(o));
            o->loop.failures = 0;
        }
        CHECK_INT(0, office_sync_all(o));
        const char *said = office_heard(o);
        CHECK_INT(n, strtoll(strrchr(said, ' '), NULL, 10));
        acknowledged = n;
    }
    CHECK_INT(ROUNDS, acknowledged);
    CHECK_INT(4 + ROUNDS, o->ledger.durable);
    office_close(o);
}

/* --- a day begins meanwhile ------------------------------------------------------------------ */

#define DAY (24 * 3600 * INT64_C(1000000))

/* The day of the newest entry, if that says it is rated; else 0. */
static int32_t
day_said(struct office *o)
{
    struct rating_change r;
    struct fault fault;
    struct entry e;

    arena_reset(o->arena);
    CHECK_INT(1, ledger_entry(&o->ledger, o->ledger.number, &e));
    if (e.kind != KIND_RATING)
        return 0;
    CHECK(record_decode(o->arena, &rating_change_record, &r, e.body.at, e.body.len, &fault));
    return r.day;
}

TEST(loop_failure_is_no_way_to_be_judged_before_the_day_is_rated)
{
    struct office *o = office_open();
    int32_t today = o->ledger.rated + 1;

    office_greet(o, OFFICE_LEAD, 'a');
    office_release(o);
    (void)office_heard(o);
    office_submit(o, OFFICE_LEAD, 1, "one", "x");
    CHECK_INT(5, o->ledger.number);
    o->loop.now.host += DAY;
    CHECK_INT(0, newday_step(&o->loop.newday, o->loop.now.host, NEWDAY_ROWS));
    CHECK_INT(today, day_said(o));
    office_submit(o, OFFICE_LEAD, 2, "two", "x");
    CHECK_INT(7, o->ledger.number);
    o->journal.error = -EIO;
    CHECK_INT(-EIO, office_sync_all(o));
    CHECK_STR("L RETRY 1", office_heard(o)); /* what was of yesterday is put off too */
    CHECK_INT(4, o->ledger.number);
    CHECK_INT(0, newday_step(&o->loop.newday, o->loop.now.host, NEWDAY_ROWS));
    CHECK_INT(today, day_said(o));
    CHECK_INT(5, o->ledger.number);
    office_submit(o, OFFICE_LEAD, 1, "one", "x");
    office_submit(o, OFFICE_LEAD, 2, "two", "x");
    CHECK_INT(0, office_sync_all(o));
    CHECK_STR("L ACK 2", office_heard(o));
    office_close(o);
}

/* A slice of it was said when the journal failed. */
TEST(loop_failure_in_the_middle_of_a_day_begins_the_day_anew)
{
    enum { PLANS = 10 };
    struct office *o = office_open();
    char id[24];

    office_greet(o, OFFICE_LEAD, 'a');
    for (int64_t n = 1; n <= PLANS; n++) {
        (void)snprintf(id, sizeof id, "p%" PRId64, n);
        office_submit(o, OFFICE_LEAD, n, id, "x");
    }
    CHECK_INT(0, office_sync_all(o));
    (void)office_heard(o);
    o->loop.now.host += DAY;
    CHECK_INT(1, newday_step(&o->loop.newday, o->loop.now.host, PLANS / 2));
    office_submit(o, OFFICE_LEAD, PLANS + 1, "late", "x");
    CHECK_STR("L RETRY 11", office_heard(o));
    CHECK_INT(0, loop_recover(&o->loop, -EIO));
    CHECK_INT(RATING_NOTHING, o->loop.newday.doing);
    CHECK_INT(0, newday_step(&o->loop.newday, o->loop.now.host, NEWDAY_ROWS));
    office_submit(o, OFFICE_LEAD, PLANS + 1, "late", "x");
    CHECK_INT(0, office_sync_all(o));
    CHECK_STR("L ACK 11", office_heard(o));
    office_close(o);
}

/* --- the state ------------------------------------------------------------------------------ */

static int state_error; /* what writing it ends with */

static int
write_or_fail(const struct keeping *k)
{
    (void)k;
    return state_error;
}

/* An office that an entry was written for, whose state is written by write_or_fail. */
static struct office *
office_of_a_failing_state(void)
{
    static struct keeping_ops ops;
    struct office *o = office_open();

    ops = *o->keeping.ops;
    ops.write = write_or_fail;
    o->keeping.ops = &ops;
    office_greet(o, OFFICE_LEAD, 'a');
    office_submit(o, OFFICE_LEAD, 1, "one", "x");
    CHECK_INT(0, office_sync_all(o));
    return o;
}

/* A second later. */
static int
mind_state(struct office *o)
{
    o->loop.now.steady += LOOP_SECOND;
    int rc = loop_mind_state(&o->loop);
    if (rc == 0)
        rc = loop_finish_writing(&o->loop);
    loop_mind_room(&o->loop);
    return rc;
}

TEST(loop_failure_of_the_state_loses_nothing_and_closes_intake_until_it_is_written)
{
    struct office *o = office_of_a_failing_state();

    state_error = -ENOSPC;
    CHECK_INT(0, mind_state(o));
    CHECK_INT(CLOSED_FULL, o->loop.service.intake.closed);
    CHECK_INT(o->ledger.number, o->keeping.frozen);
    CHECK_INT(0, o->keeping.applied);
    office_submit(o, OFFICE_LEAD, 2, "two", "x");
    CHECK_STR("L WELCOME 0, L ACK 1, L RETRY 2", office_heard(o));
    state_error = 0;
    CHECK_INT(0, mind_state(o));
    CHECK_INT(OPEN_TO_ALL, o->loop.service.intake.closed);
    CHECK_INT(o->ledger.number, o->keeping.applied);
    office_submit(o, OFFICE_LEAD, 2, "two", "x");
    CHECK_INT(0, office_sync_all(o));
    CHECK_STR("L ACK 2", office_heard(o));
    state_error = MDB_PANIC;
    CHECK_INT(MDB_PANIC, mind_state(o));
    office_close(o);
}

/* On the way out it is left to the next start. */
TEST(loop_failure_of_the_state_does_not_hold_up_the_end)
{
    struct office *o = office_of_a_failing_state();

    CHECK(!loop_has_kept(&o->loop));
    o->loop.stop_by = o->loop.now.steady + LOOP_SECOND;
    state_error = -ENOSPC;
    CHECK_INT(0, mind_state(o));
    CHECK(loop_has_kept(&o->loop));
    office_close(o);
}
