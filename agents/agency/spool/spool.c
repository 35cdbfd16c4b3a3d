#include "agents/agency/spool/spool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agents/agency/spool/intake.h"
#include "agents/agency/verdicts.h"
#include "schema/must.h"
#include "schema/wire/host_clock.h"

/* A file of which rows were taken in this turn, or which was refused as a whole. */
struct spool_part {
    char file[SPOOL_FILE];
    int64_t place; /* the line up to which it was taken */
    bool moved;    /* that is further than was noted */
    bool ended;    /* and it is at its end */
};

struct spool {
    struct spool_intake in;
    struct maat_outbox *outboxes;
    int64_t place; /* noted of the file that is being taken: the line up to which it was */
    int64_t next;  /* the same, with this turn's batch */
    struct spool_part parts[SPOOL_FILES];
    struct maat_note notes[SPOOL_FILES];
    size_t count;
};

int
spool_open(struct spool **out, const struct agent_option *o, bool stamped,
           struct maat_outbox *outboxes, struct results **results, struct why *why)
{
    struct spool *s = must(calloc(1, sizeof *s));

    int rc = spool_intake_open(&s->in, o, stamped, why);
    if (rc) {
        free(s);
        return rc;
    }
    s->outboxes = outboxes;
    *results = s->in.results;
    *out = s;
    return 0;
}

void
spool_close(struct spool **s)
{
    if (!*s)
        return;
    spool_intake_close(&(*s)->in);
    free(*s);
    *s = NULL;
}

struct pollfd
spool_item(const struct spool *s)
{
    return spool_intake_item(&s->in);
}

static int64_t
now(void)
{
    return clock_microseconds(CLOCK_MONOTONIC);
}

/* --- the next file ---------------------------------------------------------------------- */

static void
add_part(struct spool *s, bool ended)
{
    struct spool_part *part = &s->parts[s->count++];

    memcpy(part->file, s->in.file, sizeof part->file);
    part->place = s->next;
    part->moved = s->next > s->place;
    part->ended = ended;
}

/* Opens a file of taking/ where it was left: 1, or 0 where it is refused as a whole, which
   has no rows and is at its end; or negative. */
static int
begin(struct spool *s, struct batch *b, const char *file)
{
    struct fault why;
    int rc = maat_outbox_noted(s->outboxes, file, &s->place);

    if (rc)
        return rc;
    rc = spool_intake_begin(&s->in, file, file, s->place, b->wall, &why);
    if (rc == 0)
        s->place = 0;
    s->next = s->place;
    if (rc == 0) {
        batch_count_refused(b, &why);
        add_part(s, true);
    }
    return rc;
}

/* 1: a file is open. 0: none now. */
static int
next_file(struct spool *s, struct batch *b)
{
    const char *file;
    int rc = 0;

    while (rc == 0 && s->count < SPOOL_FILES
           && (rc = spool_intake_next(&s->in, now(), b->wall, &file)) == 1) {
        rc = begin(s, b, file);
        rc = rc == -ENOENT ? 0 : rc; /* somebody took it away */
    }
    return rc;
}

/* --- its rows ---------------------------------------------------------------------------- */

/* One row: 1, 0 at the end, or negative where its result can't be written. */
static int
take_row(struct spool *s, struct batch *b)
{
    char source[VERDICTS_SOURCE];
    struct spool_row row;
    unsigned at;
    bool wait;

    if (!spool_intake_row(&s->in, b->arena, &row))
        return 0;
    verdicts_source(s->in.file, row.line, source);
    bool queued = !row.refused && !row.nothing
                  && batch_add(b, row.json, source, s->in.handed_in, &at, &wait, &row.why);
    int told = queued ? 0 : spool_intake_tell(&s->in, &row, b->wall);
    if (told < 0)
        return told;
    if (told && !row.nothing)
        batch_count_refused(b, &row.why);
    s->next = row.line;
    return 1;
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
        spool_intake_end(&s->in);
    return rc < 0 ? rc : 0;
}

/* To what is noted by then, after a while. */
static void
step_back(struct spool *s, int rc)
{
    spool_intake_rest(&s->in, rc, now());
    spool_intake_resume(&s->in);
}

bool
spool_take(struct spool *s, struct batch *b)
{
    int rc = 1;

    spool_arrivals_hear(&s->in.arrivals);
    s->count = 0;
    if (spool_intake_rests(&s->in, now()))
        return false;
    while (rc >= 0 && has_room(s, b) && (s->in.rows || (rc = next_file(s, b)) == 1))
        rc = take_rows(s, b);
    if (rc >= 0)
        rc = spool_intake_sync(&s->in);
    if (rc < 0)
        step_back(s, rc);
    else if (s->count > 0)
        spool_intake_goes_on(&s->in);
    return rc >= 0 && s->count > 0;
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
        if ((rc = spool_folder_finish(&s->in.folder, part->file, s->in.kept_days > 0)))
            spool_arrivals_odd(&s->in.arrivals, part->file, strerror(-rc));
        else
            done[count++] = part->file;
    }
    if (count == 0)
        return 0;
    if ((rc = spool_folder_sync_finished(&s->in.folder))) {
        spool_intake_rest(&s->in, rc, now());
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
        step_back(s, 0); /* the outbox has told why */
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

    if (spool_names_list(&s->in.folder, SPOOL_WAITS, &names, NULL, NULL) == 0)
        count += (int64_t)names.count;
    if (spool_names_list(&s->in.folder, SPOOL_TAKING, &names, NULL, NULL) == 0)
        count += (int64_t)names.count - (s->in.rows != NULL);
    spool_names_free(&names);
    return count;
}

const char *
spool_taking(const struct spool *s, int64_t *line)
{
    *line = s->place;
    return s->in.rows ? s->in.file : NULL;
}

void
spool_prune(struct spool *s, int64_t wall)
{
    spool_intake_prune(&s->in, wall);
}
