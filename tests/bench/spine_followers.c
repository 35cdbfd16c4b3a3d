/* The spine with followers: `make bench-spine`. Eight producers with a window of 64, as
   in spine.c, and none, 8 and 64 board leads who follow every entry, in turn; and a
   paced run that tells how soon a follower hears of an update when nothing is in a
   hurry. */
#include <inttypes.h>
#include <lmdb.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/bench_board.h"
#include "tests/bench/figures.h"
#include "tests/bench/followers.h"
#include "tests/caller.h"
#include "tests/t.h"

enum { WINDOW = 64, BROKER_WINDOW = 256, WARM_MS = 500, PACE = 2000 };

static int64_t
setting(const char *name, int64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoll(text, NULL, 10) : otherwise;
}

struct counting {
    struct followers *followers; /* or NULL */
    pid_t broker;
    double cpu;
};

static void
count(void *context, bool end)
{
    struct counting *c = context;

    c->cpu = process_cpu(c->broker) - c->cpu;
    if (c->followers)
        followers_count(c->followers, !end);
}

static int64_t
newest(struct bench_board *b)
{
    struct caller *lead = caller_open(b->rig, "board/lead.zpl");

    (void)caller_ask(lead, "{'id': 1, 'what': 'head'}");
    int64_t number = lead->seen;
    caller_close(&lead);
    return number;
}

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
    struct counting c = {.broker = b->rig->broker->id};
    struct yield yield;

    caller_identity(b->rig, "board/lead.zpl", &lead);
    struct producers *p = producers_open(b->clients, PRODUCERS_MAX, false);
    if (followers)
        c.followers = followers_open(&lead, followers, &said, &sent);
    producers_work(p, &work, count, &c, &yield);
    figures_add(all, subject, "acknowledged", "1/s", (double)yield.acknowledged / yield.seconds);
    figures_add(all, subject, "ack p50", "ms", yield.p50_ms);
    figures_add(all, subject, "ack p99", "ms", yield.p99_ms);
    figures_add(all, subject, "broker's time", "us/update", c.cpu / (double)yield.acknowledged);
    if (c.followers) {
        followers_wait(c.followers, newest(b));
        if (want != WANT_ROWS)
            CHECK_INT(producers_acknowledged(p), followers_entries(c.followers));
        add_followed(all, subject, c.followers, yield.seconds);
        followers_close(&c.followers);
    }
    figures_add(all, subject, "memory", "MiB", process_memory(c.broker));
    producers_close(&p);
    identity_wipe(&lead);
}

/* --- who comes late ------------------------------------------------------------------------ */

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

/* Reads all that ever was, while pushes run; then the rest alone. */
static void
run_history(struct figures *all, struct bench_board *b, int64_t ms)
{
    struct identity lead;
    const struct subscribe said = {.has.want = 1, .want = WANT_ENTRIES, .has.from = 1, .from = 0};
    const struct work work = {.frame = updates_frame,
                              .context = &b->updates,
                              .window = WINDOW,
                              .last = INT64_MAX,
                              .warm_ms = WARM_MS,
                              .last_ms = WARM_MS + ms};
    struct counting c = {.broker = b->rig->broker->id};
    struct yield yield;

    caller_identity(b->rig, "board/lead.zpl", &lead);
    struct producers *p = producers_open(b->clients, PRODUCERS_MAX, false);
    c.followers = followers_open(&lead, 1, &said, NULL);
    producers_work(p, &work, count, &c, &yield);
    figures_add(all, "read from 0", "pushes meanwhile", "1/s",
                (double)yield.acknowledged / yield.seconds);
    figures_add(all, "read from 0", "entries meanwhile", "1/s",
                (double)followers_yield(c.followers).entries / yield.seconds);
    int64_t number = newest(b);
    int64_t read = followers_entries(c.followers);
    double begun = seconds();
    followers_wait(c.followers, number);
    figures_add(all, "read from 0", "the rest alone", "1/s",
                (double)(number - read) / (seconds() - begun));
    CHECK_INT(number, followers_entries(c.followers));
    figures_add(all, "read from 0", "entries in all", "", (double)number);
    followers_close(&c.followers);
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
    int64_t rounds = setting("ROUNDS", 3);
    int64_t ms = setting("MILLISECONDS", 3000);
    struct figures *all = calloc(1, sizeof *all);
    struct bench_board b;

    CHECK(all && rounds > 0 && rounds <= ROUNDS_MAX && ms > 0);
    bench_board_open(&b, 100000, 100, BROKER_WINDOW);
    for (int64_t round = 0; round < rounds; round++)
        run_snapshot(all, &b);
    fill(&b, setting("HISTORY", 900000));
    for (int64_t round = 0; round < rounds; round++) {
        run(all, "nobody reads", &b, 0, WANT_ENTRIES, 0, ms);
        run_history(all, &b, ms);
    }
    bench_board_stop(&b);
    run_bare(all, &b);
    figures_print(all);
    bench_board_close(&b);
    free(all);
}

TEST(spine_followers)
{
    int64_t rounds = setting("ROUNDS", 3);
    int64_t ms = setting("MILLISECONDS", 3000);
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
