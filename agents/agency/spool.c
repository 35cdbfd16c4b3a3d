#include "agents/agency/spool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include "agents/agency/log.h"
#include "agents/agency/spool_file.h"
#include "agents/agency/spool_folder.h"
#include "agents/agency/verdicts.h"

enum { SECOND = 1000000, DAY_SECONDS = 86400 };

struct spool {
    struct spool_folder folder;
    struct maat_outbox *outboxes;
    struct results *results;
    int64_t settle;
    int64_t kept_days;
    int notify; /* inotify, or -1: then a second's patience does */

    struct spool_names names; /* what was listed last, as far as `next` */
    bool resuming;            /* and that is of taking/, from before the agent ended */
    int64_t look_at;          /* when to list again, at the latest */
    int64_t rest_until;       /* a disk was full, or a name odd */
    char odd[NAME_MAX + 1];   /* the last one that was told of */

    struct spool_file *rows; /* of the file that is being taken, or NULL */
    char file[SPOOL_FILE];
    int64_t place;      /* noted: the line up to which it was taken */
    int64_t next;       /* the same, with this turn's batch */
    bool again;         /* lines may have been refused before */
    bool active, ended; /* in this turn: rows were read; it is at its end */
    bool refused;       /* some of them were */
    struct maat_note note;
};

static int64_t
ticks(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * SECOND + ts.tv_nsec / 1000;
}

int
spool_open(struct spool **out, const struct agent_option *o, struct maat_outbox *outboxes,
           struct results *results, char why[SPOOL_WHY])
{
    struct spool *s = calloc(1, sizeof *s);
    char root[AGENT_PATH + 1];

    if (!s)
        abort();
    s->outboxes = outboxes;
    s->results = results;
    s->settle = o->settle_ms * 1000;
    s->kept_days = o->taken_days;
    (void)snprintf(root, sizeof root, "%.*s", (int)o->spool.len, o->spool.at);
    int rc = spool_folder_open(&s->folder, root);
    if (rc) {
        (void)snprintf(why, SPOOL_WHY, "spool %.200s can't be used: %s", root, strerror(-rc));
        free(s);
        return rc;
    }
    s->notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (s->notify >= 0
        && inotify_add_watch(s->notify, root, IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR) < 0) {
        (void)close(s->notify);
        s->notify = -1;
    }
    (void)spool_folder_list(&s->folder, "taking", &s->names, s->odd);
    s->resuming = true;
    *out = s;
    return 0;
}

void
spool_close(struct spool **s)
{
    if (!*s)
        return;
    spool_file_close(&(*s)->rows);
    spool_names_free(&(*s)->names);
    if ((*s)->notify >= 0)
        (void)close((*s)->notify);
    free(*s);
    *s = NULL;
}

struct pollfd
spool_item(const struct spool *s)
{
    return (struct pollfd){.fd = s->notify, .events = POLLIN};
}

/* --- which file ------------------------------------------------------------------------ */

/* Told once, not every second. */
static void
tell_odd(struct spool *s, const char *name, const char *reason)
{
    struct log_line line = log_event("spool-file-left");

    if (strcmp(s->odd, name) == 0)
        return;
    (void)snprintf(s->odd, sizeof s->odd, "%s", name);
    log_word(&line, "file", name);
    log_word(&line, "reason", reason);
    agent_log(&line);
}

/* Read even where nothing is taken now, or the loop would find it readable again. */
static void
hear_news(struct spool *s)
{
    char events[4096];

    while (s->notify >= 0 && read(s->notify, events, sizeof events) > 0)
        s->look_at = 0;
}

static void
look(struct spool *s)
{
    char odd[NAME_MAX + 1] = "";

    if (ticks() < s->look_at)
        return;
    s->look_at = ticks() + SECOND;
    int rc = spool_folder_list(&s->folder, "", &s->names, odd);
    if (rc)
        tell_odd(s, s->folder.root, strerror(-rc));
    else if (*odd)
        tell_odd(s, odd, "its name is too long");
}

/* A file refused as a whole has no rows, and is at its end. */
static void
refuse_whole(struct spool *s, const struct fault *why)
{
    if (!results_hold_line(s->results, s->file, 0))
        (void)results_refuse(s->results, s->file, 0, why);
    (void)spool_folder_finish(&s->folder, s->file, s->kept_days > 0);
}

/* Opens a file of taking/ where it was left. */
static bool
begin(struct spool *s, const char *file, bool again)
{
    int fd = spool_folder_read(&s->folder, file);
    struct log_line line = log_event("spool-file");
    struct fault why;

    (void)snprintf(s->file, sizeof s->file, "%s", file);
    s->again = again;
    log_word(&line, "file", file);
    agent_log(&line);
    int rc = fd < 0 ? fd : maat_outbox_noted(s->outboxes, file, &s->place);
    if (rc == 0)
        rc = spool_file_open(&s->rows, fd, file, &why);
    else if (fd >= 0)
        (void)close(fd);
    if (rc == 1 && !(rc = spool_file_go(s->rows, s->place)))
        return true;
    if (rc < 0)
        fault_set(&why, FAULT_MALFORMED, "", "can't be read: %s", maat_error_text(rc));
    spool_file_close(&s->rows);
    refuse_whole(s, &why);
    return false;
}

