/* When the loop's state is written, and what becomes of the loop while it can't be: with
   clocks of the test's own, and a state that writes as the test says. */
#include <errno.h>
#include <poll.h>

#include "broker/loop/inside.h"
#include "tests/small_board.h"
#include "tests/t.h"

struct desk {
    struct small_board board;
    struct loop loop;
};

static size_t changed; /* bytes */
static int written;    /* what writing returns */

static size_t
say_changed(const struct keeping *k)
{
    (void)k;
    return changed;
}

static int
say_written(const struct keeping *k)
{
    (void)k;
    return written;
}

static int
do_nothing(struct keeping *k)
{
    (void)k;
    return 0;
}

static void
freeze_nothing(struct keeping *k)
{
    (void)k;
}

static const struct keeping_ops ops = {say_changed, freeze_nothing, say_written,
                                       do_nothing,  do_nothing,     freeze_nothing};

/* More was changed than the loop lets wait, and all of it is durable. */
static struct desk *
desk_open(void)
{
    static struct desk d;

    small_board_open(&d.board);
    d.board.keeping.ops = &ops;
    d.loop = (struct loop){.ledger = &d.board.ledger, .accepting = true};
    d.loop.now.steady = 1;
    CHECK_INT(0, keeping_start_writer(&d.loop.writer));
    changed = SIZE_MAX;
    return &d;
}

static void
desk_close(struct desk *d)
{
    worker_stop(&d->loop.writer);
    small_board_close(&d->board);
}

/* The writer's word. */
static void
take_word(struct desk *d)
{
    struct pollfd fd = {.fd = worker_fd(d->loop.writer), .events = POLLIN};

    CHECK(d->loop.writing);
    CHECK_INT(1, poll(&fd, 1, 10000));
    CHECK_INT(0, loop_mind_state(&d->loop));
}

/* Intake is closed then, so that nothing is folded: who asks, or only pings, is heard. */
TEST(loop_keeping_is_not_deaf_while_the_state_can_not_be_written)
{
    struct desk *d = desk_open();
    struct loop *l = &d->loop;

    written = -ENOSPC;
    CHECK_INT(0, loop_mind_state(l));
    CHECK(loop_is_behind(l));
    take_word(d);
    CHECK_INT(CLOSED_FULL, l->service.intake.closed);
    CHECK(!loop_is_behind(l));
    CHECK(!l->writing);
    written = 0;
    l->now.steady = loop_state_due(l);
    CHECK_INT(0, loop_mind_state(l));
    CHECK(!loop_is_behind(l));
    take_word(d);
    CHECK_INT(d->board.ledger.number, d->board.keeping.applied);
    CHECK_INT(0, l->write_again);
    desk_close(d);
}

/* What is folded while it is written has a bound of its own. */
TEST(loop_keeping_waits_for_the_writer_where_much_was_changed_meanwhile)
{
    struct desk *d = desk_open();
    struct loop *l = &d->loop;

    written = 0;
    CHECK_INT(0, loop_mind_state(l));
    changed = KEEPING_BEHIND - 1;
    CHECK(!loop_is_behind(l));
    changed = KEEPING_BEHIND;
    CHECK(loop_is_behind(l));
    take_word(d);
    CHECK(!loop_is_behind(l));
    desk_close(d);
}

/* The next start folds it again; what was acknowledged is in the journal. */
TEST(loop_keeping_lets_go_of_the_state_when_it_must_stop)
{
    struct desk *d = desk_open();
    struct loop *l = &d->loop;

    written = 0;
    l->stop_by = 5;
    CHECK_INT(0, loop_mind_state(l));
    l->now.steady = 4;
    CHECK(!loop_has_kept(l));
    l->now.steady = 5;
    CHECK(loop_has_kept(l));
    l->now.steady = 4;
    take_word(d);
    CHECK(loop_has_kept(l));
    desk_close(d);
}
