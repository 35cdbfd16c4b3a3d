#include "agents/agency/spool/spool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agents/agency/events.h"
#include "agents/agency/spool/arrivals.h"
#include "agents/agency/spool/file.h"
#include "agents/agency/verdicts.h"
#include "schema/must.h"
#include "schema/wire/host_clock.h"

enum { SECOND = 1000000, DAY_SECONDS = 86400 };

/* A file of which rows were taken in this turn, or which was refused as a whole. */
struct spool_part {
    char file[SPOOL_FILE];
    int64_t place; /* the line up to which it was taken */
    bool moved;    /* that is further than was noted */
    bool ended;    /* and it is at its end */
};

struct spool {
    struct spool_folder folder;
    struct maat_outbox *outboxes;
    struct results *results;
    int64_t settle;
    int64_t kept_days;

    struct spool_arrivals arrivals;
    struct spool_names claimed; /* in taking/ */
    bool loose;                 /* which may not be durable */
    int64_t rest_until;         /* a disk was full */

    struct spool_file *rows; /* of the file that is being taken, or NULL */
    char file[SPOOL_FILE];
    int64_t place; /* noted: the line up to which it was taken */
    int64_t next;  /* the same, with this turn's batch */
    bool again;    /* lines may have been refused before */
    bool told;     /* results were written in this turn */
    bool stands;   /* as the log has told */
    struct spool_part parts[SPOOL_FILES];
    struct maat_note notes[SPOOL_FILES];
    size_t count;
};

/* All of taking/, from before the agent ended, or a turn failed. */
static void
resume(struct spool *s)
{
    (void)spool_folder_list(&s->folder, SPOOL_TAKING, &s->claimed, NULL, NULL);
    s->again = s->loose = true;
}

int
spool_open(struct spool **out, const struct agent_option *o, struct maat_outbox *outboxes,
           struct results **results, struct why *why)
{
    struct spool *s = must(calloc(1, sizeof *s));

    int rc = spool_folder_open(&s->folder, o->spool, o->spool_group, why);
    if (rc) {
        free(s);
        return rc;
    }
    s->outboxes = outboxes;
    s->results = *results = results_open(s->folder.at[SPOOL_WAITS]);
    s->settle = o->settle_ms * 1000;
    s->kept_days = o->taken_days;
    spool_arrivals_begin(&s->arrivals, &s->folder);
    resume(s);
    *out = s;
    return 0;
}

void
spool_close(struct spool **s)
{
    if (!*s)
        return;
    spool_file_close(&(*s)->rows);
    spool_names_free(&(*s)->claimed);
    spool_arrivals_end(&(*s)->arrivals);
    spool_folder_close(&(*s)->folder);
    free(*s);
    *s = NULL;
}

struct pollfd
spool_item(const struct spool *s)
{
    return (struct pollfd){.fd = s->arrivals.notify, .events = POLLIN};
}

/* --- which file ------------------------------------------------------------------------ */

/* Tries again after a while. */
static void
rest(struct spool *s)
{
    s->rest_until = clock_microseconds(CLOCK_MONOTONIC) + SECOND;
}

/* What is wrong with the folder, not with a file of it. */
static bool
is_of_disk(int rc)
{
    return rc == -EROFS || rc == -ENOSPC || rc == -EDQUOT || rc == -EIO;
}

/* Once, however many files wait; and when one could be taken. */
static void
tell_disk(struct spool *s, int rc)
{
    struct log_line line = agent_event(rc ? AGENT_SPOOL_STANDS : AGENT_SPOOL_GOES_ON);

    if (s->stands == (rc != 0))
        return;
    s->stands = rc != 0;
    log_word(&line, "folder", s->folder.root);
    if (rc)
        log_word(&line, "reason", strerror(-rc));
    log_write(&line);
}