static bool
claim(struct spool *s, const char *name, int64_t wall)
{
    char file[SPOOL_FILE];
    int rc = spool_folder_is_ready(&s->folder, name, s->settle, wall);

    if (rc == 1 && !(rc = spool_folder_claim(&s->folder, name, wall, file))) {
        (void)results_begin(s->results, file);
        return begin(s, file, false);
    }
    if (rc < 0 && rc != -ENOENT)
        tell_odd(s, name, strerror(-rc));
    return false;
}

static bool
next_file(struct spool *s, int64_t wall)
{
    while (s->names.next < s->names.count) {
        const char *name = s->names.at[s->names.next++].name;
        if (s->resuming ? begin(s, name, true) : claim(s, name, wall))
            return true;
    }
    s->resuming = false;
    s->names.count = s->names.next = 0;
    look(s);
    for (; s->names.next < s->names.count;)
        if (claim(s, s->names.at[s->names.next++].name, wall))
            return true;
    return false;
}

/* --- its rows ---------------------------------------------------------------------------- */

static int
refuse_row(struct spool *s, int64_t line, bool whole, struct fault *why)
{
    if (!whole && why->code == FAULT_MALFORMED)
        fault_set(why, FAULT_MALFORMED, "",
                  "the file ends within this line: it may have been cut off");
    if (s->again && results_hold_line(s->results, s->file, line))
        return 0;
    s->refused = true;
    return results_refuse(s->results, s->file, line, why);
}

/* Goes back to what is noted; tries again after a while. */
static void
step_back(struct spool *s)
{
    s->rest_until = ticks() + SECOND;
    s->again = true;
    s->ended = false;
    (void)spool_file_go(s->rows, s->place);
}

/* One row: 1, 0 at the end, or negative where its refusal can't be written. */
static int
take_row(struct spool *s, struct batch *b)
{
    char source[VERDICTS_SOURCE];
    struct spool_row row;
    unsigned at;
    bool wait;
    int rc = spool_file_next(s->rows, b->arena, &row);

    if (rc < 0) { /* what can't be read ends it, and says so */
        row = (struct spool_row){.line = s->next + 1, .whole = true, .refused = true};
        fault_set(&row.why, FAULT_MALFORMED, "", "the file can't be read from here on: %s",
                  strerror(-rc));
    } else if (rc == 0) {
        return 0;
    }
    verdicts_source(s->file, row.line, source);
    int refused = 0;
    if (row.refused || !batch_add(b, row.json, source, &at, &wait, &row.why))
        refused = refuse_row(s, row.line, row.whole, &row.why);
    if (refused)
        return refused;
    s->next = row.line;
    return rc > 0;
}

bool
spool_take(struct spool *s, struct batch *b)
{
    int rc = 1;

    hear_news(s);
    s->active = s->ended = s->refused = false;
    if (ticks() < s->rest_until || (!s->rows && !next_file(s, b->wall)))
        return false;
    s->active = true;
    s->next = s->place;
    for (int i = 0; i < BATCH_MAX / 2 && rc == 1 && b->bytes < BATCH_BYTES / 2; i++)
        rc = take_row(s, b);
    s->ended = rc == 0;
    if (s->refused && rc >= 0 && results_sync(s->results))
        rc = -EIO;
    if (rc < 0) {
        tell_odd(s, s->file, strerror(-rc));
        s->rest_until = ticks() + SECOND;
        s->again = true;
        (void)spool_file_go(s->rows, s->next);
    }
    return rc >= 0;
}

const struct maat_note *
spool_note(struct spool *s)
{
    s->note = (struct maat_note){s->file, s->next};
    return s->active && s->next > s->place ? &s->note : NULL;
}

int
spool_queued(struct spool *s, bool queued)
{
    if (!s->active)
        return 0;
    if (!queued) {
        step_back(s);
        return 0;
    }
    s->place = s->next;
    if (!s->ended)
        return 0;
    spool_file_close(&s->rows);
    int rc = results_sync(s->results);
    if (rc == 0)
        rc = spool_folder_finish(&s->folder, s->file, s->kept_days > 0);
    if (rc) { /* it stays in taking/, and its note with it */
        tell_odd(s, s->file, strerror(-rc));
        return 0;
    }
    rc = maat_outbox_forget(s->outboxes, s->file);
    return maat_error_is_full(rc) ? 0 : rc; /* no other file has its name */
}

/* --- for people --------------------------------------------------------------------------- */

int64_t
spool_waiting(const struct spool *s)
{
    struct spool_names names = {0};
    char odd[NAME_MAX + 1];
    int64_t count = 0;

    if (spool_folder_list(&s->folder, "", &names, odd) == 0)
        count += (int64_t)names.count;
    if (spool_folder_list(&s->folder, "taking", &names, odd) == 0)
        count += (int64_t)names.count - (s->rows != NULL);
    spool_names_free(&names);
    return count;
}

const char *
spool_taking(const struct spool *s, int64_t *line)
{
    *line = s->place;
    return s->rows ? s->file : NULL;
}

void
spool_prune(struct spool *s, int64_t wall)
{
    spool_folder_prune(&s->folder, wall - s->kept_days * DAY_SECONDS * SECOND);
}
