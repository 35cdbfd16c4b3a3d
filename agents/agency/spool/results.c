#include "agents/agency/spool/results.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agents/agency/events.h"
#include "agents/agency/spool/results_lines.h"
#include "agents/files/lines.h"
#include "schema/must.h"

/* A file of results that is open to be appended to; the one used last stays so. */
struct sheet {
    const char *ending;
    int fd;       /* -1: none */
    bool written; /* since the last sync */
    bool unused;  /* what has its name is not ours */
    char name[NAME_MAX + 1];
};

enum { DONE, REFUSALS, SHEETS };

struct results {
    int folder;
    bool closed; /* a sheet that was written to, since the last sync */
    struct arena *arena;
    struct sheet sheets[SHEETS];
    struct {
        char file[NAME_MAX + 1]; /* empty: of none */
        int64_t *at;             /* what its results say: n, or -line; sorted */
        size_t count, cap;
    } said;
};

const char *
results_name(const char *file)
{
    const char *dash = strchr(file, '-');
    return dash ? dash + 1 : file;
}

struct results *
results_open(int folder)
{
    struct results *r = must(calloc(1, sizeof *r));

    r->folder = fcntl(folder, F_DUPFD_CLOEXEC, 0);
    r->arena = arena_new();
    r->sheets[DONE] = (struct sheet){.ending = "done", .fd = -1};
    r->sheets[REFUSALS] = (struct sheet){.ending = "refused", .fd = -1};
    return r;
}

static void
close_sheet(struct results *r, struct sheet *s)
{
    r->closed |= s->written;
    if (s->fd >= 0)
        (void)close(s->fd);
    s->fd = -1;
    s->written = s->unused = false;
}

void
results_close(struct results **r)
{
    if (!*r)
        return;
    (void)results_sync(*r);
    for (int i = 0; i < SHEETS; i++)
        close_sheet(*r, &(*r)->sheets[i]);
    if ((*r)->folder >= 0)
        (void)close((*r)->folder);
    arena_destroy(&(*r)->arena);
    free((*r)->said.at);
    free(*r);
    *r = NULL;
}

/* --- what was said ------------------------------------------------------------------ */

static void
add_said(struct results *r, int64_t what)
{
    if (r->said.count == r->said.cap) {
        r->said.cap = r->said.cap ? 2 * r->said.cap : 1024;
        r->said.at = must(realloc(r->said.at, r->said.cap * sizeof *r->said.at));
    }
    r->said.at[r->said.count++] = what;
}

/* In its place, so that the list stays sorted: nearly always at an end. */
static void
remember(struct results *r, const char *file, int64_t what)
{
    if (strcmp(r->said.file, file) != 0)
        return;
    add_said(r, what);
    for (size_t i = r->said.count - 1; i > 0 && r->said.at[i - 1] > what; i--) {
        r->said.at[i] = r->said.at[i - 1];
        r->said.at[i - 1] = what;
    }
}

/* --- writing ----------------------------------------------------------------------- */

static int
full_name(const struct sheet *s, const char *name, char full[NAME_MAX + 1])
{
    int len = snprintf(full, NAME_MAX + 1, "%s.%s", name, s->ending);
    return len <= NAME_MAX ? 0 : -ENAMETOOLONG;
}

/* Others may write in the folder: a pipe of theirs would have us wait, a link lead us away, and a
   file be what they please. NOT_OURS for these, the descriptor, or another -errno. */
enum { NOT_OURS = -EEXIST };

static int
open_ours(const struct results *r, const char *full, int flags)
{
    int fd = openat(r->folder, full, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, (mode_t)0644);
    int rc = fd < 0 ? -errno : fd;
    struct stat st;

    if (fd < 0 ? fstatat(r->folder, full, &st, AT_SYMLINK_NOFOLLOW) : fstat(fd, &st))
        return rc;
    if (S_ISREG(st.st_mode) && st.st_uid == geteuid())
        return rc;
    if (fd >= 0)
        (void)close(fd);
    return NOT_OURS;
}

/* So that one in the way holds up no other's results. */
static int
leave_unused(struct sheet *s, const char *full)
{
    struct log_line line = agent_event(AGENT_SPOOL_FILE_LEFT);

    log_word(&line, "file", full);
    log_word(&line, "reason",
             "it is in the way of results and no file of the agent's: they are "
             "not written");
    log_write(&line);
    s->unused = true;
    return 0;
}

/* Killed while writing, we may have left a line without its end. */
static int
cut_torn_line(int fd)
{
    off_t end = lseek(fd, 0, SEEK_END);
    off_t size = end;
    char c;

    while (end > 0 && pread(fd, &c, 1, end - 1) == 1 && c != '\n')
        end--;
    return end < size && ftruncate(fd, end) ? -errno : 0;
}

/* A person may have removed it meanwhile: what comes now is for a new one. */
static bool
is_open(const struct sheet *s, const char *name)
{
    struct stat st;

    if (strcmp(s->name, name) != 0)
        return false;
    return s->unused || (s->fd >= 0 && fstat(s->fd, &st) == 0 && st.st_nlink > 0);
}

