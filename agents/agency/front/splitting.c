#include "agents/agency/front/splitting.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/agency/front/parts.h"
#include "agents/agency/spool/arrivals.h"
#include "agents/agency/spool/file.h"
#include "agents/agency/spool/results.h"
#include "schema/must.h"

enum { SECOND = 1000000, DAY_SECONDS = 86400, ROWS_A_TURN = 256, PATIENCE = 2 };

struct front_spool {
    struct spool_folder folder;
    struct spool_arrivals arrivals;
    struct spool_names claimed; /* in taking/ */
    struct spool_names aside;   /* these too: to be tried again */
    int64_t again_at;
    bool again; /* those that are claimed were aside, and why was told */
    struct results *results;
    struct front_boards *boards;
    struct arena *arena;
    struct front_parts parts;
    int64_t settle, kept_days;
    int64_t rest_until;

    char file[SPOOL_FILE]; /* is being split; empty: none */
    struct spool_file *rows;
    bool is_split; /* and all parts are written */
};

/* The spool's own, and each board's. */
static int
open_folders(struct front_spool *s, const struct agent_option *o, struct why *why)
{
    int rc = spool_folder_open(&s->folder, o->spool, o->spool_group, why);

    if (rc)
        return rc;
    rc = front_parts_open(&s->parts, &s->folder, s->boards, why);
    if (rc)
        spool_folder_close(&s->folder);
    return rc;
}

int
front_spool_open(struct front_spool **out, const struct agent_option *o,
                 struct front_boards *boards, struct why *why)
{
    struct front_spool *s = must(calloc(1, sizeof *s));

    s->boards = boards;
    s->settle = o->settle_ms * 1000;
    s->kept_days = o->taken_days;
    int rc = open_folders(s, o, why);
    if (rc) {
        free(s);
        return rc;
    }
    s->arena = arena_new();
    s->results = results_open(s->folder.at[SPOOL_WAITS]);
    spool_arrivals_begin(&s->arrivals, &s->folder);
    (void)spool_folder_list(&s->folder, SPOOL_TAKING, &s->claimed, NULL, NULL);
    *out = s;
    return 0;
}

struct pollfd
front_spool_item(const struct front_spool *s)
{
    return (struct pollfd){.fd = s->arrivals.notify, .events = POLLIN};
}

static int
finish_parts(struct front_spool *s)
{
    int rc = results_sync(s->results);
    return rc ? rc : front_parts_finish(&s->parts);
}

static int
publish_all(struct front_spool *s)
{
    int rc = front_parts_publish(&s->parts);

    if (rc == 0)
        rc = spool_folder_finish(&s->folder, s->file, s->kept_days > 0);
    if (rc == 0 || rc == -ENOENT) /* it was moved before a sync failed */
        rc = spool_folder_sync_finished(&s->folder);
    if (rc)
        return rc;
    front_parts_forget(&s->parts);
    s->file[0] = '\0';
    s->is_split = false;
    return 0;
}

/* --- a file -------------------------------------------------------------------------------- */

/* To be tried again after a while, and others meanwhile; but trouble of the machine is every
   file's. */
static void
set_aside(struct front_spool *s, int64_t now, int rc, const char *why)
{
    const int64_t patience = (int64_t)PATIENCE * SECOND;

    if (rc != -EAGAIN && rc != -EEXIST)
        s->rest_until = now + patience;
    s->again_at = (s->rest_until > now ? s->rest_until : now) + patience; /* others have a turn */
    if (!s->again)
        spool_arrivals_odd(&s->arrivals, s->file, why ? why : strerror(-rc));
    spool_names_put(&s->aside, s->file);
    s->file[0] = '\0';
    s->is_split = false;
}

/* To be begun anew. */
static void
go_back(struct front_spool *s, int64_t now, int rc, const char *why)
{
    spool_file_close(&s->rows);
    front_parts_drop(&s->parts);
    set_aside(s, now, rc, why);
}

static void
claim(struct front_spool *s, int64_t now, int64_t wall)
{
    const char *name = spool_arrivals_next(&s->arrivals, now);

    s->claimed.count = s->claimed.next = 0;
    s->again = false;
    if (!name)
        return;
    int rc = spool_folder_is_ready(&s->folder, name, s->settle, wall);
    if (rc == 1 && !(rc = spool_folder_claim(&s->folder, name, wall, &s->claimed)))
        rc = spool_folder_sync_claimed(&s->folder);
    if (rc < 0 && rc != -ENOENT)
        spool_arrivals_odd(&s->arrivals, name, strerror(-rc));
}

/* Those that are aside, in their order, where it is time, or another. */
static void
claim_or_try_again(struct front_spool *s, int64_t now, int64_t wall)
{
    struct spool_names tried = s->claimed;

    if (s->aside.count == 0 || now < s->again_at) {
        claim(s, now, wall);
        return;
    }
    s->claimed = s->aside;
    s->aside = tried;
    s->aside.count = 0;
    s->claimed.next = 0;
    s->again = true;
}