static void
claim(struct spool *s, const char *name, int64_t wall)
{
    int rc = spool_folder_is_ready(&s->folder, name, s->settle, wall);

    if (rc == 1 && !(rc = spool_folder_claim(&s->folder, name, wall, &s->claimed)))
        (void)results_begin(s->results, s->claimed.at[s->claimed.count - 1].name);
    if (is_of_disk(rc))
        tell_disk(s, rc);
    else if (rc < 0 && rc != -ENOENT)
        spool_arrivals_odd(&s->arrivals, name, strerror(-rc));
}

/* Some that wait come to taking/. */
static void
claim_some(struct spool *s, int64_t wall)
{
    const char *name;

    s->again = false;
    s->claimed.count = s->claimed.next = 0;
    while (s->claimed.count < SPOOL_FILES
           && (name = spool_arrivals_next(&s->arrivals, clock_microseconds(CLOCK_MONOTONIC))))
        claim(s, name, wall);
    s->loose = s->claimed.count > 0;
}

/* Before a row of theirs is queued: else one could wait once more after a fall of the
   machine, and be taken again. */
static bool
secure_claims(struct spool *s)
{
    int rc = s->loose ? spool_folder_sync_claimed(&s->folder) : 0;

    s->loose = rc != 0;
    if (rc) {
        tell_disk(s, rc);
        rest(s);
    }
    return rc == 0;
}

/* --- the next file ---------------------------------------------------------------------- */

static void
add_part(struct spool *s, bool ended)
{
    struct spool_part *part = &s->parts[s->count++];

    memcpy(part->file, s->file, sizeof part->file);
    part->place = s->next;
    part->moved = s->next > s->place;
    part->ended = ended;
}

/* A file refused as a whole has no rows, and is at its end. */
static void
refuse_whole(struct spool *s, struct batch *b, const struct fault *why)
{
    if (!results_hold_line(s->results, s->file, 0)) {
        (void)results_refuse(s->results, s->file, 0, why, b->wall);
        batch_count_refused(b, why);
    }
    s->told = true;
    s->next = s->place = 0;
    add_part(s, true);
}

/* Opens a file of taking/ where it was left. */
static bool
begin(struct spool *s, struct batch *b, const char *file)
{
    int fd = spool_folder_read(&s->folder, file);
    struct log_line line = agent_event(AGENT_SPOOL_FILE);
    struct fault why;

    (void)snprintf(s->file, sizeof s->file, "%s", file);
    log_word(&line, "file", file);
    log_write(&line);
    int rc = fd < 0 ? fd : maat_outbox_noted(s->outboxes, file, &s->place);
    if (rc == 0)
        rc = spool_file_open(&s->rows, fd, file, &why);
    else if (fd >= 0)
        (void)close(fd);
    s->next = s->place;
    if (rc == 1 && !(rc = spool_file_go(s->rows, s->place)))
        return true;
    if (rc < 0)
        fault_set(&why, FAULT_MALFORMED, "", "can't be read: %s", maat_error_text(rc));
    spool_file_close(&s->rows);
    refuse_whole(s, b, &why);
    return false;
}

static bool
next_file(struct spool *s, struct batch *b)
{
    if (s->claimed.next == s->claimed.count)
        claim_some(s, b->wall);
    if (!secure_claims(s))
        return false;
    while (s->claimed.next < s->claimed.count && s->count < SPOOL_FILES)
        if (begin(s, b, s->claimed.at[s->claimed.next++].name))
            return true;
    return false;
}

/* --- its rows ---------------------------------------------------------------------------- */

/* Of a row that is not queued: what became of it is told at once. */
static int
tell_row(struct spool *s, struct batch *b, struct spool_row *row)
{
    if (!row->whole && row->why.code == FAULT_MALFORMED)
        fault_set(&row->why, FAULT_MALFORMED, "",
                  "the file ends within this line: it may have been cut off");
    if (s->again && results_hold_line(s->results, s->file, row->line))
        return 0;
    s->told = true;
    if (row->nothing)
        return results_pass(s->results, s->file, row->line, b->wall);
    int rc = results_refuse(s->results, s->file, row->line, &row->why, b->wall);
    if (rc == 0)
        batch_count_refused(b, &row->why);
    return rc;
}

