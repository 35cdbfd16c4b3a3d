/* W3: who comes late. How long it takes to connect and receive the current state of
   100,000 actions, nearly all of them claimed; its ceiling is the same rows read from LMDB
   with nobody in between. And what a follower gets that reads all history while pushes
   run, and what they lose by it. */
#include <lmdb.h>
#include <stdlib.h>

#include "tests/bench/latency.h"
#include "tests/bench/long_board.h"
#include "tests/bench/pushing.h"
#include "tests/bench/works.h"
#include "tests/caller.h"
#include "tests/t.h"

enum { ACTIONS = 100000, PLANS = 100, ENTRIES = 300000, PRODUCERS = 8, WINDOW = 64 };

enum step { RECEIVE, BARE, NOBODY_READS, ONE_READS, STEPS };
static const char *const settings[STEPS] = {"100,000 actions", "100,000 actions", "nobody reads",
                                            "one reads history"};

struct snapshot {
    struct scale scale;
    struct bench_board board;
};

static const char *
step(const struct scale *scale, unsigned k)
{
    (void)scale;
    return k < STEPS ? settings[k] : NULL;
}

static void *
open_snapshot(const struct scale *scale)
{
    struct snapshot *s = calloc(1, sizeof *s);

    CHECK(s);
    s->scale = *scale;
    long_board_open(&s->board, ACTIONS, PLANS, ENTRIES);
    (void)bench_board_start(&s->board);
    return s;
}

static struct followers *
follow(struct snapshot *s, const struct subscribe *said)
{
    struct identity lead;

    caller_identity(s->board.rig, "board/lead.zpl", &lead);
    struct followers *f = followers_open(&lead, 1, said, NULL);
    identity_wipe(&lead);
    return f;
}

/* --- the state ------------------------------------------------------------------------- */

static void
receive(struct snapshot *s, const struct subject *of, struct figures *out)
{
    const struct subscribe said = {.has.want = 1, .want = WANT_ROWS};
    struct followers *f = follow(s, &said);

    figures_add(out, of, FIGURE_SNAPSHOT, "s", followers_seconds(f));
    CHECK_INT(ACTIONS, followers_actions(f));
    followers_close(&f);
}

static size_t
read_table(MDB_txn *txn, const char *name)
{
    MDB_cursor *cursor;
    MDB_dbi dbi;
    MDB_val key;
    MDB_val row;
    size_t sum = 0;

    CHECK_INT(0, mdb_dbi_open(txn, name, 0, &dbi));
    CHECK_INT(0, mdb_cursor_open(txn, dbi, &cursor));
    while (mdb_cursor_get(cursor, &key, &row, MDB_NEXT) == 0)
        for (size_t at = 0; at < row.mv_size; at++)
            sum += ((const uint8_t *)row.mv_data)[at];
    mdb_cursor_close(cursor);
    return sum;
}

/* The rows as they lie in the state. */
static void
read_bare(struct snapshot *s, const struct subject *of, struct figures *out)
{
    int64_t begun = latency_now();
    MDB_env *env;
    MDB_txn *txn;

    CHECK_INT(0, mdb_env_create(&env));
    CHECK_INT(0, mdb_env_set_maxdbs(env, 32));
    CHECK_INT(0, mdb_env_open(env, rig_path(s->board.rig, "board/state"), MDB_RDONLY, 0600));
    CHECK_INT(0, mdb_txn_begin(env, NULL, MDB_RDONLY, &txn));
    CHECK(read_table(txn, "plans") + read_table(txn, "actions") + read_table(txn, "parts") > 0);
    mdb_txn_abort(txn);
    mdb_env_close(env);
    figures_add(out, of, FIGURE_SNAPSHOT, "s", latency_seconds_since(begun));
}

/* --- history --------------------------------------------------------------------------- */

/* What was not read while pushes ran is read when they are over. */
static void
add_read(struct snapshot *s, struct followers *f, double counted, const struct subject *of,
         struct figures *out)
{
    int64_t newest = bench_board_newest(&s->board);
    int64_t left = newest - followers_entries(f);
    int64_t begun = latency_now();

    followers_wait(f, newest);
    figures_add(out, of, "read meanwhile", "entries/s",
                (double)followers_yield(f).slowest / counted);
    if (left > ENTRIES / 3)
        figures_add(out, of, "read alone", "entries/s",
                    (double)left / latency_seconds_since(begun));
    CHECK_INT(newest, followers_entries(f));
}

static void
push(struct snapshot *s, bool read, const struct subject *of, struct figures *out)
{
    const struct subscribe said = {.has.want = 1, .want = WANT_ENTRIES, .has.from = 1, .from = 0};
    struct push push = {.clients = s->board.clients,
                        .updates = &s->board.updates,
                        .producers = PRODUCERS,
                        .window = WINDOW,
                        .server = s->board.rig->broker->id,
                        .followers = read ? follow(s, &said) : NULL};
    struct pushed pushed = push_for_a_while(&push, &s->scale, of, out);

    if (!read)
        return;
    add_read(s, push.followers, pushed.seconds, of, out);
    followers_close(&push.followers);
}

static void
run(void *work, unsigned k, struct figures *out)
{
    struct snapshot *s = work;
    const struct subject of = {work_snapshot.name, settings[k], k == BARE ? BY_CEILING : BY_MAAT};

    switch ((enum step)k) {
    case RECEIVE: receive(s, &of, out); break;
    case BARE: read_bare(s, &of, out); break;
    case NOBODY_READS: push(s, false, &of, out); break;
    case ONE_READS: push(s, true, &of, out); break;
    case STEPS: break;
    }
}

static void
close_snapshot(void *work)
{
    struct snapshot *s = work;

    bench_board_stop(&s->board);
    bench_board_close(&s->board);
    free(s);
}

const struct work work_snapshot = {
    .name = "w3",
    .title = "state and history",
    .step = step,
    .open = open_snapshot,
    .run = run,
    .close = close_snapshot,
};
