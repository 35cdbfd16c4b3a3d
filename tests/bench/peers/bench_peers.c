/* `make bench-peers`: MAAT beside what a user would build from a well-known store, on the
   same work, in one run and in turn. */
#include <signal.h>
#include <stdlib.h>

#include "tests/bench/bench_board.h"
#include "tests/bench/figures.h"
#include "tests/bench/peers/load.h"
#include "tests/bench/peers/peer.h"
#include "tests/t.h"

enum { PEERS = 24, WARM_MS = 300 };

static void
run(struct figures *all, struct server *s, int64_t ms)
{
    const struct load every = {.producers = 8, .window = 64, .each_key = true};
    const struct load load = {
        .producers = 8, .window = 64, .warm_ms = WARM_MS, .last_ms = WARM_MS + ms};
    struct load_yield yield;
    const char *name = s->peer->tls ? "redis TLS" : "redis";

    if (!load_run(s, &every, &yield) || !load_run(s, &load, &yield)) {
        printf("%s: %s\n", name, s->trouble);
        return;
    }
    figures_add(all, name, "8x64", "1/s", (double)yield.acknowledged / yield.seconds);
    figures_add(all, name, "p50", "ms", yield.p50_ms);
    figures_add(all, name, "p99", "ms", yield.p99_ms);
    figures_add(all, name, "server's time", "us/update", yield.server_us);
    figures_add(all, name, "producers' time", "us/update", yield.producers_us);
}

TEST(peers)
{
    struct figures *all = calloc(1, sizeof *all);
    int64_t ms = bench_setting("MILLISECONDS", 2000);

    CHECK(all != NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; peers[i]; i++) {
        struct server s;
        if (server_open(&s, peers[i]))
            run(all, &s, ms);
        else
            printf("%s: %s\n", peers[i]->name, s.trouble);
        server_close(&s);
    }
    figures_print(all);
    free(all);
}
