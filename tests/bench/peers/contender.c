#include "tests/bench/peers/contender.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "tests/bench/latency.h"
#include "tests/bench/peers/family.h"
#include "tests/bench/peers/load.h"
#include "tests/bench/peers/maat.h"
#include "tests/bench/peers/syncs.h"
#include "tests/t.h"

enum {
    TO_SETTLE = 1000, /* ms at most */
    A_WHILE = 50,
    IDLE = 5,      /* ms that a server which does nothing runs in a while */
    CHECKED = 500, /* ms that syncs are counted */
};

/* --- a peer's works ---------------------------------------------------------------------- */

static bool
push(struct contender *c, const struct step *step, const struct scale *scale, struct figures *out)
{
    const struct subject of = {work_names[W1_PUSH], step->setting, c->name};
    const struct load load = {.producers = step->producers,
                              .window = step->window,
                              .warm_ms = scale->warm_ms,
                              .last_ms = scale->warm_ms + scale->ms};
    struct load_yield yield;

    if (!load_run(c->server, &load, &yield))
        return false;
    figures_add(out, &of, FIGURE_ACKNOWLEDGED, "1/s", (double)yield.acknowledged / yield.seconds);
    figures_add(out, &of, FIGURE_P50, "ms", yield.p50_ms);
    figures_add(out, &of, FIGURE_P99, "ms", yield.p99_ms);
    figures_add(out, &of, FIGURE_SERVER, "us/update", yield.server_us);
    figures_add(out, &of, FIGURE_CLIENT, "us/update", yield.producers_us);
    return true;
}

static bool
follow_with(struct contender *c, struct audience *a, const struct step *step,
            const struct scale *scale, struct figures *out)
{
    const struct subject of = {work_names[W2_FOLLOW], step->setting, c->name};
    const struct load load = {.producers = step->producers,
                              .window = step->window,
                              .audience = a,
                              .warm_ms = scale->warm_ms,
                              .last_ms = scale->warm_ms + scale->ms};
    struct load_yield yield;

    if (!load_run(c->server, &load, &yield) || !audience_wait(a, c->server, yield.sent))
        return false;
    struct heard heard = audience_heard(a);
    figures_add(out, &of, FIGURE_ACKNOWLEDGED, "1/s", (double)yield.acknowledged / yield.seconds);
    figures_add(out, &of, FIGURE_SLOWEST, "1/s", (double)heard.least / yield.seconds);
    figures_add(out, &of, FIGURE_P50, "ms", heard.p50_ms);
    figures_add(out, &of, FIGURE_P99, "ms", heard.p99_ms);
    return true;
}

static bool
follow(struct contender *c, const struct step *step, const struct scale *scale, struct figures *out)
{
    struct audience *a = audience_open(c->server, step->followers);

    if (!a)
        return false;
    bool done = follow_with(c, a, step, scale, out);
    audience_close(&a);
    return done;
}

/* What differs in how updates are sent makes no difference here. */
static bool
gives_the_same(const struct contender *c)
{
    for (const struct peer_setting *s = c->server->peer->settings; s < c->setting; s++)
        if (s->tls == c->setting->tls)
            return true;
    return false;
}

static bool
receive(struct contender *c, struct figures *out)
{
    int64_t rows;

    if (gives_the_same(c))
        return true;
    for (const struct peer_snapshot *way = c->server->peer->snapshots; way->how; way++) {
        const struct subject of = {work_names[W3_RECEIVE], way->how, c->name};
        int64_t begun = latency_now();
        if (!way->take(c->server, &rows))
            return false;
        int64_t took = latency_now() - begun;
        if (rows != PEER_KEYS)
            return server_trouble(c->server, "%s: %" PRId64 " of %d values came", way->how, rows,
                                  PEER_KEYS);
        figures_add(out, &of, FIGURE_RECEIVED, "ms", (double)took / 1000);
    }
    return true;
}

static bool
do_peer(struct contender *c, const struct step *step, const struct scale *scale,
        struct figures *out)
{
    bool (*forget)(struct server *) = c->server->peer->forget;

    c->server->setting = c->setting;
    switch (step->kind) {
    case W1_PUSH: return push(c, step, scale, out) && (!forget || forget(c->server));
    case W2_FOLLOW: return follow(c, step, scale, out) && (!forget || forget(c->server));
    case W3_RECEIVE: return receive(c, out);
    }
    return false;
}

/* It is out; the server's other settings may do better. */
static void
keep_trouble(struct contender *c)
{
    (void)snprintf(c->trouble, sizeof c->trouble, "%s", c->server->trouble);
    c->server->trouble[0] = '\0';
}

/* --- anybody's ------------------------------------------------------------------------------- */

static pid_t
process_of(const struct contender *c)
{
    return c->board ? c->board->rig->broker->id : c->server->id;
}

static const char *
folder_of(const struct contender *c)
{
    return c->board ? rig_path(c->board->rig, "board") : c->server->folder.path;
}

/* What the kernel has yet to write for who does not wait for it. */
static void
write_out(const struct contender *c)
{
    int folder = open(folder_of(c), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    CHECK(folder >= 0);
    (void)syncfs(folder);
    (void)close(folder);
}

/* What it still has to do is not the next one's to wait for, nor is its part of the disk. */
static void
settle(const struct contender *c)
{
    double before = family_cpu(process_of(c));

    write_out(c);
    for (int waited = 0; waited < TO_SETTLE; waited += A_WHILE) {
        (void)poll(NULL, 0, A_WHILE);
        double now = family_cpu(process_of(c));
        if (now - before <= IDLE * 1000)
            return;
        before = now;
    }
}

void
contender_do(struct contender *c, const struct step *step, const struct scale *scale,
             struct figures *out)
{
    if (*c->trouble)
        return;
    if (c->board)
        maat_do(c, step, scale, out);
    else if (!do_peer(c, step, scale, out))
        keep_trouble(c);
    settle(c);
}

static bool
push_alone(struct contender *c, double *p50_ms, int64_t *acknowledged)
{
    const struct load alone = {.producers = 1, .window = 1, .last_ms = CHECKED};
    struct load_yield yield;

    if (c->board) {
        *p50_ms = maat_push_alone(c->board, CHECKED, acknowledged);
        return true;
    }
    c->server->setting = c->setting;
    if (!load_run(c->server, &alone, &yield))
        return false;
    *p50_ms = yield.p50_ms;
    *acknowledged = yield.sent;
    return true;
}

void
contender_check(struct contender *c, struct figures *out)
{
    const struct subject of = {"durable", "1x1", c->name};
    bool each_write = !c->board && c->server->peer->each_write_syncs;
    struct syncs syncs;
    double p50_ms;
    int64_t acknowledged;

    if (*c->trouble || !syncs_begin(&syncs, process_of(c), folder_of(c), each_write))
        return;
    bool done = push_alone(c, &p50_ms, &acknowledged);
    int64_t count = syncs_end(&syncs);
    if (!done) {
        keep_trouble(c);
        return;
    }
    c->checked = true;
    c->syncs = (double)count / (double)(acknowledged ? acknowledged : 1);
    c->durable = count >= acknowledged && (each_write || p50_ms >= SYNC_DELAY);
    figures_add(out, &of, FIGURE_SYNCS, "1/ack", c->syncs);
    figures_add(out, &of, "p50, each sync 20 ms longer", "ms", p50_ms);
}
