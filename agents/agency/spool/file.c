#include "agents/agency/spool/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "agents/files/lines.h"
#include "agents/files/table.h"
#include "schema/cells.h"
#include "schema/must.h"

struct spool_file {
    int fd;
    struct table *table; /* CSV; else lines */
    bool cut;            /* CSV: its last row has no end */
    size_t row;          /* CSV: the next */
    int64_t place;
    struct lines lines;
};

/* --- opening ------------------------------------------------------------------------ */

static bool
is_csv(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && strcasecmp(dot, ".csv") == 0;
}

static bool
lacks_end(int fd)
{
    off_t size = lseek(fd, 0, SEEK_END);
    char last = '\n';

    return size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n' && last != '\r';
}

/* What somebody saved as it was, and what its name makes of it does not matter. */
static bool
is_workbook(int fd, struct fault *why)
{
    static const char archive[] = "PK\3\4", old[] = "\xd0\xcf\x11\xe0";
    char begins[4];

    return pread(fd, begins, sizeof begins, 0) == sizeof begins
           && (memcmp(begins, archive, sizeof begins) == 0
               || memcmp(begins, old, sizeof begins) == 0)
           && !fault_set(why, FAULT_MALFORMED, "",
                         "is a workbook (or an archive); save the sheet as \"CSV UTF-8\"");
}

static unsigned
take_cells(const struct table *t, size_t row, struct text cells[TABLE_COLUMNS])
{
    unsigned count = (unsigned)table_cells(t, row);

    for (unsigned i = 0; i < count; i++)
        cells[i] = text_of(table_cell(t, row, i));
    return count;
}

/* Of a file without headings the first row would be lost, and not be missed. */
static bool
has_headings(const struct table *t, struct fault *why)
{
    struct text cells[TABLE_COLUMNS];

    return table_rows(t) == 0 || cells_are_headings(cells, take_cells(t, 0, cells))
           || fault_set(why, FAULT_MALFORMED, "",
                        "line %zu: none of these is a field; the first row names the fields that "
                        "stand below, as action,status,note",
                        table_line(t, 0));
}

static int
read_table(struct spool_file *f, struct fault *why)
{
    f->cut = lacks_end(f->fd);
    f->row = 1; /* below the headings */
    if (lseek(f->fd, 0, SEEK_SET) < 0)
        return -errno;
    FILE *in = fdopen(dup(f->fd), "re");
    if (!in)
        return -errno;
    int rc = table_read(&f->table, in, why);
    (void)fclose(in);
    return rc > 0 ? has_headings(f->table, why) : rc;
}

int
spool_file_open(struct spool_file **out, int fd, const char *name, struct fault *why)
{
    struct spool_file *f = must(calloc(1, sizeof *f));

    f->fd = fd;
    lines_init(&f->lines, fd);
    int rc = is_workbook(fd, why) ? 0 : is_csv(name) ? read_table(f, why) : 1;
    *out = f;
    if (rc <= 0)
        spool_file_close(out);
    return rc;
}

void
spool_file_close(struct spool_file **f)
{
    if (!*f)
        return;
    table_free(&(*f)->table);
    (void)close((*f)->fd);
    free(*f);
    *f = NULL;
}

/* --- JSON Lines --------------------------------------------------------------------- */

/* A line, whatever it holds; LINES_NONE at the end. */
static int
next_line(struct spool_file *f, struct text *line, enum lines_got *got)
{
    while ((*got = lines_next(&f->lines, line)) == LINES_NONE && !f->lines.ended) {
        ssize_t rc = lines_read(&f->lines);
        if (rc < 0)
            return (int)rc;
    }
    return 0;
}

static bool
is_blank(struct text line)
{
    for (uint32_t i = 0; i < line.len; i++)
        if (line.at[i] != ' ' && line.at[i] != '\t')
            return false;
    return true;
}

static void
drop_mark(const struct spool_file *f, struct text *line)
{
    if (f->lines.number == 1 && line->len >= 3 && memcmp(line->at, "\xef\xbb\xbf", 3) == 0) {
        line->at += 3;
        line->len -= 3;
    }
}

static int
next_json(struct spool_file *f, struct spool_row *row)
{
    enum lines_got got;
    struct text line;
    int rc;

    do {
        if ((rc = next_line(f, &line, &got)))
            return rc;
        if (got == LINES_NONE)
            return 0;
        drop_mark(f, &line);
    } while (got != LINES_TOO_LONG && is_blank(line));
    f->place = f->lines.number;
    *row = (struct spool_row){.line = f->place, .whole = got != LINES_CUT, .json = line};
    if (got == LINES_TOO_LONG) {
        row->refused = true;
        fault_set(&row->why, FAULT_LIMIT, "", "the line is longer than %d bytes", LINES_MAX);
    }
    return 1;
}

/* --- CSV ------------------------------------------------------------------------------ */

/* On to the row with something in it: its cells. None at the end. */
static unsigned
next_row(struct spool_file *f, struct text cells[TABLE_COLUMNS])
{
    for (; f->row < table_rows(f->table); f->row++) {
        unsigned count = take_cells(f->table, f->row, cells);
        if (!cells_are_blank(cells, count))
            return count;
    }
    return 0;
}

static int
next_cells(struct spool_file *f, struct arena *arena, struct spool_row *row)
{
    struct text headings[TABLE_COLUMNS], cells[TABLE_COLUMNS];
    unsigned count = next_row(f, cells);

    if (!count)
        return 0;
    f->place = (int64_t)table_line(f->table, f->row);
    *row = (struct spool_row){.line = f->place, .whole = true};
    unsigned heading_count = take_cells(f->table, 0, headings);
    f->row++;
    if (f->cut && f->row == table_rows(f->table)) {
        row->refused = true;
        fault_set(&row->why, FAULT_MALFORMED, "",
                  "the last line has no end: the file may have been cut off in it");
    } else if (cells_say_nothing(headings, heading_count, cells, count)) {
        row->nothing = true;
    } else {
        row->refused =
            !cells_to_json(arena, headings, heading_count, cells, count, &row->json, &row->why);
    }
    return 1;
}

/* --- either ---------------------------------------------------------------------------- */

int
spool_file_go(struct spool_file *f, int64_t line)
{
    enum lines_got got = LINES_LINE;
    struct text skipped;
    int rc = 0;

    f->place = line;
    if (f->table) {
        for (f->row = 1; f->row < table_rows(f->table); f->row++)
            if ((int64_t)table_line(f->table, f->row) > line)
                return 0;
        return 0;
    }
    if (lseek(f->fd, 0, SEEK_SET) < 0)
        return -errno;
    lines_init(&f->lines, f->fd);
    while (f->lines.number < line && got != LINES_NONE && !rc)
        rc = next_line(f, &skipped, &got);
    return rc;
}

int
spool_file_next(struct spool_file *f, struct arena *arena, struct spool_row *row)
{
    return f->table ? next_cells(f, arena, row) : next_json(f, row);
}

int64_t
spool_file_place(const struct spool_file *f)
{
    return f->place;
}