/* One row: 1, 0 at the end, or negative where its result can't be written. */
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
    bool queued =
        !row.refused && !row.nothing && batch_add(b, row.json, source, &at, &wait, &row.why);
    int told = queued ? 0 : tell_row(s, b, &row);
    if (told)
        return told;
    s->next = row.line;
    return rc > 0;
}

static bool
has_room(const struct spool *s, const struct batch *b)
{
    return s->count < SPOOL_FILES && b->looked < BATCH_MAX / 2 && b->bytes < BATCH_BYTES / 2;
}

/* Rows of one file, as many as there is room for. 0, or negative where a result can't
   be written: then from that row on another time. */
static int
take_rows(struct spool *s, struct batch *b)
{
    int rc = 1;

    while (rc == 1 && has_room(s, b))
        rc = take_row(s, b);
    add_part(s, rc == 0);
    if (rc == 0)
        spool_file_close(&s->rows);
    if (rc < 0)
        (void)spool_file_go(s->rows, s->next);
    return rc < 0 ? rc : 0;
}

bool
spool_take(struct spool *s, struct batch *b)
{
    int rc = 0;

    spool_arrivals_hear(&s->arrivals);
    s->count = 0;
    s->told = false;
    if (clock_microseconds(CLOCK_MONOTONIC) < s->rest_until)
        return false;
    while (rc == 0 && has_room(s, b) && (s->rows || next_file(s, b)))
        rc = take_rows(s, b);
    if (s->told && rc == 0)
        rc = results_sync(s->results);
    if (s->count > 0 || rc)
        tell_disk(s, rc);
    if (rc == 0)
        return s->count > 0;
    rest(s);
    s->again = true;
    return false;
}

size_t
spool_notes(struct spool *s, const struct maat_note **notes)
{
    size_t count = 0;

    for (size_t i = 0; i < s->count; i++)
        if (s->parts[i].moved)
            s->notes[count++] = (struct maat_note){s->parts[i].file, s->parts[i].place};
    *notes = s->notes;
    return count;
}

/* Goes back to what is noted, after a while. */
static void
step_back(struct spool *s)
{
    rest(s);
    spool_file_close(&s->rows);
    resume(s);
}

/* Those that are at their end leave taking/, and no other file has their names. One that
   can't be moved stays, and its note with it. */
static int
finish(struct spool *s)
{
    const char *done[SPOOL_FILES];
    size_t count = 0;
    int rc;

    for (size_t i = 0; i < s->count; i++) {
        const struct spool_part *part = &s->parts[i];
        if (!part->ended)
            continue;
        if ((rc = spool_folder_finish(&s->folder, part->file, s->kept_days > 0)))
            spool_arrivals_odd(&s->arrivals, part->file, strerror(-rc));
        else
            done[count++] = part->file;
    }
    if (count == 0)
        return 0;
    if ((rc = spool_folder_sync_finished(&s->folder))) {
        tell_disk(s, rc);
        return 0;
    }
    rc = maat_outbox_forget(s->outboxes, done, count);
    return maat_error_is_full(rc) ? 0 : rc;
}

int
spool_queued(struct spool *s, bool queued)
{
    if (s->count == 0)
        return 0;
    if (!queued) {
        step_back(s);
        return 0;
    }
    s->place = s->next;
    return finish(s);
}

/* --- for people --------------------------------------------------------------------------- */

int64_t
spool_waiting(const struct spool *s)
{
    struct spool_names names = {0};
    int64_t count = 0;

    if (spool_folder_list(&s->folder, SPOOL_WAITS, &names, NULL, NULL) == 0)
        count += (int64_t)names.count;
    if (spool_folder_list(&s->folder, SPOOL_TAKING, &names, NULL, NULL) == 0)
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
