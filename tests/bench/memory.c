/* W6: the broker's own memory with 100,000 actions and 1,000 connected clients, 100 of
   them following every entry while pushes run at full rate. */
#include <stdlib.h>

#include "tests/bench/bench_board.h"
#include "tests/bench/figures.h"
#include "tests/bench/followers.h"
#include "tests/bench/idlers.h"
#include "tests/caller.h"
#include "tests/t.h"

enum { WINDOW = 64, BROKER_WINDOW = 256, WARM_MS = 500, CONNECTED = 1000 };

struct watched {
    struct watched_followers followers;
    struct idlers *idlers;
};

static void
watch(void *context, bool end)
{
    struct watched *w = context;

    followers_watch(&w->followers, end);
    idlers_watch(w->idlers, !end);
}

static void
run(struct figures *all, struct bench_board *b, int64_t ms)
{
    static struct sent sent;
    struct identity lead;
    const struct subscribe said = {.has.want = 1, .want = WANT_ENTRIES};
    const struct work work = {.frame = updates_frame,
                              .context = &b->updates,
                              .window = WINDOW,
                              .last = INT64_MAX,
                              .sent = &sent,
                              .warm_ms = WARM_MS,
                              .last_ms = WARM_MS + ms};
    pid_t broker = b->rig->broker->id;
    struct watched w = {.followers = {.broker = broker}};
    struct yield yield;

    caller_identity(b->rig, "board/lead.zpl", &lead);
    figures_add(all, "memory", "alone", "MiB", process_memory(broker));
    struct producers *p = producers_open(b->clients, PRODUCERS_MAX, false);
    w.idlers = idlers_open(&lead, CONNECTED - FOLLOWERS_MAX - PRODUCERS_MAX, broker);
    figures_add(all, "memory", "with idlers", "MiB", process_memory(broker));
    w.followers.followers = followers_open(&lead, FOLLOWERS_MAX, &said, &sent);
    figures_add(all, "memory", "with followers", "MiB", process_memory(broker));
    producers_work(p, &work, watch, &w, &yield);
    struct followed told = followers_yield(w.followers.followers);
    followers_wait(w.followers.followers, bench_board_newest(b));
    CHECK_INT(producers_acknowledged(p), followers_entries(w.followers.followers));
    figures_add(all, "memory", "at most", "MiB", idlers_most(w.idlers));
    figures_add(all, "memory", "afterwards", "MiB", process_memory(broker));
    figures_add(all, "memory", "acknowledged", "1/s", (double)yield.acknowledged / yield.seconds);
    figures_add(all, "memory", "delivered", "1/s", (double)told.entries / yield.seconds);
    figures_add(all, "memory", "follower p50", "ms", told.p50_ms);
    followers_close(&w.followers.followers);
    idlers_close(&w.idlers);
    producers_close(&p);
    identity_wipe(&lead);
}

TEST(spine_memory)
{
    int64_t rounds = bench_setting("ROUNDS", 3);
    int64_t ms = bench_setting("MILLISECONDS", 3000);
    struct figures *all = calloc(1, sizeof *all);
    struct bench_board b;

    CHECK(all && rounds > 0 && rounds <= ROUNDS_MAX && ms > 0);
    bench_board_open(&b, (unsigned)bench_setting("ACTIONS", 100000), 100, BROKER_WINDOW);
    for (int64_t round = 0; round < rounds; round++)
        run(all, &b, ms);
    figures_print(all);
    bench_board_stop(&b);
    bench_board_close(&b);
    free(all);
}
