/* `make bench-peers`: MAAT beside what a user would build from a well-known store, on the
   same work, in one run and in turn. */
#include <signal.h>
#include <stdlib.h>

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
    char name[64];
    (void)snprintf(name, sizeof name, "%s%d%s", s->peer->name, s->setting->variant,
                   s->setting->tls ? " TLS" : "");

    if ((s->peer->snapshots[0].how && !load_run(s, &every, &yield))
        || !load_run(s, &load, &yield)) {
        printf("%s: %s\n", name, s->trouble);
        return;
    }
    const struct subject of = {"w1", "8x64", name};
    figures_add(all, &of, FIGURE_ACKNOWLEDGED, "1/s", (double)yield.acknowledged / yield.seconds);
    figures_add(all, &of, FIGURE_P50, "ms", yield.p50_ms);
    figures_add(all, &of, FIGURE_P99, "ms", yield.p99_ms);
    figures_add(all, &of, FIGURE_SERVER, "us/update", yield.server_us);
    figures_add(all, &of, FIGURE_CLIENT, "us/update", yield.producers_us);
}

TEST(peers)
{
    struct figures *all = calloc(1, sizeof *all);
    const char *milliseconds = getenv("MILLISECONDS");
    int64_t ms = milliseconds ? strtoll(milliseconds, NULL, 10) : 2000;

    CHECK(all != NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; peers[i]; i++) {
        struct server s;
        if (server_open(&s, peers[i]))
            for (; s.setting->words; s.setting++)
                run(all, &s, ms);
        else
            printf("%s: %s\n", peers[i]->name, s.trouble);
        server_close(&s);
    }
    figures_write_json(all, NULL, "", "", stdout);
    free(all);
}
