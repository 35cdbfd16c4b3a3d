/* `make bench-spine`: updates a second through the whole spine, beside what bounds
   it, in turn and in one run, since the machine is not the same from one minute
   to the next. ROUNDS and MILLISECONDS in the environment change how long. */
#include <stdlib.h>
#include <unistd.h>

#include "tests/bench/bench_board.h"
#include "tests/bench/bench_journal.h"
#include "tests/bench/echo.h"
#include "tests/bench/figures.h"
#include "tests/t.h"

enum { WINDOW = 64, BROKER_WINDOW = 256, WARM_MS = 500 };

/* --- the spine ------------------------------------------------------------------------ */

struct watched {
    pid_t id;
    double peer, producers; /* time when counting began, then what was used */
    double memory;
};

static void
watch(void *context, bool end)
{
    struct watched *w = context;

    w->peer = process_cpu(w->id) - w->peer;
    w->producers = process_cpu(getpid()) - w->producers;
    if (end)
        w->memory = process_memory(w->id);
}

/* On a machine that others use too, times say more than rates. */
static void
add_yield(struct figures *all, const char *subject, const struct yield *yield,
          const struct watched *w)
{
    double count = (double)yield->acknowledged;

    figures_add(all, subject, "acknowledged", "1/s", (double)yield->acknowledged / yield->seconds);
    figures_add(all, subject, "latency p50", "ms", yield->p50_ms);
    figures_add(all, subject, "latency p99", "ms", yield->p99_ms);
    figures_add(all, subject, "its time", "us/update", w->peer / count);
    figures_add(all, subject, "producers' time", "us/update", w->producers / count);
    figures_add(all, subject, "both", "us/update", (w->peer + w->producers) / count);
}

/* Returns how many updates were acknowledged. */
static int64_t
run_spine(struct figures *all, const char *subject, struct bench_board *b, int64_t ms)
{
    struct watched w = {.id = b->rig->broker->id};
    const struct work work = {.frame = updates_frame,
                              .context = &b->updates,
                              .window = WINDOW,
                              .last = INT64_MAX,
                              .warm_ms = WARM_MS,
                              .last_ms = WARM_MS + ms};
    struct producers *p = producers_open(b->clients, PRODUCERS_MAX, false);
    struct yield yield;

    producers_work(p, &work, watch, &w, &yield);
    int64_t acknowledged = producers_acknowledged(p);
    producers_close(&p);
    add_yield(all, subject, &yield, &w);
    figures_add(all, subject, "its memory", "MiB", w.memory);
    return acknowledged;
}

/* --- its bounds ------------------------------------------------------------------------- */

/* The same keys and frames, but to the echo. */
static void
run_echo(struct figures *all, const struct echo *echo, struct bench_board *b, int64_t ms)
{
    struct identity clients[PRODUCERS_MAX];
    const struct work work = {.frame = updates_frame,
                              .context = &b->updates,
                              .window = WINDOW,
                              .last = INT64_MAX,
                              .warm_ms = WARM_MS,
                              .last_ms = WARM_MS + ms};
    struct watched w = {.id = echo->id};
    struct yield yield;

    for (int i = 0; i < PRODUCERS_MAX; i++) {
        clients[i] = b->clients[i];
        memcpy(clients[i].server, echo->place.server, CURVE_KEY);
        memcpy(clients[i].address[0], echo->place.address[0], sizeof clients[i].address[0]);
    }
    struct producers *p = producers_open(clients, PRODUCERS_MAX, true);
    producers_work(p, &work, watch, &w, &yield);
    producers_close(&p);
    add_yield(all, "echo", &yield, &w);
}

static void
run_journals(struct figures *all, const struct bench_board *b, int64_t ms)
{
    static const unsigned batches[] = {64, 256, 512};

    for (size_t i = 0; i < sizeof batches / sizeof *batches; i++) {
        char what[FIGURE_NAME];
        (void)snprintf(what, sizeof what, "in batches of %u", batches[i]);
        figures_add(all, "journal alone", what, "1/s",
                    bench_journal(rig_path(b->rig, "journal"), &b->updates, batches[i], ms));
        CHECK_INT(0, rig_run(b->rig, "rm -r journal"));
    }
}

/* --- starting again ------------------------------------------------------------------------ */

/* The state is folded anew from the whole journal; and then nothing may be wrong. */
static void
run_refold(struct figures *all, struct bench_board *b, int64_t acknowledged)
{
    char count[64];

    bench_board_stop(b);
    double as_it_is = bench_board_start(b);
    bench_board_stop(b);
    CHECK_INT(0, rig_run(b->rig, "rm -r board/state"));
    double anew = bench_board_start(b);
    figures_add(all, "start", "with its state", "s", as_it_is);
    figures_add(all, "start", "without", "s", anew);
    figures_add(all, "start", "memory after", "MiB", process_memory(b->rig->broker->id));
    bench_board_stop(b);
    CHECK_INT(0, rig_run(b->rig, "maat-broker verify board"));
    printf("%s", b->rig->output);
    (void)snprintf(count, sizeof count, "progress  %" PRId64 "\n", acknowledged);
    CHECK(strstr(b->rig->output, count));
    CHECK(strstr(b->rig->output, "state       equals refold"));
    int64_t entries = strtoll(b->rig->output + strlen("entries"), NULL, 10);
    figures_add(all, "refold", "of the journal", "1/s", (double)entries / (anew - as_it_is));
}

/* By rate; and by time, which is the rate's share where nothing but the processors
   is waited for. */
static void
compare(struct figures *all, const char *subject)
{
    figures_add(all, subject, "of the echo", "share",
                figures_median(all, subject, "acknowledged")
                    / figures_median(all, "echo", "acknowledged"));
    figures_add(all, subject, "of the echo by time", "share",
                figures_median(all, "echo", "both") / figures_median(all, subject, "both"));
}

TEST(spine)
{
    int64_t rounds = bench_setting("ROUNDS", 3);
    int64_t ms = bench_setting("MILLISECONDS", 3000);
    struct figures *all = calloc(1, sizeof *all);
    struct bench_board small;
    struct bench_board large;
    struct echo echo;
    int64_t acknowledged = 0;

    CHECK(all && rounds > 0 && rounds <= ROUNDS_MAX && ms > 0);
    echo_start(&echo);
    bench_board_open(&small, 1000, 10, BROKER_WINDOW);
    bench_board_open(&large, 100000, 100, BROKER_WINDOW);
    for (int64_t round = 0; round < rounds; round++) {
        (void)run_spine(all, "spine 1,000", &small, ms);
        acknowledged += run_spine(all, "spine 100,000", &large, ms);
        run_echo(all, &echo, &large, ms / 2);
        run_journals(all, &large, ms / 4);
    }
    run_refold(all, &large, acknowledged);
    compare(all, "spine 1,000");
    compare(all, "spine 100,000");
    figures_print(all);
    echo_stop(&echo);
    bench_board_stop(&small);
    bench_board_close(&small);
    bench_board_close(&large);
    free(all);
}
