/* maat board ...: what an operator confirms, at a broker that waits for it. */
#include "schema/days.h"
#include "tests/raw.h"
#include "tests/t.h"
#include "tests/typed.h"

#define OPERATOR " -c board/operator.zpl"
#define LEAD " -c board/lead.zpl"
#define NOTE "maat decide note da-2016/1.1 --reason asked --timeout 2" LEAD

enum { DAY = 24 * 60 * 60 };

/* The same board, from now on with a broker whose clock can be set. */
static void
start_again_with_clock(struct rig *r)
{
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    rig_shift_clock(r, 0);
    rig_start_broker(r, NULL);
}

/* The broker's own day, as its clock has it. */
static int32_t
day_of_broker(struct rig *r)
{
    struct raw *c = raw_open(r, "health.zpl", 'd');

    raw_hello(c);
    (void)raw_hear(c);
    int32_t day = c->message.welcome.today;
    raw_close(&c);
    return day;
}

TEST(maat_board_confirm_clock_lets_a_broker_go_on_whose_clock_has_jumped)
{
    struct rig *r = typed_board();
    char command[200], day[DAY_TEXT];

    start_again_with_clock(r);
    day_format(day_of_broker(r) + 9, day);
    rig_shift_clock(r, 9 * DAY);
    typed(r, 3, "the broker takes nothing now (", NOTE);
    CHECK(strstr(r->output, "clock"));
    typed(r, 2, "2016-02-30 is no day", "maat board confirm-clock 2016-02-30" OPERATOR);
    typed(r, 3, day, "maat board confirm-clock 2016-02-28 --timeout 2" OPERATOR);
    (void)snprintf(command, sizeof command, "maat board confirm-clock %s --timeout 2%s", day, LEAD);
    typed(r, 3, "clock", command);
    (void)snprintf(command, sizeof command, "maat board confirm-clock %s --reason 'off'%s", day,
                   OPERATOR);
    typed(r, 0, "confirm-clock: accepted as entry", command);
    typed(r, 0, "accepted as entry", NOTE);
    typed_end(r);
}

TEST(maat_board_open_is_for_a_board_that_was_restored)
{
    struct rig *r = typed_board();

    typed(r, 1, "intake is open", "maat board open --reason done" OPERATOR);
    typed(r, 1, "only operators may do this", "maat board open" LEAD);
    typed_end(r);
}

#define PROGRESS "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-02-28', 'percent': 7}"
#define OUTBOX " --outbox 61616161616161616161616161616161"
#define GAP "maat board accept-gap police/crm"

TEST(maat_board_accept_gap_lets_an_outbox_go_on_past_what_is_lost)
{
    struct rig *r = typed_board();
    struct raw *c = raw_open(r, "police.zpl", 'a');

    raw_hello(c);
    CHECK_STR("WELCOME 0", raw_hear(c));
    raw_submit(c, 1, PROGRESS);
    CHECK_STR("ACK 1", raw_hear(c));
    raw_submit(c, 5, PROGRESS);
    CHECK_STR("REWIND 2", raw_hear(c));

    typed(r, 2, "--outbox: must be 32 hexadecimal digits",
          GAP " --outbox 6161616161616161616161616161616x --from 2 --to 4" OPERATOR);
    typed(r, 2, "--from: ", GAP OUTBOX " --to 4" OPERATOR);
    typed(r, 1, "from: must be the first n that is not there",
          GAP OUTBOX " --from 3 --to 4" OPERATOR);
    typed(r, 1, "to: must not be before from", GAP OUTBOX " --from 2 --to 1" OPERATOR);
    typed(r, 1, "outbox: ", "maat board accept-gap health/crm" OUTBOX " --from 2 --to 4" OPERATOR);
    typed(r, 1, "client: ", "maat board accept-gap health/no" OUTBOX " --from 2 --to 4" OPERATOR);
    typed(r, 1, "only operators may do this", GAP OUTBOX " --from 2 --to 4" LEAD);
    typed(r, 0, "police/crm: accepted as entry",
          GAP OUTBOX " --from 2 --to 4 --reason 'the disk burnt'" OPERATOR);
    typed(r, 0, "board accept-gap", "maat log --limit 1" LEAD);

    raw_hello(c);
    CHECK_STR("WELCOME 4", raw_hear(c));
    raw_submit(c, 5, PROGRESS);
    CHECK_STR("ACK 5", raw_hear(c));
    raw_close(&c);
    typed_end(r);
}
