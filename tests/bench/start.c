/* W8: how long until a broker with a long journal is ready: after a clean stop, and after
   it was killed at work. */
#include <stdlib.h>

#include "tests/bench/long_board.h"
#include "tests/bench/works.h"
#include "tests/t.h"

enum { ACTIONS = 100000, PLANS = 1000, PRODUCERS = 8, WINDOW = 64 };
enum { ENTRIES = 1000000, ENTRIES_IN_FULL = 10000000 };

enum step { CLEAN, KILLED, STEPS };

struct start {
    struct scale scale;
    struct bench_board board;
};

static const char *
step(const struct scale *scale, unsigned k)
{
    static const char *const in_short[STEPS] = {"clean, 1,000,000", "killed, 1,000,000"};
    static const char *const in_full[STEPS] = {"clean, 10,000,000", "killed, 10,000,000"};

    return k < STEPS ? (scale->full ? in_full : in_short)[k] : NULL;
}

static void *
open_start(const struct scale *scale)
{
    struct start *s = calloc(1, sizeof *s);

    CHECK(s);
    s->scale = *scale;
    long_board_open(&s->board, ACTIONS, PLANS, scale->full ? ENTRIES_IN_FULL : ENTRIES);
    (void)bench_board_start(&s->board);
    return s;
}

/* As soon as what was sent is acknowledged, and before the state has followed. */
static void
push_and_kill(struct start *s)
{
    struct bench_board *b = &s->board;
    const struct production work = {.frame = updates_frame,
                                    .context = &b->updates,
                                    .window = WINDOW,
                                    .last = INT64_MAX,
                                    .last_ms = s->scale.ms};
    struct producers *p = producers_open(b->clients, PRODUCERS, false);
    struct yield yield;

    producers_work(p, &work, NULL, NULL, &yield);
    rig_signal(b->rig->broker, SIGKILL);
    CHECK_INT(-SIGKILL, rig_wait(b->rig->broker));
    producers_close(&p);
}

static void
run(void *work, unsigned k, struct figures *out)
{
    struct start *s = work;
    const struct subject of = {work_start.name, step(&s->scale, k), BY_MAAT};

    if (k == CLEAN)
        bench_board_stop(&s->board);
    else
        push_and_kill(s);
    figures_add(out, &of, "ready", "s", bench_board_start(&s->board));
}

static void
close_start(void *work)
{
    struct start *s = work;

    bench_board_stop(&s->board);
    bench_board_close(&s->board);
    free(s);
}

const struct work work_start = {
    .name = "w8",
    .title = "start",
    .rounds_at_most = 3,
    .step = step,
    .open = open_start,
    .run = run,
    .close = close_start,
};
