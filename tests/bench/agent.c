/* W7: an agency's agent. Its socket with one and with 64 callers, a line each: queued,
   synced. What waits brought to the broker; its ceiling is a bare client that pushes as
   many, with as many on the way and nothing on a disk. And a spool of files of one line
   each. */
#include <poll.h>
#include <stdlib.h>

#include "agents/libmaat/local.h"
#include "tests/bench/agent_calls.h"
#include "tests/bench/bench_board.h"
#include "tests/bench/latency.h"
#include "tests/bench/process.h"
#include "tests/bench/works.h"
#include "tests/t.h"

enum { ACTIONS = 100000, PLANS = 100 };
enum { BACKLOG = 20000, BACKLOG_IN_FULL = 100000, FILES = 2000, FILES_IN_FULL = 50000 };
enum { BETWEEN_TRIES = 2, BACKLOG_CALLERS = 4, BACKLOG_WINDOW = 128, BARE_WINDOW = 64 };

struct bench_agent {
    struct bench_board *board;
    struct rig_program *program;
    char socket[RIG_PATH + 32];
    struct call_lines lines;
};

/* --- the agent ------------------------------------------------------------------------ */

static void
start(struct bench_agent *a)
{
    static const char *const argv[] = {"maat-agent", "run", "--config", "agent.zpl", NULL};

    struct local *local;
    char why[LOCAL_WHY];

    a->program = rig_start(a->board->rig, argv);
    while (local_open(&local, a->socket, why))
        (void)poll(NULL, 0, BETWEEN_TRIES);
    local_close(&local);
}

static void
stop(struct bench_agent *a)
{
    rig_signal(a->program, SIGTERM);
    CHECK_INT(0, rig_wait(a->program));
}

/* With nothing in its outbox yet. */
static void
open_agent(struct bench_agent *a, struct bench_board *b)
{
    char settings[4096];

    *a = (struct bench_agent){.board = b};
    (void)snprintf(a->socket, sizeof a->socket, "%s", rig_path(b->rig, "agent.sock"));
    CHECK_INT(0, rig_run(b->rig, "rm -rf outbox spool && mkdir spool"));
    (void)snprintf(settings, sizeof settings,
                   "key = \"crm-00.zpl\"\noutbox = \"outbox\"\nspool = \"spool\"\n"
                   "socket = \"agent.sock\"\nbroker = \"%s\"\n",
                   b->rig->address);
    rig_write(b->rig, "agent.zpl", settings);
    call_lines_draw(&a->lines, &b->updates);
    start(a);
}

static void
close_agent(struct bench_agent *a)
{
    stop(a);
    call_lines_free(&a->lines);
}

/* --- its socket ------------------------------------------------------------------------ */

static void
call(const struct bench_agent *a, unsigned callers, int64_t ms, const struct subject *of,
     struct figures *out)
{
    const struct calls calls = {.socket = a->socket,
                                .lines = &a->lines,
                                .callers = callers,
                                .window = 1,
                                .last = INT64_MAX,
                                .last_ms = ms};
    double cpu = process_cpu(a->program->id);
    struct yield yield;

    calls_work(&calls, &yield);
    calls_settle(a->socket, &a->lines);
    cpu = process_cpu(a->program->id) - cpu;
    figures_add(out, of, FIGURE_QUEUED, "1/s", (double)yield.acknowledged / yield.seconds);
    figures_add(out, of, FIGURE_P50, "ms", yield.p50_ms);
    figures_add(out, of, FIGURE_P99, "ms", yield.p99_ms);
    figures_add(out, of, FIGURE_SERVER, "us/update", cpu / (double)yield.acknowledged);
}

static double
newest(const struct figures *all, const struct subject *of, const char *name)
{
    const struct figure *f = figures_find(all, of, name);
    return f->value[f->count - 1];
}

static void
run_calls(struct bench_board *b, int64_t ms, struct figures *out)
{
    static const struct subject one = {"w7", "1 caller", BY_MAAT};
    static const struct subject many = {"w7", "64 callers", BY_MAAT};
    struct bench_agent a;

    open_agent(&a, b);
    calls_settle(a.socket, &a.lines);
    call(&a, 1, ms, &one, out);
    call(&a, CALLS_MAX, ms, &many, out);
    figures_add(out, &many, "of one caller", "times",
                newest(out, &many, FIGURE_QUEUED) / newest(out, &one, FIGURE_QUEUED));
    close_agent(&a);
}

/* --- what waits -------------------------------------------------------------------------- */

