#include "agents/files/table.h"

#include <assert.h>
#include <csv.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

struct row {
    size_t line, first, count; /* cells [first, first + count) */
};

/* All three arrays are made as large as the file's separators allow, before
   parsing: libcsv's callbacks cannot report a failure. */
struct table {
    char *text; /* the cells, terminated, one after another */
    size_t used;
    const char **cells;
    size_t cell_count;
    struct row *rows;
    size_t row_count;
};

void
table_free(struct table **t)
{
    if (!*t)
        return;
    free((*t)->text);
    free((*t)->cells);
    free((*t)->rows);
    free(*t);
    *t = NULL;
}

static bool
is_blank(const char *at, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (at[i] != ' ' && at[i] != '\t' && at[i] != '\r' && at[i] != '\n')
            return false;
    return true;
}

/* What stands between the cells of the first row: a comma wherever there is one; else the
   semicolon or tab by which a spreadsheet parts them in other countries, or where it is told so. */
static char
find_separator(const char *buf, size_t len)
{
    bool quoted = false, some = false;
    char found = ',';

    for (size_t i = 0; i < len; i++) {
        if (!quoted && buf[i] == ',')
            return ',';
        if (!quoted && (buf[i] == '\n' || buf[i] == '\r')) {
            if (some)
                break;
            found = ','; /* the line was blank */
        }
        if (!quoted && found == ',' && (buf[i] == ';' || buf[i] == '\t'))
            found = buf[i];
        quoted ^= buf[i] == '"';
        some |= !is_blank(&buf[i], 1);
    }
    return found;
}

static struct table *
table_new(const char *buf, size_t len, char separator)
{
    size_t cells = 1;
    size_t rows = 1;
    struct table *t = calloc(1, sizeof *t);

    if (!t)
        return NULL;
    for (size_t i = 0; i < len; i++) {
        bool end = buf[i] == '\n' || buf[i] == '\r';
        rows += end;
        cells += end || buf[i] == separator;
    }
    t->text = malloc(len + cells);
    t->cells = malloc(cells * sizeof *t->cells);
    t->rows = malloc(rows * sizeof *t->rows);
    if (!t->text || !t->cells || !t->rows)
        table_free(&t);
    return t;
}

/* Where the parser is: `line` is that on which the row being read began. */
struct reading {
    struct table *table;
    size_t line;
    size_t first; /* its first cell */
    bool within;  /* it has begun and not ended */
};

static void
take_cell(void *cell, size_t len, void *context)
{
    const char *from = cell;
    struct table *t = ((struct reading *)context)->table;
    char *to = t->text + t->used;

    t->cells[t->cell_count++] = to;
    for (size_t i = 0; i < len; i++) {
        if (from[i] != '\r')
            *to++ = from[i];
        else if (i + 1 == len || from[i + 1] != '\n')
            *to++ = '\n';
    }
    *to++ = '\0';
    t->used = (size_t)(to - t->text);
}

static void
take_row(int terminator, void *context)
{
    struct reading *r = context;
    struct table *t = r->table;

    (void)terminator;
    t->rows[t->row_count++] = (struct row){r->line, r->first, t->cell_count - r->first};
    r->first = t->cell_count;
    r->within = false;
}

/* The length of the line at `at`, its end included. */
static size_t
line_length(const char *at, size_t left)
{
    for (size_t i = 0; i < left; i++)
        if (at[i] == '\n' || (at[i] == '\r' && (i + 1 == left || at[i + 1] != '\n')))
            return i + 1;
    return left;
}

static bool
line_is_text(const char *at, size_t len, size_t line, struct fault *why)
{
    utf8proc_int32_t c;

    for (size_t i = 0; i < len;) {
        utf8proc_ssize_t n =
            utf8proc_iterate((const utf8proc_uint8_t *)at + i, (utf8proc_ssize_t)(len - i), &c);
        if (n <= 0)
            return fault_set(why, FAULT_MALFORMED, "",
                             "line %zu: byte %zu is not UTF-8; save the file as \"CSV UTF-8\"",
                             line, i + 1);
        if (c == 0)
            return fault_set(why, FAULT_MALFORMED, "",
                             "line %zu: byte %zu is zero; this is not a CSV file in UTF-8", line,
                             i + 1);
        i += (size_t)n;
    }
    return true;
}

