/* W1: updates from so many producers, so many of each unacknowledged, over 100,000 actions
   in random order. Each setting by MAAT and by the ceiling; one of them by an echo of the frames
   too, which is what the wire alone would let through. */
#include <stdlib.h>

#include "tests/bench/process.h"
#include "tests/bench/pushing.h"
#include "tests/bench/works.h"
#include "tests/bench/yardstick.h"
#include "tests/t.h"

enum { ACTIONS = 100000, PLANS = 100 };

enum doer { MAAT, CEILING, ECHO, DOERS };
static const char *const by[DOERS] = {BY_MAAT, BY_CEILING, "echo"};

/* clang-format off */
static const struct step {
    const char *setting;
    unsigned producers, window;
    enum doer who;
} steps[] = {
    {"1x1",         1,  1, MAAT}, {"1x1",         1,  1, CEILING},
    {"8x1",         8,  1, MAAT}, {"8x1",         8,  1, CEILING},
    {PUSHES_RATIO,  8, 64, MAAT}, {PUSHES_RATIO,  8, 64, CEILING}, {PUSHES_RATIO, 8, 64, ECHO},
    {"64x64",      64, 64, MAAT}, {"64x64",      64, 64, CEILING},
};
/* clang-format on */

struct pushes {
    struct scale scale;
    struct bench_board board;
    struct yardstick ceiling, echo;
};

static const char *
name_step(const struct scale *scale, unsigned k)
{
    static char name[FIGURE_TEXT];

    (void)scale;
    if (k >= sizeof steps / sizeof *steps)
        return NULL;
    (void)snprintf(name, sizeof name, "%s %s", steps[k].setting, by[steps[k].who]);
    return name;
}

static void *
open_pushes(const struct scale *scale)
{
    struct pushes *p = calloc(1, sizeof *p);

    CHECK(p);
    p->scale = *scale;
    bench_board_open(&p->board, ACTIONS, PLANS);
    yardstick_start(&p->ceiling, &p->board, "ceiling");
    yardstick_start(&p->echo, &p->board, "echo");
    return p;
}

static void
run(void *work, unsigned k, struct figures *out)
{
    struct pushes *p = work;
    const struct step *step = &steps[k];
    const struct subject of = {work_pushes.name, step->setting, by[step->who]};
    struct push push = {.updates = &p->board.updates,
                        .producers = step->producers,
                        .window = step->window,
                        .echoed = step->who == ECHO};

    if (step->who == MAAT) {
        push.clients = p->board.clients;
        push.server = p->board.rig->broker->id;
    } else {
        const struct yardstick *y = step->who == CEILING ? &p->ceiling : &p->echo;
        push.clients = y->clients;
        push.server = y->program->id;
    }
    (void)push_for_a_while(&push, &p->scale, &of, out);
    process_rest(push.server);
}

static void
close_pushes(void *work)
{
    struct pushes *p = work;

    yardstick_stop(&p->ceiling);
    yardstick_stop(&p->echo);
    bench_board_stop(&p->board);
    bench_board_close(&p->board);
    free(p);
}

const struct work work_pushes = {
    .name = "w1",
    .title = "pushes",
    .step = name_step,
    .open = open_pushes,
    .run = run,
    .close = close_pushes,
};
