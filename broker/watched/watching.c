#include "broker/watched/watching.h"

#include "broker/board.h"
#include "broker/events.h"
#include "broker/watched/metrics.h"
#include "broker/watched/status.h"
#include "schema/json.h"
#include "schema/wire/disk.h"
#include "version.h"

static void
look_at_disk(void *context, void *seen)
{
    const struct watching *w = context;
    struct vitals *v = seen;
    struct disk disk;

    v->version = VERSION;
    v->journal_bytes = disk_file_bytes(w->dir, "journal/data.mdb");
    v->state_bytes = disk_file_bytes(w->dir, "state/data.mdb");
    v->disk_reserve = w->options->reserve_mib << 20;
    (void)disk_look(w->dir, &disk);
    v->disk_free = disk.free;
    v->read_only = disk.read_only;
}

static const char *
trouble_of(const void *seen)
{
    return vitals_trouble(seen);
}

static struct text
tell_status(void *context, struct arena *arena, const void *seen)
{
    const struct watching *w = context;
    const struct texts addresses = {w->addresses, w->address_count};
    struct broker_status s = broker_status_of("maat-broker " VERSION, w->board, addresses, seen);

    return record_to_json(arena, &broker_status_record, &s);
}

int
watching_begin(struct watching *w, const char *dir, const char *board,
               const struct run_option *options, struct why *why)
{
    const struct monitor_source source = {
        .size = sizeof(struct vitals),
        .metrics = &broker_metrics,
        .look = look_at_disk,
        .trouble = trouble_of,
        .silent = "the broker's loop does not answer: it is starting, or it is stuck",
        .status = tell_status,
        .watched = &broker_events[BROKER_WATCHED],
        .not_watched = &broker_events[BROKER_NOT_WATCHED],
        .log = log_write,
        .context = w};
    char path[BOARD_PATH];

    *w = (struct watching){.dir = dir, .board = board, .options = options};
    board_path(dir, STATUS_SOCKET, path);
    const struct monitor_place place = {path, options->metrics, options->metrics_open};
    return monitor_start(&w->monitor, &source, &place, why);
}

void
watching_tell(struct watching *w, const struct hub *hub)
{
    for (uint32_t i = 0; hub_endpoint(hub, i); i++)
        w->addresses[w->address_count++] = text_of(hub_endpoint(hub, i));
}

void
watching_end(struct watching *w)
{
    monitor_stop(&w->monitor);
}