static void
queue(const struct bench_agent *a, unsigned backlog)
{
    const struct calls calls = {.socket = a->socket,
                                .lines = &a->lines,
                                .callers = BACKLOG_CALLERS,
                                .window = BACKLOG_WINDOW,
                                .last = backlog,
                                .last_ms = INT32_MAX};
    struct yield yield;

    calls_work(&calls, &yield);
    CHECK_INT(backlog, yield.acknowledged);
}

static void
push_bare(struct bench_board *b, unsigned updates, struct figures *out)
{
    static const struct subject of = {"w7", "drain", BY_CEILING};
    const struct production work = {.frame = updates_frame,
                                    .context = &b->updates,
                                    .window = BARE_WINDOW,
                                    .last = updates,
                                    .last_ms = INT32_MAX};
    struct producers *p = producers_open(b->clients, 1, false);
    struct yield yield;

    producers_work(p, &work, NULL, NULL, &yield);
    producers_close(&p);
    figures_add(out, &of, FIGURE_ACKNOWLEDGED, "1/s", updates / yield.seconds);
}

static void
run_drain(struct bench_board *b, unsigned backlog, struct figures *out)
{
    static const struct subject of = {"w7", "drain", BY_MAAT};
    struct bench_agent a;

    open_agent(&a, b);
    bench_board_stop(b);
    queue(&a, backlog);
    stop(&a);
    (void)bench_board_start(b);
    push_bare(b, backlog, out);
    int64_t begun = latency_now();
    start(&a);
    calls_settle(a.socket, &a.lines);
    double took = latency_seconds_since(begun);
    figures_add(out, &of, FIGURE_ACKNOWLEDGED, "1/s", backlog / took);
    figures_add(out, &of, FIGURE_SERVER, "us/update", process_cpu(a.program->id) / backlog);
    close_agent(&a);
}

/* --- its spool --------------------------------------------------------------------------- */

static void
write_files(const struct bench_agent *a, unsigned files)
{
    char path[RIG_PATH + 32];

    for (unsigned i = 0; i < files; i++) {
        (void)snprintf(path, sizeof path, "%s/%05u.jsonl", rig_path(a->board->rig, "spool"), i);
        FILE *out = fopen(path, "we");
        CHECK(out != NULL);
        CHECK(fputs(a->lines.at[i % CALL_LINES], out) >= 0);
        CHECK_INT(0, fclose(out));
    }
}

/* All taken, and its verdict beside each. */
static void
await_results(const struct bench_agent *a, unsigned files)
{
    CHECK_INT(0,
              rig_run(a->board->rig,
                      "until [ $(ls -U spool/taken | wc -l) = %u ]; do sleep 0.05; done", files));
    calls_settle(a->socket, &a->lines);
}

static void
run_spool(struct bench_board *b, unsigned files, struct figures *out)
{
    static const struct subject of = {"w7", "spool", BY_MAAT};
    struct bench_agent a;

    open_agent(&a, b);
    stop(&a);
    write_files(&a, files);
    int64_t begun = latency_now();
    start(&a);
    await_results(&a, files);
    double took = latency_seconds_since(begun);
    figures_add(out, &of, "files", "1/s", files / took);
    figures_add(out, &of, "all of them", "s", took);
    figures_add(out, &of, FIGURE_SERVER, "us/file", process_cpu(a.program->id) / files);
    close_agent(&a);
}

/* --- the work ---------------------------------------------------------------------------- */

struct agent_work {
    struct scale scale;
    struct bench_board board;
    bool has_spooled; /* a year's files: once is enough */
};

static const char *
step(const struct scale *scale, unsigned k)
{
    static const char *const steps[] = {"callers", "drain", "spool"};

    (void)scale;
    return k < sizeof steps / sizeof *steps ? steps[k] : NULL;
}

static void *
open_work(const struct scale *scale)
{
    struct agent_work *w = calloc(1, sizeof *w);

    CHECK(w);
    w->scale = *scale;
    bench_board_open(&w->board, ACTIONS, PLANS);
    return w;
}

static void
run(void *work, unsigned k, struct figures *out)
{
    struct agent_work *w = work;

    switch (k) {
    case 0: run_calls(&w->board, w->scale.ms, out); break;
    case 1: run_drain(&w->board, w->scale.full ? BACKLOG_IN_FULL : BACKLOG, out); break;
    default:
        if (!w->scale.full || !w->has_spooled)
            run_spool(&w->board, w->scale.full ? FILES_IN_FULL : FILES, out);
        w->has_spooled = true;
    }
}

static void
close_work(void *work)
{
    struct agent_work *w = work;

    bench_board_stop(&w->board);
    bench_board_close(&w->board);
    free(w);
}

const struct work work_agent = {
    .name = "w7",
    .title = "an agency's agent",
    .rounds_at_most = 3,
    .step = step,
    .open = open_work,
    .run = run,
    .close = close_work,
};
