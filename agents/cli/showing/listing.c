#include "agents/cli/showing/listing.h"

#include <assert.h>
#include <csv.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

#include "agents/cli/showing/printable.h"
#include "schema/must.h"

enum { WIDTH_DEFAULT = 100, WIDTH_LEAST = 30, WIDTH_MOST = 10000, GAP = 2, CELL = 10000 };

struct cell {
    char *text;
    int rating; /* or -1 */
};

struct listing {
    unsigned columns, filled; /* cells of the row that is being filled */
    bool csv, coloured;
    bool raw; /* a program reads it: controls are its own affair */
    struct cell *cells;
    size_t rows, cap; /* the first row holds the headings */
};

/* --- filling -------------------------------------------------------------------------- */

static struct cell *
cell_at(const struct listing *l, size_t row, unsigned column)
{
    return &l->cells[row * l->columns + column];
}

static struct cell *
next_cell(struct listing *l)
{
    if (l->rows == l->cap) {
        l->cap = l->cap ? 2 * l->cap : 64;
        l->cells = must(realloc(l->cells, l->cap * l->columns * sizeof *l->cells));
    }
    assert(l->filled < l->columns);
    struct cell *cell = cell_at(l, l->rows, l->filled++);
    cell->rating = -1;
    return cell;
}

void
listing_text(struct listing *l, struct text text)
{
    struct cell *cell = next_cell(l);

    cell->text = must(strndup(text.len ? text.at : "", text.len));
    if (!l->raw)
        printable_make(cell->text);
}

void
listing_cell(struct listing *l, const char *format, ...)
{
    char text[CELL];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    listing_text(l, text_of(text));
}

void
listing_rating(struct listing *l, enum rating rating)
{
    listing_text(l, text_of(word_text(&ratings, (int)rating)));
    cell_at(l, l->rows, l->filled - 1)->rating = (int)rating;
}

void
listing_row(struct listing *l)
{
    while (l->filled < l->columns)
        listing_text(l, text_of(""));
    l->filled = 0;
    l->rows++;
}

/* --- the whole ---------------------------------------------------------------------- */

const char *
listing_colour(enum rating rating)
{
    static const char *const colours[RATING_COUNT] = {
        [BLUE] = "\033[34m",  [GREY] = "\033[90m", [GREEN] = "\033[32m",
        [AMBER] = "\033[33m", [RED] = "\033[31m",
    };

    return colours[rating];
}

bool
listing_is_coloured(void)
{
    const char *plain = getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) && !(plain && *plain);
}

struct listing *
listing_begin(const char *const *headings, bool csv)
{
    struct listing *l = must(calloc(1, sizeof *l));

    l->csv = csv;
    l->raw = csv && !isatty(STDOUT_FILENO);
    l->coloured = listing_is_coloured();
    while (headings[l->columns])
        l->columns++;
    assert(l->columns > 0 && l->columns <= LISTING_COLUMNS);
    for (unsigned i = 0; i < l->columns; i++)
        listing_text(l, text_of(headings[i]));
    listing_row(l);
    return l;
}

/* --- for people ------------------------------------------------------------------------- */

/* Columns of a terminal that `len` bytes take. */
static unsigned
width_of(const char *text, size_t len)
{
    unsigned width = 0;
    utf8proc_int32_t c;

    for (size_t at = 0; at < len;) {
        utf8proc_ssize_t step =
            utf8proc_iterate((const utf8proc_uint8_t *)text + at, (utf8proc_ssize_t)(len - at), &c);
        int columns = step > 0 ? utf8proc_charwidth(c) : 1;
        width += columns > 0 ? (unsigned)columns : 0;
        at += step > 0 ? (size_t)step : 1;
    }
    return width;
}

/* Of a text in lines, the widest. */
static unsigned
widest_line(const char *text)
{
    unsigned widest = 0;

    for (;; text++) {
        size_t len = strcspn(text, "\n");
        unsigned width = width_of(text, len);
        widest = width > widest ? width : widest;
        text += len;
        if (!*text)
            return widest;
    }
}

