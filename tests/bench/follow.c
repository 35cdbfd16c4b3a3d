/* W2: 8 producers with a window of 64, and board leads who follow every entry over a
   connection each; as fast as they can, and so many a second, where nothing is in a
   hurry. Every follower must have been told of every entry, once.

   The ceiling is that of pushes alone, once a round: nobody follows there. */
#include <stdlib.h>

#include "tests/bench/pushing.h"
#include "tests/bench/works.h"
#include "tests/bench/yardstick.h"
#include "tests/caller.h"
#include "tests/t.h"

enum { ACTIONS = 100000, PLANS = 100, PRODUCERS = 8, WINDOW = 64 };

static const struct setting {
    const char *name;
    unsigned followers;
    enum feed_want want;
    int64_t a_second;
} settings[] = {
    {"8 followers", 8, WANT_ENTRIES, 0},
    {"8 followers, rows too", 8, WANT_BOTH, 0},
    {"64 followers", 64, WANT_ENTRIES, 0},
    {"8 followers, 2,000/s", 8, WANT_ENTRIES, 2000},
};
enum { SETTINGS = sizeof settings / sizeof *settings };

struct following {
    struct scale scale;
    struct bench_board board;
    struct yardstick ceiling;
    struct sent sent;
};

static const char *
step(const struct scale *scale, unsigned k)
{
    (void)scale;
    return k < SETTINGS ? settings[k].name : k == SETTINGS ? BY_CEILING : NULL;
}

static void *
open_follow(const struct scale *scale)
{
    struct following *f = calloc(1, sizeof *f);

    CHECK(f);
    f->scale = *scale;
    bench_board_open(&f->board, ACTIONS, PLANS);
    yardstick_start(&f->ceiling, &f->board, "ceiling");
    return f;
}

/* What is delivered has what is acknowledged as its ceiling. */
static void
run_ceiling(struct following *f, struct figures *out)
{
    const struct push push = {.clients = f->ceiling.clients,
                              .updates = &f->board.updates,
                              .producers = PRODUCERS,
                              .window = WINDOW,
                              .server = f->ceiling.program->id};
    const struct subject alone = {work_follow.name, "no followers", BY_CEILING};

    (void)push_for_a_while(&push, &f->scale, &alone, out);
    const struct figure *acknowledged = figures_find(out, &alone, FIGURE_ACKNOWLEDGED);
    double newest = acknowledged->value[acknowledged->count - 1];
    for (size_t i = 0; i < SETTINGS; i++) {
        const struct subject of = {work_follow.name, settings[i].name, BY_CEILING};
        if (settings[i].a_second)
            continue;
        figures_add(out, &of, FIGURE_ACKNOWLEDGED, "1/s", newest);
        figures_add(out, &of, FIGURE_DELIVERED, "1/s", newest);
    }
}

static void
add_followed(const struct subject *of, const struct followers *followers, double seconds,
             struct figures *out)
{
    struct followed told = followers_yield(followers);

    figures_add(out, of, FIGURE_DELIVERED, "1/s", (double)told.slowest / seconds);
    figures_add(out, of, "delivered in all", "1/s", (double)told.entries / seconds);
    figures_add(out, of, "bytes in all", "MB/s", (double)told.bytes / seconds / 1e6);
    figures_add(out, of, "p50 to a follower", "ms", told.p50_ms);
    figures_add(out, of, "p99 to a follower", "ms", told.p99_ms);
}

static void
run(void *work, unsigned k, struct figures *out)
{
    struct following *f = work;
    const struct setting *setting = &settings[k];
    struct identity lead;

    if (k == SETTINGS) {
        run_ceiling(f, out);
        return;
    }
    const struct subject of = {work_follow.name, setting->name, BY_MAAT};
    const struct subscribe said = {.has.want = 1, .want = setting->want};
    caller_identity(f->board.rig, "board/lead.zpl", &lead);
    struct push push = {
        .clients = f->board.clients,
        .updates = &f->board.updates,
        .producers = PRODUCERS,
        .window = WINDOW,
        .server = f->board.rig->broker->id,
        .followers = followers_open(&lead, setting->followers, &said, &f->sent),
        .sent = &f->sent,
        .a_second = setting->a_second,
    };
    struct pushed pushed = push_for_a_while(&push, &f->scale, &of, out);
    followers_wait(push.followers, bench_board_newest(&f->board));
    CHECK_INT(pushed.acknowledged, followers_entries(push.followers));
    add_followed(&of, push.followers, pushed.seconds, out);
    followers_close(&push.followers);
    identity_wipe(&lead);
}

static void
close_follow(void *work)
{
    struct following *f = work;

    yardstick_stop(&f->ceiling);
    bench_board_stop(&f->board);
    bench_board_close(&f->board);
    free(f);
}

const struct work work_follow = {
    .name = "w2",
    .title = "followers",
    .step = step,
    .open = open_follow,
    .run = run,
    .close = close_follow,
};
