#include "agents/agency/front/splitting.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/agency/front/orphans.h"
#include "agents/agency/front/parts.h"
#include "agents/agency/spool/intake.h"
#include "schema/must.h"

enum { SECOND = 1000000, ROWS_A_TURN = 256, LONG = 4096 /* lines */, PATIENCE = 2 };

struct front_spool {
    struct spool_intake in;
    struct front_boards *boards;
    struct arena *arena;
    struct front_parts parts;
    struct spool_names split; /* all their parts are written; they are still in taking/ */
    struct spool_names left;  /* in taking/: what could not be split, and is tried again */
    int64_t again_at;         /* then */
    unsigned shown;           /* of boards->shown: the plans by which files are split now */
    bool tries_rests;         /* not since they were shown */
    bool broken;              /* something failed between a part's being written and published */
    bool waits, goes;         /* a row of the file that is being split; another */
};

/* The spool's own, and each board's. */
static int
open_folders(struct front_spool *s, const struct agent_option *o, struct why *why)
{
    int rc = spool_intake_open(&s->in, o, false, why);

    if (rc)
        return rc;
    rc = front_parts_open(&s->parts, &s->in.folder, s->boards, why);
    if (rc == 0) {
        front_orphans_tell(&s->in.folder, s->boards);
        return 0;
    }
    spool_intake_close(&s->in);
    results_close(&s->in.results);
    return rc;
}

int
front_spool_open(struct front_spool **out, const struct agent_option *o,
                 struct front_boards *boards, struct why *why)
{
    struct front_spool *s = must(calloc(1, sizeof *s));

    s->boards = boards;
    s->broken = true;
    int rc = open_folders(s, o, why);
    if (rc) {
        free(s);
        return rc;
    }
    s->arena = arena_new();
    *out = s;
    return 0;
}

void
front_spool_close(struct front_spool **s)
{
    if (!*s)
        return;
    front_parts_drop(&(*s)->parts);
    front_parts_close(&(*s)->parts);
    spool_names_free(&(*s)->split);
    spool_names_free(&(*s)->left);
    arena_destroy(&(*s)->arena);
    spool_intake_close(&(*s)->in);
    results_close(&(*s)->in.results);
    free(*s);
    *s = NULL;
}

struct pollfd
front_spool_item(const struct front_spool *s)
{
    return spool_intake_item(&s->in);
}

void
front_spool_prune(struct front_spool *s, int64_t wall)
{
    spool_intake_prune(&s->in, wall);
}

/* --- what is split ------------------------------------------------------------------------ */

/* What is a rest is kept with the file that it is of. */
static int
finish_files(struct front_spool *s)
{
    int rc = 0;

    for (size_t i = 0; i < s->split.count && rc == 0; i++) {
        const char *file = s->split.at[i].name;
        rc = spool_folder_finish(&s->in.folder, file,
                                 s->in.kept_days > 0 && !spool_folder_is_rest(file));
        rc = rc == -ENOENT ? 0 : rc; /* somebody took it away */
    }
    return rc ? rc : spool_folder_sync_finished(&s->in.folder);
}

/* All is durable, and leaves taking/; then the boards' agents may have it. */
static int
commit(struct front_spool *s)
{
    int rc = spool_intake_sync(&s->in);

    if (rc == 0)
        rc = front_parts_sync(&s->parts);
    if (rc == 0)
        rc = finish_files(s);
    for (size_t i = 0; i < s->split.count && rc == 0; i++)
        rc = front_parts_publish(&s->parts, s->split.at[i].name);
    s->split.count = 0;
    s->broken = rc != 0;
    if (rc == 0)
        spool_intake_goes_on(&s->in);
    return rc;
}

static int
recover(struct front_spool *s)
{
    int rc = spool_folder_sync_finished(&s->in.folder);

    if (rc == 0)
        rc = front_parts_recover(&s->parts);
    s->broken = rc != 0;
    s->left.count = 0;
    s->tries_rests = true;
    spool_intake_resume(&s->in);
    return rc;
}

/* All that is in taking/ once more, in its order. */
static int
start_over(struct front_spool *s)
{
    spool_intake_end(&s->in);
    front_parts_drop(&s->parts);
    int rc = s->split.count ? commit(s) : 0;
    s->left.count = 0;
    spool_intake_resume(&s->in);
    return rc;
}

/* --- a file -------------------------------------------------------------------------------- */

/* A rest until other plans are known; and behind one that could not be split those of its name. */
static bool
must_wait(struct front_spool *s, const char *file)
{
    if (spool_folder_is_rest(file) && !s->tries_rests)
        return true;
    for (size_t i = 0; i < s->left.count; i++)
        if (strcmp(results_name(s->left.at[i].name), results_name(file)) == 0)
            return true;
    return false;
}

