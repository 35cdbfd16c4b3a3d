#include "agents/cli/printed/plan.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/cli/printed/row.h"
#include "agents/cli/printed/title.h"

enum { SAID_MAX = 512, ODD_FIRST = 64 };

void
printed_plan_say(struct printed_plan *p, enum odd_kind kind, size_t line, struct text column,
                 const char *format, ...)
{
    char said[SAID_MAX];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(said, sizeof said, format, args);
    va_end(args);
    if (p->odd_count == p->odd_cap) {
        size_t cap = p->odd_cap ? 2 * p->odd_cap : ODD_FIRST;
        struct odd *more = arena_take(p->arena, cap * sizeof *more);
        if (p->odd_count)
            memcpy(more, p->odd, p->odd_count * sizeof *more);
        p->odd = more;
        p->odd_cap = cap;
    }
    p->odd[p->odd_count++] = (struct odd){kind, line, printed_terminated(p->arena, column),
                                          printed_terminated(p->arena, text_of(said))};
}

void
printed_plan_miss(struct printed_plan *p, struct text name)
{
    for (size_t i = 0; i < p->missing_count; i++)
        if (text_equal(p->missing[i], name))
            return;
    if (p->missing_count < PRINTED_MISSING)
        p->missing[p->missing_count++] = name;
}

/* --- cells that can't be sent ------------------------------------------------------------ */

/* What is wrong with the cell, or NULL; never its value. */
static const char *
fault_of(struct printed_plan *p, const char *cell)
{
    size_t len = strlen(cell);
    struct guard_find find;
    char said[SAID_MAX];

    if (len > TEXT_MAX) {
        (void)snprintf(said, sizeof said, "is longer than %d bytes: shorten it", (int)TEXT_MAX);
        return printed_terminated(p->arena, text_of(said));
    }
    if (guard_check_text(p->rules->guard, cell, len, &find))
        return NULL;
    (void)snprintf(said, sizeof said, "looks as if it held %s, at byte %zu: take it out", find.what,
                   find.position);
    return printed_terminated(p->arena, text_of(said));
}

bool
printed_row_check(struct printed_plan *p, size_t row)
{
    bool good = true;

    for (size_t i = 0; i < table_cells(p->table, row); i++) {
        const char *fault = fault_of(p, table_cell(p->table, row, i));
        if (!fault)
            continue;
        printed_plan_say(p, ODD_STOPS, table_line(p->table, row), printed_heading(p, i), "%s",
                         fault);
        good = false;
    }
    p->unread += !good;
    return good;
}

/* --- headings ------------------------------------------------------------------------ */

struct text
printed_heading(const struct printed_plan *p, size_t column)
{
    char name[32];

    if (column < p->headings.count && p->names[column].len)
        return p->names[column];
    int len = snprintf(name, sizeof name, "column %zu", column + 1);
    return (struct text){arena_copy(p->arena, name, (size_t)len), (uint32_t)len};
}

/* What holds a person's data is no name for anything. */
static void
name_columns(struct printed_plan *p)
{
    for (size_t i = 0; i < p->headings.count; i++) {
        const char *cell = table_cell(p->table, p->headings.row, i);
        struct text line = printed_line(p->arena, printed_trimmed(cell));
        if (line.len <= TITLE_MAX && !fault_of(p, cell))
            p->names[i] = line;
    }
}

static void
read_headings(struct printed_plan *p)
{
    const struct headings *h = &p->headings;
    size_t line = table_line(p->table, h->row);

    name_columns(p);
    (void)printed_row_check(p, h->row);
    for (size_t i = 0; i < h->count; i++) {
        struct text heading = printed_heading(p, i);
        switch (h->note[i]) {
        case HEADING_UNKNOWN:
            printed_plan_say(p, ODD_SAID, line, heading,
                             "is a heading that is not known: its cells are kept as printed");
            break;
        case HEADING_REPEATED:
            printed_plan_say(p, ODD_SAID, line, heading,
                             "means what a column to the left means: its cells are kept as "
                             "printed");
            break;
        case HEADING_AMBIGUOUS:
            printed_plan_say(p, ODD_SAID, line, heading,
                             "is used in two ways, so its cells are kept as printed: rename it, "
                             "for example to \"Due date\"");
            break;
        case HEADING_KNOWN:
        case HEADING_EMPTY: break;
        }
    }
}

/* --- references that are given twice ---------------------------------------------------- */

static int
by_id(const void *a, const void *b)
{
    const struct printed_action *const *x = a;
    const struct printed_action *const *y = b;
    struct text left = (*x)->action.id;
    struct text right = (*y)->action.id;
    int order = memcmp(left.at, right.at, left.len < right.len ? left.len : right.len);

    if (order == 0)
        order = (left.len > right.len) - (left.len < right.len);
    return order ? order : ((*x)->line > (*y)->line) - ((*x)->line < (*y)->line);
}

static void
stop_repeated(struct printed_plan *p, struct printed_action *one,
              const struct printed_action *other)
{
    printed_plan_say(p, ODD_STOPS, one->line, text_of(""),
                     "the row on line %zu has the reference %.*s too: give each its own",
                     other->line, (int)one->action.ref.len, one->action.ref.at);
    one->stopped = true;
    one->odd++;
}

static void
find_repeated(struct printed_plan *p)
{
    struct printed_action **sorted = arena_take(p->arena, p->count * sizeof *sorted);

    for (size_t i = 0; i < p->count; i++)
        sorted[i] = &p->actions[i];
    if (p->count)
        qsort(sorted, p->count, sizeof *sorted, by_id);
    for (size_t i = 0; i < p->count; i++) {
        struct printed_action *one = sorted[i];
        if (i > 0 && text_equal(one->action.id, sorted[i - 1]->action.id))
            stop_repeated(p, one, sorted[i - 1]);
        else if (i + 1 < p->count && text_equal(one->action.id, sorted[i + 1]->action.id))
            stop_repeated(p, one, sorted[i + 1]);
    }
}

/* --- the whole ---------------------------------------------------------------------------- */

bool
printed_plan_read(struct printed_plan *out, struct arena *arena, const struct table *t,
                  const struct printed_rules *rules, struct fault *why)
{
    *out = (struct printed_plan){.rules = rules, .table = t, .arena = arena};
    if (table_rows(t) == 0)
        return fault_set(why, FAULT_FIELD_MISSING, "", "is empty");
    if (!headings_find(&out->headings, t, why))
        return false;
    const size_t first = out->headings.row + 1;
    const size_t rows = table_rows(t) - first;
    const size_t most = rows < PRINTED_ROWS ? rows : PRINTED_ROWS;
    out->actions = arena_take(arena, most * sizeof *out->actions);
    out->recommendations = arena_take(arena, most * sizeof *out->recommendations);
    read_headings(out);
    for (size_t i = 0; i < rows; i++) {
        if (out->count == PRINTED_ROWS)
            return fault_set(why, FAULT_LIMIT, "", "holds more than %d actions: split it",
                             (int)PRINTED_ROWS);
        if (printed_row_read(out, first + i))
            out->count++;
    }
    find_repeated(out);
    for (size_t i = 0; i < out->count; i++)
        out->stopped += out->actions[i].stopped;
    return true;
}
