/* Who comes late: `make bench-spine`. How long the state of 100,000 actions takes to
   receive, beside the same rows read from LMDB with nobody in between; and what a
   follower gets that reads a history from its beginning while pushes run, and what
   they lose by it. */
#include <lmdb.h>
#include <stdlib.h>
#include <time.h>

#include "tests/bench/bench_board.h"
#include "tests/bench/figures.h"
#include "tests/bench/followers.h"
#include "tests/caller.h"
#include "tests/t.h"

enum { WINDOW = 64, BROKER_WINDOW = 256, WARM_MS = 500, NEXT_TO_ALL = 50000 };

static double
seconds(void)
{
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* All rows that there are, and no more. */
static void
run_snapshot(struct figures *all, struct bench_board *b)
{
    struct identity lead;
    const struct subscribe said = {.has.want = 1, .want = WANT_ROWS};
    double begun = seconds();

    caller_identity(b->rig, "board/lead.zpl", &lead);
    struct followers *f = followers_open(&lead, 1, &said, NULL);
    figures_add(all, "snapshot", "connect and receive", "s", seconds() - begun);
    CHECK_INT(b->updates.actions, followers_actions(f));
    followers_close(&f);
    identity_wipe(&lead);
}

/* The same rows as they lie in the state, read and no more, with nobody in between. */
static void
run_bare(struct figures *all, struct bench_board *b)
{
    static const char *const tables[] = {"plans", "actions", "parts"};
    MDB_env *env;
    MDB_txn *txn;
    size_t bytes = 0;
    double begun = seconds();

    CHECK_INT(0, mdb_env_create(&env));
    CHECK_INT(0, mdb_env_set_maxdbs(env, 32));
    CHECK_INT(0, mdb_env_open(env, rig_path(b->rig, "board/state"), MDB_RDONLY, 0600));
    CHECK_INT(0, mdb_txn_begin(env, NULL, MDB_RDONLY, &txn));
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        MDB_cursor *cursor;
        MDB_dbi dbi;
        MDB_val key;
        MDB_val row;
        CHECK_INT(0, mdb_dbi_open(txn, tables[i], 0, &dbi));
        CHECK_INT(0, mdb_cursor_open(txn, dbi, &cursor));
        while (mdb_cursor_get(cursor, &key, &row, MDB_NEXT) == 0)
            for (size_t at = 0; at < row.mv_size; at++)
                bytes += ((const uint8_t *)row.mv_data)[at];
        mdb_cursor_close(cursor);
    }
    mdb_txn_abort(txn);
    mdb_env_close(env);
    CHECK(bytes > 0);
    figures_add(all, "snapshot", "the rows read from LMDB", "s", seconds() - begun);
}

static void
add_read(struct figures *all, const char *subject, struct bench_board *b, struct followers *f,
         double seconds_counted)
{
    int64_t number = bench_board_newest(b);
    int64_t left = number - followers_entries(f);
    double begun = seconds();

    followers_wait(f, number);
    figures_add(all, subject, "read meanwhile", "1/s",
                (double)followers_yield(f).entries / seconds_counted);
    if (left > NEXT_TO_ALL)
        figures_add(all, subject, "read alone", "1/s", (double)left / (seconds() - begun));
    CHECK_INT(number, followers_entries(f));
    figures_add(all, subject, "read in all", "", (double)number);
}

/* Pushes, and somebody who reads all that ever was meanwhile, and the rest alone. */
static void
run_history(struct figures *all, const char *subject, struct bench_board *b, bool read, int64_t ms)
{
    struct identity lead;
    const struct subscribe said = {.has.want = 1, .want = WANT_ENTRIES, .has.from = 1, .from = 0};
    const struct work work = {.frame = updates_frame,
                              .context = &b->updates,
                              .window = WINDOW,
                              .last = INT64_MAX,
                              .warm_ms = WARM_MS,
                              .last_ms = WARM_MS + ms};
    struct watched_followers w = {.broker = b->rig->broker->id};
    struct yield yield;

    caller_identity(b->rig, "board/lead.zpl", &lead);
    struct producers *p = producers_open(b->clients, PRODUCERS_MAX, false);
    if (read)
        w.followers = followers_open(&lead, 1, &said, NULL);
    producers_work(p, &work, followers_watch, &w, &yield);
    figures_add(all, subject, "pushes", "1/s", (double)yield.acknowledged / yield.seconds);
    figures_add(all, subject, "ack p99", "ms", yield.p99_ms);
    if (read) {
        add_read(all, subject, b, w.followers, yield.seconds);
        followers_close(&w.followers);
    }
    producers_close(&p);
    identity_wipe(&lead);
}

/* A history of so many entries. */
static void
fill(struct bench_board *b, int64_t entries)
{
    const struct work work = {.frame = updates_frame,
                              .context = &b->updates,
                              .window = WINDOW,
                              .last = entries / PRODUCERS_MAX,
                              .last_ms = INT32_MAX};
    struct yield yield;
    struct producers *p = producers_open(b->clients, PRODUCERS_MAX, false);

    producers_work(p, &work, NULL, NULL, &yield);
    producers_close(&p);
}

TEST(spine_latecomers)
{
    int64_t rounds = bench_setting("ROUNDS", 3);
    int64_t ms = bench_setting("MILLISECONDS", 3000);
    struct figures *all = calloc(1, sizeof *all);
    struct bench_board b;

    CHECK(all && rounds > 0 && rounds <= ROUNDS_MAX && ms > 0);
    bench_board_open(&b, 100000, 100, BROKER_WINDOW);
    for (int64_t round = 0; round < rounds; round++)
        run_snapshot(all, &b);
    fill(&b, bench_setting("HISTORY", 900000));
    for (int64_t round = 0; round < rounds; round++) {
        run_history(all, "nobody reads", &b, false, ms);
        run_history(all, "one reads from 0", &b, true, ms);
    }
    bench_board_stop(&b);
    run_bare(all, &b);
    figures_print(all);
    bench_board_close(&b);
    free(all);
}
