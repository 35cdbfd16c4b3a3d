#include "tests/bench/pushing.h"

#include <unistd.h>

#include "tests/bench/process.h"
#include "tests/t.h"

/* Of the server and of us, the client: until counting begins what was used by then,
   afterwards what was used while it counted. */
struct watched {
    pid_t server;
    struct followers *followers;
    struct idlers *idlers;
    struct process_time used, client_used;
    struct process_memory memory;
};

static void
watch(void *context, bool end)
{
    struct watched *w = context;
    struct process_time before = w->used;
    struct process_time client_before = w->client_used;

    if (w->followers)
        followers_count(w->followers, !end);
    if (w->idlers)
        idlers_watch(w->idlers, !end);
    if (!end) {
        process_time(w->server, &w->used);
        process_time(getpid(), &w->client_used);
        return;
    }
    process_time_since(w->server, &before, &w->used);
    process_time_since(getpid(), &client_before, &w->client_used);
    w->memory = process_memory(w->server);
}

static void
add_costs(const struct watched *w, double updates, const struct subject *of, struct figures *out)
{
    char name[FIGURE_TEXT];

    figures_add(out, of, FIGURE_SERVER, "us/update", w->used.all / updates);
    for (unsigned i = 0; i < w->used.count; i++) {
        if (w->used.thread[i].us <= 0)
            continue;
        (void)snprintf(name, sizeof name, "server's %s", w->used.thread[i].name);
        figures_add(out, of, name, "us/update", w->used.thread[i].us / updates);
    }
    figures_add(out, of, FIGURE_CLIENT, "us/update", w->client_used.all / updates);
    figures_add(out, of, "server's own memory", "MiB", w->memory.own);
}

struct pushed
push_for_a_while(const struct push *push, const struct scale *scale, const struct subject *of,
                 struct figures *out)
{
    const struct production work = {.frame = updates_frame,
                                    .context = push->updates,
                                    .window = push->window,
                                    .sent = push->sent,
                                    .a_second = push->a_second,
                                    .last = INT64_MAX,
                                    .warm_ms = scale->warm_ms,
                                    .last_ms = scale->warm_ms + scale->ms};
    struct watched w = {
        .server = push->server, .followers = push->followers, .idlers = push->idlers};
    struct producers *p = producers_open(push->clients, push->producers, push->echoed);
    struct yield yield;

    producers_work(p, &work, watch, &w, &yield);
    const struct pushed pushed = {producers_acknowledged(p), yield.seconds};
    producers_close(&p);
    figures_add(out, of, FIGURE_ACKNOWLEDGED, "1/s", (double)yield.acknowledged / yield.seconds);
    figures_add(out, of, FIGURE_P50, "ms", yield.p50_ms);
    figures_add(out, of, FIGURE_P99, "ms", yield.p99_ms);
    add_costs(&w, (double)yield.acknowledged, of, out);
    return pushed;
}
