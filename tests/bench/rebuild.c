/* W4: what a journal gives back: an action as it was in the middle of it, asked of a broker
   that has just been started, so that nothing of the past is at hand; the state rebuilt
   from it; all of it verified. In the long form a plan has as much of a past in the longer
   journal as in the shorter: there are more plans. */
#include <stdlib.h>

#include "schema/days.h"
#include "tests/bench/latency.h"
#include "tests/bench/long_board.h"
#include "tests/bench/process.h"
#include "tests/bench/works.h"
#include "tests/caller.h"
#include "tests/t.h"

enum { ACTIONS = 100000 };

static const struct setting {
    const char *name;
    int64_t entries;
    unsigned plans;
} in_short[] = {{"100,000 entries", 100000, 100}, {"300,000 entries", 300000, 100}},
  in_full[] = {{"1,000,000 entries", 1000000, 100}, {"10,000,000 entries", 10000000, 1000}};
enum { SETTINGS = sizeof in_short / sizeof *in_short };

struct rebuild {
    const struct setting *settings;
    struct bench_board boards[SETTINGS];
    unsigned asked; /* plans, each once */
};

static const struct setting *
settings_of(const struct scale *scale)
{
    return scale->full ? in_full : in_short;
}

static const char *
step(const struct scale *scale, unsigned k)
{
    return k < SETTINGS ? settings_of(scale)[k].name : NULL;
}

static void *
open_rebuild(const struct scale *scale)
{
    struct rebuild *r = calloc(1, sizeof *r);

    CHECK(r);
    r->settings = settings_of(scale);
    for (unsigned i = 0; i < SETTINGS; i++)
        long_board_open(&r->boards[i], ACTIONS, r->settings[i].plans, r->settings[i].entries);
    return r;
}

/* An action of a plan that nobody has asked for: how long until it is told, and how long
   for each of the plan's entries until then. */
static void
run_as_at(struct rebuild *r, unsigned k, const struct subject *of, struct figures *out)
{
    struct bench_board *b = &r->boards[k];
    unsigned plans = r->settings[k].plans;
    unsigned plan = r->asked++ % plans;
    double of_plan = (ACTIONS + (double)r->settings[k].entries / 2) / plans;
    char action[ACTION_ID];
    char day[DAY_TEXT];
    struct caller *lead = caller_open(b->rig, "board/lead.zpl");

    updates_action(&b->updates, plan * (ACTIONS / plans), action);
    day_format(b->updates.today - LONG_BOARD_DAYS / 2, day);
    int64_t begun = latency_now();
    const char *answer =
        caller_ask(lead, "{'id': 1, 'what': 'show', 'action': '%s', 'as_at': '%s'}", action, day);
    double took = latency_seconds_since(begun);
    if (!strstr(answer, action))
        FAIL_WITH("%s as at %s: %s", action, day, answer);
    figures_add(out, of, "as at a past day", "ms", took * 1e3);
    figures_add(out, of, "as at, of the plan", "us/entry", took * 1e6 / of_plan);
    caller_close(&lead);
}

static void
run_rebuild(struct bench_board *b, double with_state, const struct subject *of, struct figures *out)
{
    int64_t entries = bench_board_newest(b);

    bench_board_stop(b);
    CHECK_INT(0, rig_run(b->rig, "rm -r board/state"));
    double without = bench_board_start(b);
    figures_add(out, of, "rebuilt", "entries/s", (double)entries / (without - with_state));
    figures_add(out, of, "own memory after it", "MiB", process_memory(b->rig->broker->id).own);
    bench_board_stop(b);
}

static void
run_verify(struct bench_board *b, const struct subject *of, struct figures *out)
{
    int64_t begun = latency_now();

    CHECK_INT(0, rig_run(b->rig, "maat-broker verify board"));
    double took = latency_seconds_since(begun);
    CHECK(strstr(b->rig->output, "state       equals refold"));
    int64_t entries = strtoll(b->rig->output + strlen("entries"), NULL, 10);
    figures_add(out, of, "verified", "entries/s", (double)entries / took);
}

static void
run(void *work, unsigned k, struct figures *out)
{
    struct rebuild *r = work;
    struct bench_board *b = &r->boards[k];
    const struct subject of = {work_rebuild.name, r->settings[k].name, BY_MAAT};

    double with_state = bench_board_start(b);
    run_as_at(r, k, &of, out);
    run_rebuild(b, with_state, &of, out);
    run_verify(b, &of, out);
}

static void
close_rebuild(void *work)
{
    struct rebuild *r = work;

    for (unsigned i = 0; i < SETTINGS; i++)
        bench_board_close(&r->boards[i]);
    free(r);
}

const struct work work_rebuild = {
    .name = "w4",
    .title = "rebuilding",
    .rounds_at_most = 3,
    .step = step,
    .open = open_rebuild,
    .run = run,
    .close = close_rebuild,
};