static int
open_sheet(struct results *r, struct sheet *s, const char *name)
{
    char full[NAME_MAX + 1];
    int rc;

    if (is_open(s, name))
        return 0;
    close_sheet(r, s);
    if ((rc = full_name(s, name, full)))
        return rc;
    (void)snprintf(s->name, sizeof s->name, "%s", name);
    int fd = open_ours(r, full, O_RDWR | O_CREAT | O_APPEND);
    if (fd == NOT_OURS)
        return leave_unused(s, full);
    if (fd < 0)
        return fd;
    s->fd = fd;
    return cut_torn_line(s->fd);
}

/* A line that could not be written whole is taken back. `what` is its n, or the
   line number less than 0. */
static int
append(struct results *r, struct sheet *s, const char *file, int64_t what, struct text line)
{
    int rc = open_sheet(r, s, results_name(file));

    if (rc || s->unused)
        return rc;
    char *text = text_string(r->arena, line);
    text[line.len] = '\n';
    s->written = true;
    ssize_t put = write(s->fd, text, line.len + 1);
    if (put == (ssize_t)line.len + 1) {
        remember(r, file, what);
        return 0;
    }
    rc = put < 0 ? -errno : -ENOSPC;
    (void)cut_torn_line(s->fd);
    return rc;
}

int
results_begin(struct results *r, const char *name)
{
    char full[NAME_MAX + 1];
    int rc;

    for (int i = 0; i < SHEETS; i++) {
        if (strcmp(r->sheets[i].name, name) == 0)
            close_sheet(r, &r->sheets[i]);
        if ((rc = full_name(&r->sheets[i], name, full)))
            return rc;
        if (unlinkat(r->folder, full, 0) && errno != ENOENT && errno != EISDIR)
            return -errno;
    }
    return open_sheet(r, &r->sheets[DONE], name);
}

int
results_refuse(struct results *r, const char *file, int64_t line, const struct fault *why,
               int64_t wall)
{
    arena_reset(r->arena);
    return append(r, &r->sheets[REFUSALS], file, -line,
                  results_line_refused(r->arena, file, line, why, wall));
}

int
results_pass(struct results *r, const char *file, int64_t line, int64_t wall)
{
    arena_reset(r->arena);
    return append(r, &r->sheets[DONE], file, -line,
                  results_line_unchanged(r->arena, file, line, wall));
}

int
results_settle(struct results *r, const char *file, int64_t line, const struct maat_kept *kept)
{
    struct sheet *s = &r->sheets[kept->state == MAAT_NOT_ACCEPTED ? REFUSALS : DONE];

    arena_reset(r->arena);
    return append(r, s, file, kept->n, results_line_settled(r->arena, file, line, kept));
}

/* Of files that are closed again there may be thousands. */
static int
sync_closed(struct results *r)
{
    int rc = syncfs(r->folder) ? -errno : 0;

    r->closed = rc != 0;
    return rc;
}

int
results_sync(struct results *r)
{
    int rc = r->closed ? sync_closed(r) : 0;

    for (int i = 0; i < SHEETS; i++) {
        struct sheet *s = &r->sheets[i];
        if (s->written && fdatasync(s->fd))
            rc = -errno;
        else
            s->written = false;
    }
    return rc;
}

/* --- reading again --------------------------------------------------------------------- */

static void
read_line(struct results *r, const char *file, struct text line)
{
    int64_t what;

    arena_reset(r->arena);
    if (results_line_read(r->arena, file, line, &what))
        add_said(r, what);
}

static void
read_sheet(struct results *r, const struct sheet *s, const char *file)
{
    struct lines *lines = must(malloc(sizeof *lines));
    char full[NAME_MAX + 1];
    struct text line;
    int fd = full_name(s, results_name(file), full) ? -1 : open_ours(r, full, O_RDONLY);

    lines_init(lines, fd);
    while (fd >= 0 && lines_read(lines) > 0)
        while (lines_next(lines, &line) == LINES_LINE)
            read_line(r, file, line);
    if (fd >= 0)
        (void)close(fd);
    free(lines);
}

static int
compare(const void *a, const void *b)
{
    const int64_t *x = a;
    const int64_t *y = b;
    return (*x > *y) - (*x < *y);
}

static bool
hold(struct results *r, const char *file, int64_t what)
{
    if (strcmp(r->said.file, file) != 0) {
        r->said.count = 0;
        (void)snprintf(r->said.file, sizeof r->said.file, "%s", file);
        for (int i = 0; i < SHEETS; i++)
            read_sheet(r, &r->sheets[i], file);
        if (r->said.count)
            qsort(r->said.at, r->said.count, sizeof *r->said.at, compare);
    }
    return r->said.count
           && bsearch(&what, r->said.at, r->said.count, sizeof *r->said.at, compare) != NULL;
}

bool
results_hold_line(struct results *r, const char *file, int64_t line)
{
    return hold(r, file, -line);
}

bool
results_hold_n(struct results *r, const char *file, int64_t n)
{
    return hold(r, file, n);
}
