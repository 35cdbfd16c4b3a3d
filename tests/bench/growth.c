/* W5: pushes of 8 producers with a window of 64, on a journal that is short or long, and
   over few or many actions. The ceiling is that of pushes, once a round: it keeps no
   state, and its journal is as long as it has made it. */
#include <stdlib.h>

#include "tests/bench/long_board.h"
#include "tests/bench/pushing.h"
#include "tests/bench/works.h"
#include "tests/bench/yardstick.h"
#include "tests/t.h"

enum { PRODUCERS = 8, WINDOW = 64 };

/* The first is what the others are compared with. */
static const struct setting {
    const char *name;
    unsigned actions, plans;
    int64_t entries;
    bool in_full; /* alone */
} settings[] = {
    {"10,000 entries", 100000, 1000, 10000, false},
    {"1,000,000 entries", 100000, 1000, 1000000, false},
    {"10,000,000 entries", 100000, 1000, 10000000, true},
    {"1,000 actions", 1000, 10, 10000, false},
    {"1,000,000 actions", 1000000, 1000, 10000, true},
};
enum { SETTINGS = sizeof settings / sizeof *settings };

struct growth {
    struct scale scale;
    struct bench_board boards[SETTINGS];
    struct yardstick ceiling;
};

static bool
is_measured(const struct scale *scale, unsigned k)
{
    return scale->full || !settings[k].in_full;
}

/* The one that step k is of; SETTINGS: the ceiling, and past it nothing. */
static unsigned
setting_of(const struct scale *scale, unsigned k)
{
    for (unsigned i = 0; i < SETTINGS; i++)
        if (is_measured(scale, i) && k-- == 0)
            return i;
    return SETTINGS + k;
}

static const char *
step(const struct scale *scale, unsigned k)
{
    unsigned setting = setting_of(scale, k);

    return setting < SETTINGS ? settings[setting].name : setting == SETTINGS ? BY_CEILING : NULL;
}

static void *
open_growth(const struct scale *scale)
{
    struct growth *g = calloc(1, sizeof *g);

    CHECK(g);
    g->scale = *scale;
    for (unsigned i = 0; i < SETTINGS; i++) {
        if (!is_measured(scale, i))
            continue;
        long_board_open(&g->boards[i], settings[i].actions, settings[i].plans, settings[i].entries);
        (void)bench_board_start(&g->boards[i]);
    }
    yardstick_start(&g->ceiling, &g->boards[0], "ceiling");
    return g;
}

static double
newest(const struct figures *all, const struct subject *of)
{
    const struct figure *f = figures_find(all, of, FIGURE_ACKNOWLEDGED);
    return f->value[f->count - 1];
}

static void
run_ceiling(struct growth *g, struct figures *out)
{
    static const struct subject alone = {"w5", "the ceiling's own", BY_CEILING};
    const struct push push = {.clients = g->ceiling.clients,
                              .updates = &g->boards[0].updates,
                              .producers = PRODUCERS,
                              .window = WINDOW,
                              .server = g->ceiling.program->id};

    (void)push_for_a_while(&push, &g->scale, &alone, out);
    for (unsigned i = 0; i < SETTINGS; i++) {
        const struct subject of = {work_growth.name, settings[i].name, BY_CEILING};
        if (is_measured(&g->scale, i))
            figures_add(out, &of, FIGURE_ACKNOWLEDGED, "1/s", newest(out, &alone));
    }
}

static void
run(void *work, unsigned k, struct figures *out)
{
    struct growth *g = work;
    unsigned setting = setting_of(&g->scale, k);

    if (setting == SETTINGS) {
        run_ceiling(g, out);
        return;
    }
    struct bench_board *b = &g->boards[setting];
    const struct subject first = {work_growth.name, settings[0].name, BY_MAAT};
    const struct subject of = {work_growth.name, settings[setting].name, BY_MAAT};
    const struct push push = {.clients = b->clients,
                              .updates = &b->updates,
                              .producers = PRODUCERS,
                              .window = WINDOW,
                              .server = b->rig->broker->id};
    (void)push_for_a_while(&push, &g->scale, &of, out);
    if (setting)
        figures_add(out, &of, "of the first", "share", newest(out, &of) / newest(out, &first));
}

static void
close_growth(void *work)
{
    struct growth *g = work;

    yardstick_stop(&g->ceiling);
    for (unsigned i = 0; i < SETTINGS; i++)
        if (g->boards[i].rig) {
            bench_board_stop(&g->boards[i]);
            bench_board_close(&g->boards[i]);
        }
    free(g);
}

const struct work work_growth = {
    .name = "w5",
    .title = "growth",
    .step = step,
    .open = open_growth,
    .run = run,
    .close = close_growth,
};