/* 1, 0 or -errno, as table_parse. */
static int
feed(struct csv_parser *parser, struct reading *r, const char *at, size_t len, size_t line,
     struct fault *why)
{
    struct table *t = r->table;

    if (!r->within && is_blank(at, len))
        return 1;
    if (!r->within)
        r->line = line;
    r->within = true;
    if (!line_is_text(at, len, line, why))
        return 0;
    if (csv_parse(parser, at, len, take_cell, take_row, r) != len) {
        if (csv_error(parser) == CSV_ENOMEM)
            return -ENOMEM;
        fault_set(
            why, FAULT_MALFORMED, "",
            "line %zu: a quote where none may be, in the row that begins on line %zu; a cell that "
            "holds a quote stands in quotes, and the quote is doubled",
            line, r->line);
        return 0;
    }
    size_t first = r->within ? r->first : t->rows[t->row_count - 1].first;
    if (t->cell_count - first > TABLE_COLUMNS) {
        fault_set(why, FAULT_LIMIT, "", "line %zu: a row of more than %d cells", r->line,
                  TABLE_COLUMNS);
        return 0;
    }
    return 1;
}

/* libcsv says nothing of lines, so it is given one at a time. */
static int
parse(struct csv_parser *parser, struct reading *r, const char *at, size_t left, struct fault *why)
{
    int rc = 1;

    for (size_t line = 1; left && rc > 0; line++) {
        size_t len = line_length(at, left);
        rc = feed(parser, r, at, len, line, why);
        at += len;
        left -= len;
    }
    if (rc > 0 && csv_fini(parser, take_cell, take_row, r) != 0) {
        if (csv_error(parser) == CSV_ENOMEM)
            return -ENOMEM;
        fault_set(why, FAULT_MALFORMED, "",
                  "line %zu: a quote in the row that begins here is never closed", r->line);
        return 0;
    }
    return rc;
}

int
table_parse(struct table **out, const void *buf, size_t len, struct fault *why)
{
    const char *at = buf;
    struct csv_parser parser;
    struct reading r = {0};

    *out = NULL;
    if (len > TABLE_BYTES) {
        fault_set(why, FAULT_LIMIT, "", "larger than %d MB", TABLE_BYTES / (1024 * 1024));
        return 0;
    }
    if (len >= 2 && (memcmp(at, "\xff\xfe", 2) == 0 || memcmp(at, "\xfe\xff", 2) == 0)) {
        fault_set(why, FAULT_MALFORMED, "", "line 1: UTF-16; save the file as \"CSV UTF-8\"");
        return 0;
    }
    if (len >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0) {
        at += 3;
        len -= 3;
    }
    const char separator = find_separator(at, len);
    if (!(r.table = table_new(at, len, separator)))
        return -ENOMEM;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        table_free(&r.table);
        return -ENOMEM;
    }
    csv_set_delim(&parser, (unsigned char)separator);
    int rc = parse(&parser, &r, at, len, why);
    csv_free(&parser);
    if (rc > 0)
        *out = r.table;
    else
        table_free(&r.table);
    return rc;
}

int
table_read(struct table **out, FILE *in, struct fault *why)
{
    size_t cap = (size_t)TABLE_BYTES + 1; /* one more, to see that there is more */
    char *buf = malloc(cap);

    *out = NULL;
    if (!buf)
        return -ENOMEM;
    errno = 0;
    size_t len = fread(buf, 1, cap, in);
    int rc = ferror(in) ? (errno ? -errno : -EIO) : table_parse(out, buf, len, why);
    free(buf);
    return rc;
}

size_t
table_rows(const struct table *t)
{
    return t->row_count;
}

size_t
table_line(const struct table *t, size_t row)
{
    assert(row < t->row_count);
    return t->rows[row].line;
}

size_t
table_cells(const struct table *t, size_t row)
{
    assert(row < t->row_count);
    return t->rows[row].count;
}

const char *
table_cell(const struct table *t, size_t row, size_t column)
{
    assert(row < t->row_count);
    return column < t->rows[row].count ? t->cells[t->rows[row].first + column] : "";
}