static unsigned
terminal_width(void)
{
    const char *columns = getenv("COLUMNS");
    long given = columns ? strtol(columns, NULL, 10) : 0;
    struct winsize size;

    if (given > 0 && given <= WIDTH_MOST)
        return (unsigned)given;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return WIDTH_DEFAULT;
}

/* How many bytes of the text fit a line of `width` columns, whole words where
   that can be. */
static size_t
bytes_that_fit(const char *text, unsigned width)
{
    size_t fits = 0;
    size_t at = 0;

    while (text[at] && text[at] != '\n') {
        size_t word = at + strspn(text + at, " ");
        word += strcspn(text + word, " \n");
        if (fits && width_of(text, word) > width)
            break;
        fits = at = word;
    }
    return fits;
}

static void
pad(unsigned width)
{
    printf("%*s", (int)width, "");
}

static void
print_wrapped(const char *text, unsigned indent, unsigned width)
{
    for (;;) {
        size_t len = bytes_that_fit(text, width);
        (void)fwrite(text, 1, len, stdout);
        text += len;
        text += strspn(text, " ");
        text += *text == '\n';
        (void)putchar('\n');
        if (!*text)
            return;
        pad(indent);
    }
}

static void
print_cell(const struct listing *l, const struct cell *cell)
{
    bool coloured = l->coloured && cell->rating >= 0;

    printf("%s%s%s", coloured ? listing_colour((enum rating)cell->rating) : "", cell->text,
           coloured ? "\033[0m" : "");
}

/* Columns of no width hold nothing and are left out. */
static void
print_line(const struct listing *l, const struct cell *cells, const unsigned *widths,
           unsigned terminal)
{
    unsigned indent = 0;
    unsigned last = l->columns - 1;

    for (unsigned i = 0; i < last; i++) {
        if (!widths[i])
            continue;
        print_cell(l, &cells[i]);
        pad(widths[i] + GAP - width_of(cells[i].text, strlen(cells[i].text)));
        indent += widths[i] + GAP;
    }
    if (cells[last].rating >= 0) {
        print_cell(l, &cells[last]);
        (void)putchar('\n');
    } else {
        print_wrapped(cells[last].text, indent,
                      terminal > indent + WIDTH_LEAST ? terminal - indent : WIDTH_LEAST);
    }
}

static void
print_table(const struct listing *l)
{
    unsigned widths[LISTING_COLUMNS] = {0};
    unsigned terminal = terminal_width();

    for (size_t row = l->rows; row-- > 0;)
        for (unsigned i = 0; i < l->columns; i++) {
            unsigned width = widest_line(cell_at(l, row, i)->text);
            bool empty_so_far = row == 0 && !widths[i]; /* the heading of nothing */
            if (!empty_so_far && width > widths[i])
                widths[i] = width;
        }
    for (size_t row = 0; row < l->rows; row++)
        print_line(l, cell_at(l, row, 0), widths, terminal);
}

/* --- for programs ------------------------------------------------------------------------- */

/* RFC 4180 ends lines with CR LF. */
static void
print_csv(const struct listing *l)
{
    for (size_t row = 0; row < l->rows; row++)
        for (unsigned i = 0; i < l->columns; i++) {
            const char *text = cell_at(l, row, i)->text;
            (void)csv_fwrite(stdout, text, strlen(text));
            (void)fputs(i + 1 < l->columns ? "," : "\r\n", stdout);
        }
}

void
listing_end(struct listing **list, const char *none)
{
    const struct listing *l = *list;

    if (l->csv)
        print_csv(l);
    else if (l->rows > 1)
        print_table(l);
    else
        printf("%s\n", none);
    listing_drop(list);
}

void
listing_drop(struct listing **list)
{
    struct listing *l = *list;

    for (size_t i = 0; i < l->rows * l->columns; i++)
        free(l->cells[i].text);
    free(l->cells);
    free(l);
    *list = NULL;
}
