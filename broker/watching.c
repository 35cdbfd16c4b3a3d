#include "broker/watching.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "broker/board.h"
#include "broker/log.h"
#include "broker/metrics.h"
#include "broker/status.h"
#include "schema/json.h"
#include "version.h"

enum { OK = 200, UNAVAILABLE = 503, ADDRESS = 300 };

static const char plain[] = "text/plain; charset=utf-8";
static const char silent[] = "the broker's loop does not answer: it is starting, or it is stuck";

/* --- what is told ------------------------------------------------------------------------ */

static int64_t
file_bytes(const char *dir, const char *name)
{
    char path[BOARD_PATH];
    struct stat st;

    board_path(dir, name, path);
    return stat(path, &st) ? 0 : st.st_size;
}

static void
look_at_disk(const struct watching *w, struct vitals *v)
{
    struct statvfs fs;

    v->version = VERSION;
    v->journal_bytes = file_bytes(w->dir, "journal/data.mdb");
    v->state_bytes = file_bytes(w->dir, "state/data.mdb");
    v->disk_reserve = w->options->reserve_mib << 20;
    if (statvfs(w->dir, &fs))
        return;
    v->disk_free = (int64_t)(fs.f_bavail * fs.f_frsize);
    v->read_only = fs.f_flag & ST_RDONLY;
}

static void
tell_metrics(struct arena *arena, const struct vitals *v, struct monitor_answer *out)
{
    if (!v) {
        *out = (struct monitor_answer){UNAVAILABLE, plain, text_of(silent)};
        return;
    }
    *out = (struct monitor_answer){OK, "text/plain; version=0.0.4; charset=utf-8",
                                   exposition_write(arena, broker_metrics, broker_metric_count, v)};
}

static void
tell_health(struct arena *arena, const char *trouble, struct monitor_answer *out)
{
    char line[ADDRESS];
    int len = snprintf(line, sizeof line, "%s\n", trouble ? trouble : "well");

    *out = (struct monitor_answer){trouble ? UNAVAILABLE : OK, plain,
                                   text_of(arena_string(arena, line, (size_t)len))};
}

static void
tell_status(const struct watching *w, struct arena *arena, const struct vitals *v,
            const char *trouble, struct monitor_answer *out)
{
    struct broker_status s = broker_status_of("maat-broker " VERSION, w->board, v, trouble);

    *out = (struct monitor_answer){OK, "application/json",
                                   record_to_json(arena, &broker_status_record, &s)};
}

static bool
answer(void *context, struct arena *arena, const char *path, const void *seen,
       struct monitor_answer *out)
{
    const struct watching *w = context;
    const char *trouble = silent;
    struct vitals *v = NULL;

    if (seen) {
        v = arena_copy(arena, seen, sizeof *v);
        look_at_disk(w, v);
        trouble = vitals_trouble(v);
    }
    if (strcmp(path, "/metrics") == 0)
        tell_metrics(arena, v, out);
    else if (strcmp(path, "/health") == 0)
        tell_health(arena, trouble, out);
    else if (strcmp(path, "/status") == 0)
        tell_status(w, arena, v, trouble, out);
    else
        return false;
    return true;
}

/* --- where ------------------------------------------------------------------------------- */

static void
open_socket(struct watching *w)
{
    char path[BOARD_PATH];
    char why[LISTENING_WHY];

    board_path(w->dir, STATUS_SOCKET, path);
    if (monitor_at_path(w->monitor, path, why) == 0)
        return;
    struct log_line line = log_event("not-watched");
    log_word(&line, "reason", why);
    log_write(&line);
}

static int
open_port(struct watching *w, struct why *why)
{
    char address[ADDRESS], bound[LISTENING_BOUND], reason[LISTENING_WHY];

    if (!w->options->has.metrics)
        return 0;
    (void)snprintf(address, sizeof address, "%.*s", (int)w->options->metrics.len,
                   w->options->metrics.at);
    int rc = monitor_at_port(w->monitor, address, w->options->metrics_open, bound, reason);
    if (rc)
        return why_set(why, rc, "metrics: %s", reason);
    struct log_line line = log_event("watched");
    log_word(&line, "address", bound);
    log_write(&line);
    return 0;
}

int
watching_begin(struct watching *w, const char *dir, const char *board,
               const struct run_option *options, struct why *why)
{
    const struct monitor_source source = {sizeof(struct vitals), answer, w};

    *w = (struct watching){.dir = dir, .board = board, .options = options};
    int rc = monitor_start(&w->monitor, &source);
    if (rc)
        return why_set(why, rc, "no eventfd: %s", strerror(-rc));
    open_socket(w);
    return open_port(w, why);
}

void
watching_end(struct watching *w)
{
    monitor_stop(&w->monitor);
}
