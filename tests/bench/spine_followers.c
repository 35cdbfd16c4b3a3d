/* The spine with followers: `make bench-spine`. Eight producers with a window of 64, as
   in spine.c, and none, 8 and 64 board leads who follow every entry, in turn; and a
   paced run that tells how soon a follower hears of an update when nothing is in a
   hurry. */
#include <stdlib.h>
#include <unistd.h>

#include "tests/bench/bench_board.h"
#include "tests/bench/figures.h"
#include "tests/bench/followers.h"
#include "tests/caller.h"
#include "tests/t.h"

enum { WINDOW = 64, BROKER_WINDOW = 256, WARM_MS = 500, PACE = 2000 };

static void
add_followed(struct figures *all, const char *subject, struct followers *f, double seconds)
{
    struct followed told = followers_yield(f);

    figures_add(all, subject, "delivered", "1/s", (double)told.entries / seconds);
    figures_add(all, subject, "delivered bytes", "MB/s", (double)told.bytes / seconds / 1e6);
    figures_add(all, subject, "follower p50", "ms", told.p50_ms);
    figures_add(all, subject, "follower p99", "ms", told.p99_ms);
}

/* Every follower must have been told of every entry, once. */
static void
run(struct figures *all, const char *subject, struct bench_board *b, unsigned followers,
    enum feed_want want, int64_t pace, int64_t ms)
{
    static struct sent sent;
    struct identity lead;
    const struct subscribe said = {.has.want = 1, .want = want};
    const struct work work = {.frame = updates_frame,
                              .context = &b->updates,
                              .window = WINDOW,
                              .last = INT64_MAX,
                              .sent = &sent,
                              .a_second = pace,
                              .warm_ms = WARM_MS,
                              .last_ms = WARM_MS + ms};
    struct watched_followers c = {.broker = b->rig->broker->id};
    struct yield yield;

    caller_identity(b->rig, "board/lead.zpl", &lead);
    struct producers *p = producers_open(b->clients, PRODUCERS_MAX, false);
    if (followers)
        c.followers = followers_open(&lead, followers, &said, &sent);
    producers_work(p, &work, followers_watch, &c, &yield);
    figures_add(all, subject, "acknowledged", "1/s", (double)yield.acknowledged / yield.seconds);
    figures_add(all, subject, "ack p50", "ms", yield.p50_ms);
    figures_add(all, subject, "ack p99", "ms", yield.p99_ms);
    figures_add(all, subject, "broker's time", "us/update", c.cpu / (double)yield.acknowledged);
    if (c.followers) {
        followers_wait(c.followers, bench_board_newest(b));
        if (want != WANT_ROWS)
            CHECK_INT(producers_acknowledged(p), followers_entries(c.followers));
        add_followed(all, subject, c.followers, yield.seconds);
        followers_close(&c.followers);
    }
    figures_add(all, subject, "memory", "MiB", process_memory(c.broker));
    producers_close(&p);
    identity_wipe(&lead);
}

TEST(spine_followers)
{
    int64_t rounds = bench_setting("ROUNDS", 3);
    int64_t ms = bench_setting("MILLISECONDS", 3000);
    struct figures *all = calloc(1, sizeof *all);
    struct bench_board b;

    CHECK(all && rounds > 0 && rounds <= ROUNDS_MAX && ms > 0);
    bench_board_open(&b, 1000, 10, BROKER_WINDOW);
    for (int64_t round = 0; round < rounds; round++) {
        run(all, "no followers", &b, 0, WANT_ENTRIES, 0, ms);
        run(all, "8 followers", &b, 8, WANT_ENTRIES, 0, ms);
        run(all, "8 of rows too", &b, 8, WANT_BOTH, 0, ms);
        run(all, "64 followers", &b, 64, WANT_ENTRIES, 0, ms);
        run(all, "8, paced", &b, 8, WANT_ENTRIES, PACE, ms);
    }
    figures_print(all);
    bench_board_stop(&b);
    bench_board_close(&b);
    free(all);
}
