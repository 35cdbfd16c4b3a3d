#include "tests/bench/agent.h"

#include <poll.h>
#include <stdlib.h>
#include <time.h>

#include "agents/libmaat/local.h"
#include "tests/bench/agent_calls.h"
#include "tests/t.h"

enum { BETWEEN_TRIES = 2, BACKLOG_CALLERS = 4, BACKLOG_WINDOW = 128, BARE_WINDOW = 64 };

struct bench_agent {
    struct bench_board *board;
    struct rig_program *program;
    char socket[RIG_PATH + 32];
    struct call_lines lines;
};

static double
now(void)
{
    struct timespec ts;
    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

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
                   "key = \"agency-0.zpl\"\noutbox = \"outbox\"\nspool = \"spool\"\n"
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
call(struct figures *all, const struct bench_agent *a, const char *subject, unsigned callers,
     int64_t ms)
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
    figures_add(all, subject, "queued", "1/s", (double)yield.acknowledged / yield.seconds);
    figures_add(all, subject, "p50", "ms", yield.p50_ms);
    figures_add(all, subject, "p99", "ms", yield.p99_ms);
    figures_add(all, subject, "agent's time", "us/update", cpu / (double)yield.acknowledged);
}

void
agent_calls(struct figures *all, struct bench_board *b, int64_t ms)
{
    struct bench_agent a;

    open_agent(&a, b);
    calls_settle(a.socket, &a.lines);
    call(all, &a, "agent, 1 caller", 1, ms);
    call(all, &a, "agent, 64 callers", CALLS_MAX, ms);
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

/* One producer without an outbox on disk. */
static void
push_bare(struct figures *all, struct bench_board *b, unsigned updates)
{
    const struct work work = {.frame = updates_frame,
                              .context = &b->updates,
                              .window = BARE_WINDOW,
                              .last = updates,
                              .last_ms = INT32_MAX};
    struct producers *p = producers_open(b->clients, 1, false);
    struct yield yield;

    producers_work(p, &work, NULL, NULL, &yield);
    producers_close(&p);
    figures_add(all, "bare client, window 64", "acknowledged", "1/s", updates / yield.seconds);
}

void
agent_drain(struct figures *all, struct bench_board *b, unsigned backlog)
{
    struct bench_agent a;

    open_agent(&a, b);
    bench_board_stop(b);
    queue(&a, backlog);
    stop(&a);
    (void)bench_board_start(b);
    push_bare(all, b, backlog);
    double begun = now();
    start(&a);
    calls_settle(a.socket, &a.lines);
    double took = now() - begun;
    figures_add(all, "agent, drain", "acknowledged", "1/s", backlog / took);
    figures_add(all, "agent, drain", "agent's time", "us/update",
                process_cpu(a.program->id) / backlog);
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

void
agent_spool(struct figures *all, struct bench_board *b, unsigned files)
{
    struct bench_agent a;

    open_agent(&a, b);
    stop(&a);
    write_files(&a, files);
    double begun = now();
    start(&a);
    await_results(&a, files);
    double took = now() - begun;
    figures_add(all, "agent, spool", "files", "1/s", files / took);
    figures_add(all, "agent, spool", "a file", "us", took * 1e6 / files);
    figures_add(all, "agent, spool", "agent's time", "us/file", process_cpu(a.program->id) / files);
    close_agent(&a);
}

void
agent_compare(struct figures *all)
{
    figures_add(all, "agent, 64 callers", "to one", "times",
                figures_median(all, "agent, 64 callers", "queued")
                    / figures_median(all, "agent, 1 caller", "queued"));
    figures_add(all, "agent, drain", "of the bare client", "share",
                figures_median(all, "agent, drain", "acknowledged")
                    / figures_median(all, "bare client, window 64", "acknowledged"));
}

TEST(agent)
{
    int64_t rounds = bench_setting("ROUNDS", 3);
    int64_t ms = bench_setting("MILLISECONDS", 2000);
    unsigned backlog = (unsigned)bench_setting("BACKLOG", 100000);
    unsigned files = (unsigned)bench_setting("FILES", 5000);
    struct figures *all = calloc(1, sizeof *all);
    struct bench_board b;

    CHECK(all && rounds > 0 && rounds <= ROUNDS_MAX && ms > 0);
    bench_board_open(&b, (unsigned)bench_setting("ACTIONS", 100000), 100, 256);
    for (int64_t round = 0; round < rounds; round++) {
        if (ms > 1)
            agent_calls(all, &b, ms);
        if (backlog)
            agent_drain(all, &b, backlog);
        if (files)
            agent_spool(all, &b, files);
    }
    figures_print(all);
    bench_board_stop(&b);
    bench_board_close(&b);
    free(all);
}
