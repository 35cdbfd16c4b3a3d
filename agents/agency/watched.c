#include "agents/agency/watched.h"

#include <stdio.h>
#include <string.h>

#include "agents/agency/events.h"
#include "schema/wire/disk.h"
#include "schema/wire/monitor.h"
#include "schema/wire/monitor_ask.h"

static void
look_at_disk(void *context, void *seen)
{
    const struct watched *w = context;
    struct agent_vitals *v = seen;
    struct disk disk;

    v->version = w->version;
    v->outbox_bytes = disk_file_bytes(w->outbox, "data.mdb");
    (void)disk_look(w->outbox, &disk);
    v->disk_free = disk.free;
    v->read_only = disk.read_only;
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

static const char *
socket_in(struct arena *arena, struct text outbox)
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
    const struct monitor_place place = {socket_in(arena, o->outbox), o->metrics, o->metrics_open};
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

int
watched_ask(struct arena *arena, struct text outbox, struct agent_status *out, struct why *why)
{
    struct why absent;
    const struct monitor_asked asked = {socket_in(arena, outbox), "agent", absent.text};

    (void)why_set(&absent, 0,
                  "no agent has the outbox %.*s: start it with `maat-agent run`, or ask "
                  "`maat-agent doctor` what is wrong",
                  (int)outbox.len, outbox.at);
    return monitor_ask_status(arena, &asked, &agent_status_record, out, why);
}
