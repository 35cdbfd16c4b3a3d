#include "agents/agency/watched.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "agents/agency/events.h"
#include "schema/wire/monitor.h"

static void
look_at_disk(void *context, void *seen)
{
    const struct watched *w = context;
    struct agent_vitals *v = seen;
    char path[AGENT_PATH + sizeof "/data.mdb"];
    struct statvfs fs;
    struct stat st;

    v->version = w->version;
    (void)snprintf(path, sizeof path, "%s/data.mdb", w->outbox);
    v->outbox_bytes = stat(path, &st) ? 0 : st.st_size;
    v->disk_free = statvfs(w->outbox, &fs) ? 0 : (int64_t)(fs.f_bavail * fs.f_frsize);
}

static const char *
trouble_of(const void *seen)
{
    return agent_vitals_trouble(seen);
}

static struct text
tell_status(void *context, struct arena *arena, const void *seen)
{
    const struct agent_vitals *v = seen;

    (void)context;
    (void)arena;
    return text_of(v->status);
}

const char *
watched_socket(struct arena *arena, struct text outbox)
{
    static const char name[] = "/status.sock";
    char *path = arena_take(arena, outbox.len + sizeof name);

    memcpy(path, outbox.at, outbox.len);
    memcpy(path + outbox.len, name, sizeof name);
    return path;
}

int
watched_begin(struct watched *w, const struct agent_option *o, const char *version, struct why *why)
{
    const struct monitor_source source = {
        .size = sizeof(struct agent_vitals),
        .metrics = &agent_metrics,
        .look = look_at_disk,
        .trouble = trouble_of,
        .silent = "the agent's loop does not answer: it is stuck, or its disk is",
        .status = tell_status,
        .watched = &agent_events[AGENT_WATCHED],
        .not_watched = &agent_events[AGENT_NOT_WATCHED],
        .log = log_write,
        .context = w};
    struct arena *arena = arena_new();

    *w = (struct watched){.version = version};
    (void)snprintf(w->outbox, sizeof w->outbox, "%.*s", (int)o->outbox.len, o->outbox.at);
    const struct monitor_place place = {watched_socket(arena, o->outbox), o->metrics,
                                        o->metrics_open};
    int rc = monitor_start(&w->monitor, &source, &place, why);
    arena_destroy(&arena);
    return rc;
}

void
watched_end(struct watched *w)
{
    monitor_stop(&w->monitor);
}

int
watched_fd(const struct watched *w)
{
    return monitor_fd(w->monitor);
}

bool
watched_is_asked(struct watched *w)
{
    return monitor_is_asked(w->monitor);
}

void
watched_show(struct watched *w, const struct agent_vitals *v)
{
    monitor_show(w->monitor, v);
}
