/* W1: updates from so many producers, so many of each unacknowledged, over 100,000 actions
   in random order. Each setting by MAAT, by the ceiling, and by an echo of the frames. */
#include <stdlib.h>

#include "tests/bench/pushing.h"
#include "tests/bench/works.h"
#include "tests/bench/yardstick.h"
#include "tests/t.h"

enum { ACTIONS = 100000, PLANS = 100 };

static const struct setting {
    const char *name;
    unsigned producers, window;
} settings[] = {{"1x1", 1, 1}, {"8x1", 8, 1}, {PUSHES_RATIO, 8, 64}, {"64x64", 64, 64}};

enum doer { MAAT, CEILING, ECHO, DOERS };
static const char *const by[DOERS] = {BY_MAAT, BY_CEILING, "echo"};

struct pushes {
    struct scale scale;
    struct bench_board board;
    struct yardstick ceiling, echo;
};

static const char *
step(const struct scale *scale, unsigned k)
{
    static char name[FIGURE_TEXT];

    (void)scale;
    if (k / DOERS >= sizeof settings / sizeof *settings)
        return NULL;
    (void)snprintf(name, sizeof name, "%s %s", settings[k / DOERS].name, by[k % DOERS]);
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
    const struct setting *setting = &settings[k / DOERS];
    enum doer who = k % DOERS;
    const struct subject of = {work_pushes.name, setting->name, by[who]};
    struct push push = {.updates = &p->board.updates,
                        .producers = setting->producers,
                        .window = setting->window,
                        .echoed = who == ECHO};

    if (who == MAAT) {
        push.clients = p->board.clients;
        push.server = p->board.rig->broker->id;
    } else {
        const struct yardstick *y = who == CEILING ? &p->ceiling : &p->echo;
        push.clients = y->clients;
        push.server = y->program->id;
    }
    (void)push_for_a_while(&push, &p->scale, &of, out);
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

const struct work work_pushes = {"w1", "pushes", step, open_pushes, run, close_pushes};
