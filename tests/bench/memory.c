/* W6: the broker's memory with 100,000 actions and 1,000 connected clients, 100 of them
   following every entry while pushes run at full rate; and what the updates take on the
   disk: the journal grows with each, the state with the actions (all but a few have been
   claimed). */
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/bench/long_board.h"
#include "tests/bench/process.h"
#include "tests/bench/pushing.h"
#include "tests/bench/works.h"
#include "tests/caller.h"
#include "tests/t.h"

enum {
    ACTIONS = 100000,
    PLANS = 100,
    ENTRIES = 300000,
    PRODUCERS = 8,
    WINDOW = 64,
    CONNECTED = 1000,
    FOLLOWING = 100,
};

struct memory {
    struct scale scale;
    struct bench_board board;
    struct sent sent;
};

static const char *
step(const struct scale *scale, unsigned k)
{
    (void)scale;
    return k == 0 ? "1,000 clients" : NULL;
}

static void *
open_memory(const struct scale *scale)
{
    struct memory *m = calloc(1, sizeof *m);

    CHECK(m);
    m->scale = *scale;
    long_board_open(&m->board, ACTIONS, PLANS, ENTRIES);
    (void)bench_board_start(&m->board);
    return m;
}

/* Blocks of the file that are there: it is sparse. */
static double
size_of(const struct rig *r, const char *file)
{
    struct stat st;

    CHECK_INT(0, stat(rig_path(r, file), &st));
    return (double)st.st_blocks * 512;
}

struct disk {
    double journal, state;
};

static struct disk
disk_of(const struct rig *r)
{
    return (struct disk){size_of(r, "board/journal/data.mdb"), size_of(r, "board/state/data.mdb")};
}

static void
add_disk(const struct disk *before, const struct disk *after, int64_t updates,
         const struct subject *of, struct figures *out)
{
    double journal = (after->journal - before->journal) / (double)updates;

    figures_add(out, of, "journal's growth", "bytes/update", journal);
    figures_add(out, of, "of the payload", "times", journal / UPDATE_BODY);
    figures_add(out, of, "state", "MiB", after->state / (1 << 20));
}

static void
run(void *work, unsigned k, struct figures *out)
{
    struct memory *m = work;
    struct rig *r = m->board.rig;
    pid_t broker = r->broker->id;
    const struct subject of = {work_memory.name, step(&m->scale, k), BY_MAAT};
    const struct subscribe said = {.has.want = 1, .want = WANT_ENTRIES};
    struct identity lead;

    figures_add(out, &of, "own memory alone", "MiB", process_memory(broker).own);
    caller_identity(r, "board/lead.zpl", &lead);
    struct push push = {.clients = m->board.clients,
                        .updates = &m->board.updates,
                        .producers = PRODUCERS,
                        .window = WINDOW,
                        .server = broker,
                        .sent = &m->sent};
    push.idlers = idlers_open(&lead, CONNECTED - FOLLOWING - PRODUCERS, broker);
    push.followers = followers_open(&lead, FOLLOWING, &said, &m->sent);
    figures_add(out, &of, "own memory, connected", "MiB", process_memory(broker).own);
    struct disk before = disk_of(r);
    struct pushed pushed = push_for_a_while(&push, &m->scale, &of, out);
    followers_wait(push.followers, bench_board_newest(&m->board));
    CHECK_INT(pushed.acknowledged, followers_entries(push.followers));
    struct disk after = disk_of(r);
    figures_add(out, &of, "own memory at most", "MiB", idlers_most(push.idlers));
    figures_add(out, &of, "mapped", "MiB", process_memory(broker).mapped);
    figures_add(out, &of, FIGURE_DELIVERED, "1/s",
                (double)followers_yield(push.followers).slowest / pushed.seconds);
    add_disk(&before, &after, pushed.acknowledged, &of, out);
    followers_close(&push.followers);
    idlers_close(&push.idlers);
    identity_wipe(&lead);
}

static void
close_memory(void *work)
{
    struct memory *m = work;

    bench_board_stop(&m->board);
    bench_board_close(&m->board);
    free(m);
}

const struct work work_memory = {
    .name = "w6",
    .title = "memory and disk",
    .step = step,
    .open = open_memory,
    .run = run,
    .close = close_memory,
};
