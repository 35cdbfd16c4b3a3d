#include "tests/bench/peers/maat.h"

#include "tests/bench/followers.h"
#include "tests/bench/latency.h"
#include "tests/bench/pushing.h"
#include "tests/caller.h"
#include "tests/t.h"

static void
push(struct contender *c, const struct step *step, const struct scale *scale, struct figures *out)
{
    const struct subject of = {work_names[W1_PUSH], step->setting, c->name};
    const struct push push = {.updates = &c->board->updates,
                              .clients = c->board->clients,
                              .producers = step->producers,
                              .window = step->window,
                              .server = c->board->rig->broker->id};

    (void)push_for_a_while(&push, scale, &of, out);
}

/* A production's `at_ends`. */
static void
count(void *followers, bool end)
{
    followers_count(followers, !end);
}

/* Each of the followers must have been told of every entry, once. */
static void
follow(struct contender *c, const struct step *step, const struct scale *scale, struct figures *out)
{
    static struct sent sent;
    struct identity lead;
    struct yield yield;
    const struct subscribe said = {.has.want = 1, .want = WANT_ENTRIES};
    const struct subject of = {work_names[W2_FOLLOW], step->setting, c->name};
    const struct production work = {.frame = updates_frame,
                                    .context = &c->board->updates,
                                    .window = step->window,
                                    .last = INT64_MAX,
                                    .sent = &sent,
                                    .warm_ms = scale->warm_ms,
                                    .last_ms = scale->warm_ms + scale->ms};

    caller_identity(c->board->rig, "board/lead.zpl", &lead);
    struct producers *p = producers_open(c->board->clients, step->producers, false);
    struct followers *f = followers_open(&lead, step->followers, &said, &sent);
    producers_work(p, &work, count, f, &yield);
    followers_wait(f, bench_board_newest(c->board));
    CHECK_INT(producers_acknowledged(p), followers_entries(f));
    struct followed told = followers_yield(f);
    followers_close(&f);
    producers_close(&p);
    identity_wipe(&lead);
    figures_add(out, &of, FIGURE_ACKNOWLEDGED, "1/s", (double)yield.acknowledged / yield.seconds);
    figures_add(out, &of, FIGURE_SLOWEST, "1/s", (double)told.slowest / yield.seconds);
    figures_add(out, &of, FIGURE_P50, "ms", told.p50_ms);
    figures_add(out, &of, FIGURE_P99, "ms", told.p99_ms);
}

static void
receive(struct contender *c, struct figures *out)
{
    struct identity lead;
    const struct subscribe said = {.has.want = 1, .want = WANT_ROWS};
    const struct subject of = {work_names[W3_RECEIVE], "rows", c->name};

    caller_identity(c->board->rig, "board/lead.zpl", &lead);
    int64_t begun = latency_now();
    struct followers *f = followers_open(&lead, 1, &said, NULL);
    int64_t took = latency_now() - begun;
    CHECK_INT(PEER_KEYS, followers_actions(f));
    followers_close(&f);
    identity_wipe(&lead);
    figures_add(out, &of, FIGURE_RECEIVED, "ms", (double)took / 1000);
}

void
maat_do(struct contender *c, const struct step *step, const struct scale *scale,
        struct figures *out)
{
    switch (step->kind) {
    case W1_PUSH: push(c, step, scale, out); return;
    case W2_FOLLOW: follow(c, step, scale, out); return;
    case W3_RECEIVE: receive(c, out); return;
    }
}

double
maat_push_alone(struct bench_board *b, int64_t ms, int64_t *acknowledged)
{
    const struct production work = {.frame = updates_frame,
                                    .context = &b->updates,
                                    .window = 1,
                                    .last = INT64_MAX,
                                    .last_ms = ms};
    struct producers *p = producers_open(b->clients, 1, false);
    struct yield yield;

    producers_work(p, &work, NULL, NULL, &yield);
    *acknowledged = producers_acknowledged(p);
    producers_close(&p);
    return yield.p50_ms;
}