/* As for -errno: other files have their turn, and then this one again. */
static int
leave_file(struct front_spool *s, int rc, int64_t now)
{
    spool_intake_end(&s->in);
    front_parts_drop(&s->parts);
    if (s->left.count == 0)
        s->again_at = now + (int64_t)PATIENCE * SECOND;
    spool_names_put(&s->left, s->in.file);
    spool_intake_rest(&s->in, rc, now);
    return s->split.count ? commit(s) : 0;
}

static int
begin(struct front_spool *s, const char *file, int64_t wall)
{
    char origin[SPOOL_FILE];
    struct fault why;

    s->waits = s->goes = false;
    front_parts_begin(&s->parts, file);
    int rc = spool_intake_begin(&s->in, file, front_parts_origin(file, origin), 0, wall, &why);
    if (rc == 0)
        spool_names_put(&s->split, file);
    return rc;
}

/* All that is in taking/ was tried. */
static int
end_pass(struct front_spool *s)
{
    s->tries_rests = false;
    return s->split.count ? commit(s) : 0;
}

/* 1: a file is open. 0: there is none. */
static int
begin_next(struct front_spool *s, int64_t now, int64_t wall)
{
    const char *file;
    int rc = 0;

    while (rc == 0) {
        if (s->in.claimed.next == s->in.claimed.count && (rc = end_pass(s)))
            break;
        if ((rc = spool_intake_next(&s->in, now, wall, &file)) != 1)
            break;
        rc = must_wait(s, file) ? 0 : begin(s, file, wall);
        rc = rc == -ENOENT ? 0 : rc; /* somebody took it away */
    }
    return rc;
}

static int
share_row(struct front_spool *s, struct spool_row *row, int64_t wall)
{
    struct front_line route = {0};
    enum front_route where = ROUTE_REFUSED;
    int rc = 0;

    if (!row->nothing && !row->refused) {
        where = front_route(s->boards, s->arena, row->json, &route);
        row->why = route.why;
    }
    s->waits |= where == ROUTE_LATER;
    s->goes |= where != ROUTE_LATER;
    if (where == ROUTE_LATER)
        return front_parts_put(&s->parts, FRONT_REST, row);
    if (where != ROUTE_TO) {
        rc = spool_intake_tell(&s->in, row, wall);
        return rc < 0 ? rc : 0;
    }
    for (unsigned i = 0; i < s->boards->count && rc == 0; i++)
        if (route.boards >> i & 1)
            rc = front_parts_put(&s->parts, i, row);
    return rc;
}

/* A rest of which no row goes anywhere yet stays as it is. */
static int
end_file(struct front_spool *s)
{
    spool_intake_end(&s->in);
    if (s->waits && !s->goes && spool_folder_is_rest(s->in.file)) {
        front_parts_drop(&s->parts);
        return 0;
    }
    int rc = front_parts_end(&s->parts);
    if (rc)
        return rc;
    if (s->waits)
        spool_arrivals_odd(&s->in.arrivals, s->in.said_as,
                           "rows of it wait: they name plans that no board has shown, and some "
                           "have shown none yet");
    spool_names_put(&s->split, s->in.file);
    return s->in.line >= LONG ? commit(s) : 0;
}

/* As many as belong into one turn. */
static int
share_rows(struct front_spool *s, int64_t wall)
{
    struct spool_row row;
    int rc = 0;

    for (unsigned i = 0; i < ROWS_A_TURN && rc == 0; i++) {
        arena_reset(s->arena);
        if (!spool_intake_row(&s->in, s->arena, &row))
            return end_file(s);
        rc = share_row(s, &row, wall);
    }
    return rc;
}

/* --- a turn -------------------------------------------------------------------------------- */

/* What is in between is in order, and files are split by the plans that are known now. */
static int
make_ready(struct front_spool *s, int64_t now)
{
    const unsigned shown = s->shown;

    s->shown = s->boards->shown;
    if (s->broken)
        return recover(s);
    s->tries_rests |= shown != s->shown;
    bool again = s->left.count && now >= s->again_at && !s->in.rows;
    return shown != s->shown || again ? start_over(s) : 0;
}

bool
front_spool_step(struct front_spool *s, int64_t now, int64_t wall)
{
    spool_arrivals_hear(&s->in.arrivals);
    if (spool_intake_rests(&s->in, now))
        return false;
    int rc = make_ready(s, now);
    int more = rc == 0 && !s->in.rows ? begin_next(s, now, wall) : 1;
    if (rc == 0 && more == 1 && (rc = share_rows(s, wall)) && !s->broken)
        rc = leave_file(s, rc, now);
    if (rc == 0 && more < 0)
        rc = more;
    if (rc) {
        s->broken = true;
        spool_intake_rest(&s->in, rc, now);
    }
    return rc == 0 && more == 1;
}
