#include "agents/agency/front/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agents/agency/spool/names.h"
#include "agents/agency/spool/results.h"

enum {
    PART_NAME = SPOOL_FILE + 8, /* with an ending */
    FEW = 8,                    /* parts that are synced one by one */
};

void
front_parts_close(struct front_parts *p)
{
    for (unsigned i = 0; i < p->boards->count; i++)
        if (p->folder[i] >= 0)
            (void)close(p->folder[i]);
}

int
front_parts_open(struct front_parts *p, const struct spool_folder *spool,
                 const struct front_boards *boards, struct why *why)
{
    int rc = 0;

    *p = (struct front_parts){.boards = boards, .spool = spool};
    for (unsigned i = 0; i < FRONT_PARTS; i++)
        p->folder[i] = -1;
    for (unsigned i = 0; i < boards->count && rc == 0; i++) {
        p->folder[i] = spool_folder_own(spool, boards->at[i].board->name, 0750, why);
        rc = p->folder[i] < 0 ? p->folder[i] : 0;
    }
    p->folder[FRONT_REST] = spool->at[SPOOL_TAKING];
    if (rc)
        front_parts_close(p);
    return rc;
}

void
front_parts_begin(struct front_parts *p, const char *file)
{
    (void)snprintf(p->file, sizeof p->file, "%s", file);
}

/* --- names ------------------------------------------------------------------------------ */

/* TIME.K-NAME: how long TIME is, and K; 0 of TIME-NAME. */
static size_t
read_rest(const char *file, long *k)
{
    size_t len = strcspn(file, ".-");

    *k = file[len] == '.' ? strtol(file + len + 1, NULL, 10) : 0;
    return len;
}

const char *
front_parts_origin(const char *file, char origin[SPOOL_FILE])
{
    long k;

    size_t len = read_rest(file, &k);
    (void)snprintf(origin, SPOOL_FILE, "%.*s-%s", (int)len, file, results_name(file));
    return origin;
}

static const char *
published_name(unsigned which, const char *file, char out[PART_NAME])
{
    const char *dot = strrchr(file, '.');
    long k;

    if (which != FRONT_REST) {
        bool is_csv = dot && strcasecmp(dot, ".csv") == 0;
        (void)snprintf(out, PART_NAME, "%s%s", file, is_csv ? ".jsonl" : "");
        return out;
    }
    size_t len = read_rest(file, &k);
    (void)snprintf(out, PART_NAME, "%.*s.%ld-%s", (int)len, file, k + 1, results_name(file));
    return out;
}

/* --- writing ---------------------------------------------------------------------------- */

void
front_parts_drop(struct front_parts *p)
{
    char name[SPOOL_DRAFT];

    for (unsigned i = 0; i < FRONT_PARTS && *p->file; i++) {
        if (p->part[i].out)
            (void)fclose(p->part[i].out);
        p->part[i] = (struct front_part){0};
        (void)unlinkat(p->folder[i], spool_names_draft(p->file, name), 0);
    }
    p->file[0] = '\0';
}

/* Others may write in the folder: what is there already is not ours. */
static FILE *
begin_part(const struct front_parts *p, unsigned which)
{
    char name[SPOOL_DRAFT];
    int fd = openat(p->folder[which], spool_names_draft(p->file, name),
                    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    FILE *out = fd < 0 ? NULL : fdopen(fd, "w");

    if (!out && fd >= 0)
        (void)close(fd);
    return out;
}

int
front_parts_put(struct front_parts *p, unsigned which, const struct spool_row *row)
{
    struct front_part *part = &p->part[which];

    if (!part->out) {
        part->out = begin_part(p, which);
        part->line = 1;
    }
    if (!part->out)
        return -errno;
    for (; part->line < row->line; part->line++)
        (void)fputc('\n', part->out);
    (void)fprintf(part->out, "%.*s\n", (int)row->json.len, row->json.at);
    part->line++;
    return ferror(part->out) ? -EIO : 0;
}

static int
end_part(struct front_parts *p, unsigned which)
{
    FILE *out = p->part[which].out;
    bool is_one_of_few = p->ended++ < FEW;

    p->touched[which] = true;
    return fflush(out) || (is_one_of_few && fsync(fileno(out))) ? -errno : 0;
}

int
front_parts_end(struct front_parts *p)
{
    int rc = 0;

    for (unsigned i = 0; i < FRONT_PARTS && rc == 0; i++)
        if (p->part[i].out)
            rc = end_part(p, i);
    if (rc) {
        front_parts_drop(p);
        return rc;
    }
    for (unsigned i = 0; i < FRONT_PARTS; i++) {
        if (p->part[i].out)
            (void)fclose(p->part[i].out);
        p->part[i] = (struct front_part){0};
    }
    p->file[0] = '\0';
    return 0;
}

/* Many at once with all that their disk has to write: there may be hundreds. */
int
front_parts_sync(struct front_parts *p)
{
    bool are_many = p->ended > FEW;

    for (unsigned i = 0; i < FRONT_PARTS; i++) {
        if (p->touched[i] && (are_many ? syncfs(p->folder[i]) : fsync(p->folder[i])))
            return -errno;
        p->touched[i] = false;
    }
    p->ended = 0;
    return 0;
}

/* --- publishing ------------------------------------------------------------------------- */

/* Was it done before, there is nothing to move. */
static int
publish(const struct front_parts *p, unsigned which, const char *file)
{
    char from[SPOOL_DRAFT], to[PART_NAME];
    int folder = p->folder[which];

    return renameat2(folder, spool_names_draft(file, from), folder, published_name(which, file, to),
                     RENAME_NOREPLACE)
                   && errno != ENOENT
               ? -errno
               : 0;
}

int
front_parts_publish(const struct front_parts *p, const char *file)
{
    int rc = 0;

    for (unsigned i = 0; i < FRONT_PARTS && rc == 0; i++)
        if (p->folder[i] >= 0)
            rc = publish(p, i, file);
    return rc;
}

/* What can't be removed is in the way of its file alone. */
static int
recover_part(const struct front_parts *p, unsigned which, const char *file)
{
    char name[SPOOL_DRAFT];

    if (faccessat(p->spool->at[SPOOL_TAKING], file, F_OK, 0))
        return errno == ENOENT ? publish(p, which, file) : -errno;
    (void)unlinkat(p->folder[which], spool_names_draft(file, name), 0);
    return 0;
}

int
front_parts_recover(struct front_parts *p)
{
    struct spool_names drafts = {0};
    int rc = 0;

    front_parts_drop(p);
    for (unsigned i = 0; i < FRONT_PARTS && rc == 0; i++) {
        if (p->folder[i] < 0)
            continue;
        rc = spool_names_list_drafts(p->folder[i], &drafts);
        for (size_t k = 0; k < drafts.count && rc == 0; k++)
            rc = recover_part(p, i, drafts.at[k].name);
    }
    spool_names_free(&drafts);
    p->ended = 0;
    return rc;
}
