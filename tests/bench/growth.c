/* W5: pushes of 8 producers with a window of 64, on a journal that is short or long, and
   over few or many actions. Each has a ceiling of its own, whose journal begins as a copy
   of the board's, and which is run right after it. */
#include <stdlib.h>

#include "tests/bench/long_board.h"
#include "tests/bench/process.h"
#include "tests/bench/pushing.h"
#include "tests/bench/works.h"
#include "tests/bench/yardstick.h"
#include "tests/t.h"

enum { PRODUCERS = 8, WINDOW = 64 };

enum doer { MAAT, CEILING, DOERS };
static const char *const by[DOERS] = {BY_MAAT, BY_CEILING};

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
    struct yardstick ceilings[SETTINGS];
};

static bool
is_measured(const struct scale *scale, unsigned i)
{
    return scale->full || !settings[i].in_full;
}

/* The one that step k is of; past the last SETTINGS. */
static unsigned
setting_of(const struct scale *scale, unsigned k)
{
    unsigned before = k / DOERS;
    unsigned i = 0;

    while (i < SETTINGS && (!is_measured(scale, i) || before--))
        i++;
    return i;
}

static const char *
name_step(const struct scale *scale, unsigned k)
{
    static char name[FIGURE_TEXT];
    unsigned i = setting_of(scale, k);

    if (i == SETTINGS)
        return NULL;
    (void)snprintf(name, sizeof name, "%s %s", settings[i].name, by[k % DOERS]);
    return name;
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
        struct bench_board *b = &g->boards[i];
        long_board_open(b, settings[i].actions, settings[i].plans, settings[i].entries);
        yardstick_copy_journal(b);
        (void)bench_board_start(b);
        yardstick_start(&g->ceilings[i], b, "ceiling");
    }
    return g;
}

static double
newest(const struct figures *all, const struct subject *of)
{
    const struct figure *f = figures_find(all, of, FIGURE_ACKNOWLEDGED);
    return f->value[f->count - 1];
}

static void
run(void *work, unsigned k, struct figures *out)
{
    struct growth *g = work;
    unsigned i = setting_of(&g->scale, k);
    struct bench_board *b = &g->boards[i];
    const struct yardstick *y = &g->ceilings[i];
    bool ours = k % DOERS == MAAT;
    const struct subject first = {work_growth.name, settings[0].name, BY_MAAT};
    const struct subject of = {work_growth.name, settings[i].name, by[k % DOERS]};
    const struct push push = {.clients = ours ? b->clients : y->clients,
                              .updates = &b->updates,
                              .producers = PRODUCERS,
                              .window = WINDOW,
                              .server = ours ? b->rig->broker->id : y->program->id};

    (void)push_for_a_while(&push, &g->scale, &of, out);
    process_rest(push.server);
    if (ours && i)
        figures_add(out, &of, "of the first", "share", newest(out, &of) / newest(out, &first));
}

static void
close_growth(void *work)
{
    struct growth *g = work;

    for (unsigned i = 0; i < SETTINGS; i++)
        if (g->boards[i].rig) {
            yardstick_stop(&g->ceilings[i]);
            bench_board_stop(&g->boards[i]);
            bench_board_close(&g->boards[i]);
        }
    free(g);
}

const struct work work_growth = {
    .name = "w5",
    .title = "growth",
    .rounds_at_least = 5, /* its figures are as close together as they swing */
    .step = name_step,
    .open = open_growth,
    .run = run,
    .close = close_growth,
};