/* Results and parts go by the name, and what was handed in later is to come later. */
static bool
waits_for_its_name(const struct front_spool *s)
{
    for (size_t i = 0; i < s->aside.count; i++)
        if (strcmp(results_name(s->aside.at[i].name), results_name(s->file)) == 0)
            return true;
    return false;
}

static void
refuse_whole(struct front_spool *s, const struct fault *why, int64_t now, int64_t wall)
{
    int rc = results_refuse(s->results, s->file, 0, why, wall);

    if (rc == 0)
        rc = finish_parts(s);
    s->is_split = rc == 0;
    if (rc)
        go_back(s, now, rc, NULL);
}

static void
begin(struct front_spool *s, int64_t now, int64_t wall)
{
    struct fault why;

    (void)snprintf(s->file, sizeof s->file, "%s", s->claimed.at[s->claimed.next++].name);
    if (waits_for_its_name(s)) {
        set_aside(s, now, -EAGAIN, "an earlier one of its name waits");
        return;
    }
    front_parts_begin(&s->parts, s->file);
    s->is_split = front_parts_are_finished(&s->parts);
    if (s->is_split)
        return;
    front_parts_drop(&s->parts);
    int rc = results_begin(s->results, s->file);
    int fd = rc ? rc : spool_folder_read(&s->folder, s->file);
    rc = fd < 0 ? fd : spool_file_open(&s->rows, fd, s->file, &why);
    if (rc == -ENOENT)
        s->file[0] = '\0'; /* somebody took it away */
    else if (rc < 0)
        go_back(s, now, rc, NULL);
    else if (rc == 0)
        refuse_whole(s, &why, now, wall);
}

/* 0, or negative where it must wait, for a reason. */
static int
share_row(struct front_spool *s, struct spool_row *row, int64_t wall, const char **why)
{
    struct front_line route = {0};
    enum front_route where = ROUTE_REFUSED;
    int rc = 0;

    if (row->nothing)
        return results_pass(s->results, s->file, row->line, wall);
    if (row->refused)
        route.why = row->why;
    else
        where = front_route(s->boards, s->arena, row->json, &route);
    if (where == ROUTE_LATER) {
        *why = "a row names a plan that no board has shown, and some have shown none yet";
        return -EAGAIN;
    }
    if (where != ROUTE_TO)
        return results_refuse(s->results, s->file, row->line, &route.why, wall);
    for (unsigned i = 0; i < s->boards->count && rc == 0; i++)
        if (route.boards >> i & 1)
            rc = front_parts_put(&s->parts, i, row);
    return rc;
}

static void
share_rows(struct front_spool *s, int64_t now, int64_t wall)
{
    const char *why = NULL;
    struct spool_row row;
    int rc = 1;

    for (unsigned i = 0; i < ROWS_A_TURN && rc == 1; i++) {
        arena_reset(s->arena);
        if ((rc = spool_file_next(s->rows, s->arena, &row)) != 1)
            break;
        int shared = share_row(s, &row, wall, &why);
        rc = shared ? shared : 1;
    }
    if (rc == 1)
        return;
    if (rc == 0)
        rc = finish_parts(s);
    if (rc) {
        go_back(s, now, rc, why);
        return;
    }
    spool_file_close(&s->rows);
    s->is_split = true;
}

bool
front_spool_step(struct front_spool *s, int64_t now, int64_t wall)
{
    spool_arrivals_hear(&s->arrivals);
    if (now < s->rest_until)
        return false;
    if (!*s->file && s->claimed.next == s->claimed.count)
        claim_or_try_again(s, now, wall);
    if (!*s->file && s->claimed.next == s->claimed.count)
        return false;
    if (!*s->file)
        begin(s, now, wall);
    if (s->rows)
        share_rows(s, now, wall);
    int rc = s->is_split ? publish_all(s) : 0;
    if (rc)
        set_aside(s, now, rc,
                  rc == -EEXIST ? "a board's agent has not taken the last one yet" : NULL);
    return now >= s->rest_until;
}

void
front_spool_prune(struct front_spool *s, int64_t wall)
{
    spool_folder_prune(&s->folder, wall - s->kept_days * DAY_SECONDS * SECOND);
}

void
front_spool_close(struct front_spool **s)
{
    if (!*s)
        return;
    spool_file_close(&(*s)->rows);
    if (*(*s)->file && !(*s)->is_split)
        front_parts_drop(&(*s)->parts);
    results_close(&(*s)->results);
    spool_names_free(&(*s)->claimed);
    spool_names_free(&(*s)->aside);
    spool_arrivals_end(&(*s)->arrivals);
    arena_destroy(&(*s)->arena);
    front_parts_close(&(*s)->parts);
    spool_folder_close(&(*s)->folder);
    free(*s);
    *s = NULL;
}
