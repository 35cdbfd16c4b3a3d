/* W6: what the broker needs with 100,000 actions and 1,000 connected clients, of whom 100
   follow every entry while pushes run at full rate: memory, its own and that of pages of
   files; and bytes on the disk for each update. */
#include <stdlib.h>

#include "tests/bench/bench_board.h"
#include "tests/bench/followers.h"
#include "tests/bench/idlers.h"
#include "tests/bench/process.h"
#include "tests/bench/works.h"
#include "tests/caller.h"
#include "tests/t.h"

enum { ACTIONS = 100000, PLANS = 100, WINDOW = 64, PUSHING = 8, CONNECTED = 1000 };

static const struct subject of = {"w6", "1,000 connected", BY_MAAT};

struct memory {
    struct scale scale;
    struct bench_board board;
    struct identity lead;
};

struct watched {
    struct watched_followers following;
    struct idlers *idlers;
};

static void
watch(void *context, bool end)
{
    struct watched *w = context;

    followers_watch(&w->following, end);
    idlers_watch(w->idlers, !end);
}

static const char *
step(const struct scale *scale, unsigned k)
{
    (void)scale;
    return k == 0 ? "1,000 connected" : NULL;
}

static void *
open_memory(const struct scale *scale)
{
    struct memory *m = calloc(1, sizeof *m);

    CHECK(m);
    m->scale = *scale;
    bench_board_open(&m->board, ACTIONS, PLANS);
    caller_identity(m->board.rig, "board/lead.zpl", &m->lead);
    return m;
}

static double
bytes_on_disk(const struct memory *m)
{
    CHECK_INT(0, rig_run(m->board.rig, "du -s -B1 board | cut -f1"));
    return (double)strtoll(m->board.rig->output, NULL, 10);
}

static void
push(struct memory *m, struct watched *w, struct producers *p, struct figures *out)
{
    static struct sent sent;
    const struct production work = {.frame = updates_frame,
                                    .context = &m->board.updates,
                                    .window = WINDOW,
                                    .last = INT64_MAX,
                                    .sent = &sent,
                                    .warm_ms = m->scale.warm_ms,
                                    .last_ms = m->scale.warm_ms + m->scale.ms};
    const struct subscribe said = {.has.want = 1, .want = WANT_ENTRIES};
    double before = bytes_on_disk(m);
    struct yield yield;

    w->following.followers = followers_open(&m->lead, FOLLOWERS_MAX, &said, &sent);
    producers_work(p, &work, watch, w, &yield);
    struct followed told = followers_yield(w->following.followers);
    followers_wait(w->following.followers, bench_board_newest(&m->board));
    CHECK_INT(producers_acknowledged(p), followers_entries(w->following.followers));
    followers_close(&w->following.followers);
    figures_add(out, &of, FIGURE_ACKNOWLEDGED, "1/s", (double)yield.acknowledged / yield.seconds);
    figures_add(out, &of, "delivered", "1/s", (double)told.entries / yield.seconds);
    figures_add(out, &of, "bytes on disk", "bytes/update",
                (bytes_on_disk(m) - before) / (double)producers_acknowledged(p));
}

static void
run(void *work, unsigned k, struct figures *out)
{
    struct memory *m = work;
    pid_t broker = m->board.rig->broker->id;
    struct watched w = {.following = {.broker = broker}};

    (void)k;
    figures_add(out, &of, "own memory, nobody there", "MiB", process_memory(broker).own);
    struct producers *p = producers_open(m->board.clients, PUSHING, false);
    w.idlers = idlers_open(&m->lead, CONNECTED - FOLLOWERS_MAX - PUSHING, broker);
    figures_add(out, &of, "own memory, 900 idle", "MiB", process_memory(broker).own);
    push(m, &w, p, out);
    figures_add(out, &of, "own memory at most", "MiB", idlers_most(w.idlers));
    figures_add(out, &of, "pages of files", "MiB", process_memory(broker).mapped);
    idlers_close(&w.idlers);
    producers_close(&p);
}

static void
close_memory(void *work)
{
    struct memory *m = work;

    identity_wipe(&m->lead);
    bench_board_stop(&m->board);
    bench_board_close(&m->board);
    free(m);
}

const struct work work_memory = {"w6", "memory and disk", step, open_memory, run, close_memory};
