#include "agents/agency/front/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "agents/agency/spool/results.h"

enum { PART_NAME = SPOOL_FILE + 8 }; /* with a dot and an ending */

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

    *p = (struct front_parts){.boards = boards, .taking = spool->at[SPOOL_TAKING]};
    for (unsigned i = 0; i < boards->count; i++) {
        p->folder[i] = rc ? -1 : spool_folder_own(spool, boards->at[i].board->name, 0770, why);
        rc = rc || p->folder[i] >= 0 ? rc : p->folder[i];
    }
    if (rc)
        front_parts_close(p);
    return rc;
}

void
front_parts_begin(struct front_parts *p, const char *file)
{
    (void)snprintf(p->file, sizeof p->file, "%s", file);
}

/* --- where ------------------------------------------------------------------------------ */

/* In its board's folder: a part while it is written, or where its board's agent takes it. */
static const char *
part_name(const char *file, bool published, char out[PART_NAME])
{
    const char *name = published ? results_name(file) : file;
    const char *dot = strrchr(name, '.');
    bool is_csv = dot && strcmp(dot, ".csv") == 0;

    (void)snprintf(out, PART_NAME, "%s%s%s", published ? "" : ".", name,
                   published ? (is_csv ? ".jsonl" : "") : ".tmp");
    return out;
}

/* In taking/. */
static const char *
mark_name(const char *file, char out[PART_NAME])
{
    (void)snprintf(out, PART_NAME, ".%s.split", file);
    return out;
}

/* --- writing ---------------------------------------------------------------------------- */

void
front_parts_drop(struct front_parts *p)
{
    char name[PART_NAME];

    for (unsigned i = 0; i < p->boards->count; i++) {
        if (p->part[i].out)
            (void)fclose(p->part[i].out);
        p->part[i] = (struct front_part){0};
        (void)unlinkat(p->folder[i], part_name(p->file, false, name), 0);
    }
}

/* Others may write in the folder: what is there already is not ours. */
static FILE *
begin_part(const struct front_parts *p, unsigned board)
{
    char name[PART_NAME];
    int fd = openat(p->folder[board], part_name(p->file, false, name),
                    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    FILE *out = fd < 0 ? NULL : fdopen(fd, "w");

    if (!out && fd >= 0)
        (void)close(fd);
    return out;
}

int
front_parts_put(struct front_parts *p, unsigned board, const struct spool_row *row)
{
    struct front_part *part = &p->part[board];

    if (!part->out) {
        part->out = begin_part(p, board);
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
finish_part(struct front_part *part, int folder)
{
    int rc = 0;

    if (part->out) {
        rc = fflush(part->out) || fsync(fileno(part->out)) || fsync(folder) ? -errno : 0;
        (void)fclose(part->out);
    }
    *part = (struct front_part){0};
    return rc;
}

static int
make_mark(const struct front_parts *p)
{
    char name[PART_NAME];
    int fd = openat(p->taking, mark_name(p->file, name), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    int rc = fd < 0 || fsync(p->taking) ? -errno : 0;

    if (fd >= 0)
        (void)close(fd);
    if (rc)
        (void)unlinkat(p->taking, name, 0);
    return rc;
}

int
front_parts_finish(struct front_parts *p)
{
    int rc = 0;

    for (unsigned i = 0; i < p->boards->count; i++) {
        int one = finish_part(&p->part[i], p->folder[i]);
        rc = rc ? rc : one;
    }
    return rc ? rc : make_mark(p);
}

/* --- publishing ------------------------------------------------------------------------- */

/* Into its place, where no earlier one of this name may wait. Was it done before, there is
   nothing to move. */
static int
publish(const struct front_parts *p, unsigned board)
{
    char from[PART_NAME], to[PART_NAME];
    int folder = p->folder[board];

    if (renameat2(folder, part_name(p->file, false, from), folder, part_name(p->file, true, to),
                  RENAME_NOREPLACE)
        == 0)
        return fsync(folder) ? -errno : 0;
    return errno == ENOENT ? 0 : -errno;
}

int
front_parts_publish(const struct front_parts *p)
{
    int rc = 0;

    for (unsigned i = 0; i < p->boards->count && rc == 0; i++)
        rc = publish(p, i);
    return rc;
}

bool
front_parts_are_finished(const struct front_parts *p)
{
    char name[PART_NAME];

    return faccessat(p->taking, mark_name(p->file, name), F_OK, 0) == 0;
}

void
front_parts_forget(const struct front_parts *p)
{
    char name[PART_NAME];

    (void)unlinkat(p->taking, mark_name(p->file, name), 0);
}
