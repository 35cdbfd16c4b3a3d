#include "agents/cli/printed/row.h"

#include <stdio.h>
#include <string.h>

#include "agents/cli/printed/title.h"
#include "schema/days.h"
#include "schema/ids.h"

/* What no field of an action holds, however it is printed. */
#define ALWAYS_KEPT                                                                            \
    (1U << COLUMN_PRINTED | 1U << COLUMN_MEASURE | 1U << COLUMN_PROGRESS | 1U << COLUMN_STATUS \
     | 1U << COLUMN_EVIDENCE | 1U << COLUMN_THEME)

const char *
printed_cell_raw(const struct printed_reading *r, enum column column)
{
    return headings_cell(&r->plan->headings, r->plan->table, r->row, column);
}

struct text
printed_cell(const struct printed_reading *r, enum column column)
{
    return printed_trimmed(printed_cell_raw(r, column));
}

struct text
printed_column_heading(const struct printed_plan *p, enum column column)
{
    int at = p->headings.at[column];
    return at < 0 ? text_of("") : printed_heading(p, (size_t)at);
}

bool
printed_has_column(const struct printed_reading *r, enum column column)
{
    return r->plan->headings.at[column] >= 0;
}

struct text
printed_keep(const struct printed_reading *r, const void *at, size_t len)
{
    return (struct text){arena_copy(r->plan->arena, at, len), (uint32_t)len};
}

/* --- rows that hold no action ------------------------------------------------------------ */

static bool
is_blank(const struct printed_plan *p, size_t row)
{
    for (size_t i = 0; i < table_cells(p->table, row); i++)
        if (printed_trimmed(table_cell(p->table, row, i)).len)
            return false;
    return true;
}

/* A table that goes over pages prints them again on each. */
static bool
is_headings(const struct printed_plan *p, size_t row)
{
    for (size_t i = 0; i < p->headings.count; i++)
        if (strcmp(table_cell(p->table, row, i), table_cell(p->table, p->headings.row, i)) != 0)
            return false;
    return true;
}

/* --- what it is ------------------------------------------------------------------------------ */

static bool
read_action(struct printed_reading *r)
{
    enum column column =
        printed_has_column(r, COLUMN_ACTION) ? COLUMN_ACTION : COLUMN_RECOMMENDATION;
    struct text cell = printed_cell(r, column);
    struct action *a = &r->out->action;
    bool whole;

    if (!cell.len) {
        PRINTED_SAY(r, ODD_SAID, column, "holds no action: the row is not imported");
        return false;
    }
    a->title = printed_title(r->plan->arena, cell, &whole);
    a->has.title = 1;
    if (!whole) {
        a->text = cell;
        a->has.text = 1;
    }
    return true;
}

static void
read_ref(struct printed_reading *r)
{
    const struct text plan = r->plan->rules->plan->id;
    struct action *a = &r->out->action;
    struct text cell = printed_line(r->plan->arena, printed_cell(r, COLUMN_REF));
    char id[ID_MAX + 1];
    char path[PATH_MAX_LEN + 1];
    char made[32];
    unsigned len = cell.len <= ID_MAX ? id_from_printed(cell, id) : 0;

    if (!len) {
        /* Where others have one, a bare number could be another's. */
        int chars = snprintf(made, sizeof made, "%s%zu",
                             printed_has_column(r, COLUMN_REF) ? "row " : "", r->plan->count + 1);
        PRINTED_SAY(
            r, ODD_SAID, COLUMN_REF, "%s: it is called %s, by its place among the table's actions",
            cell.len ? "gives no reference of up to 64 bytes" : "the row has no reference", made);
        r->keep |= 1U << COLUMN_REF;
        cell = printed_keep(r, made, (size_t)chars);
        len = id_from_printed(cell, id);
    }
    int all = snprintf(path, sizeof path, "%.*s/%.*s", (int)plan.len, plan.at, (int)len, id);
    a->ref = cell;
    a->id = printed_keep(r, path, (size_t)all);
    a->has.ref = a->has.id = 1;
}

static void
read_outcome(struct printed_reading *r)
{
    struct action *a = &r->out->action;

    a->outcome = printed_cell(r, COLUMN_OUTCOME);
    a->has.outcome = a->outcome.len > 0;
}

/* --- when, and how far -------------------------------------------------------------------- */

static void
read_due(struct printed_reading *r)
{
    struct text cell = printed_cell(r, COLUMN_DUE);
    struct printed_date *due = &r->out->due;
    struct action *a = &r->out->action;
    char day[DAY_TEXT];

    printed_date_read(due, printed_cell_raw(r, COLUMN_DUE));
    if (due->kind == DATE_NONE)
        return;
    if (cell.len <= TITLE_MAX) {
        a->due_printed = cell;
        a->has.due_printed = 1;
    } else {
        r->keep |= 1U << COLUMN_DUE;
    }
    if (due->kind != DATE_DAY) {
        PRINTED_SAY(r, ODD_SAID, COLUMN_DUE, "is kept as text, without a due date: %s", due->how);
        return;
    }
    a->due = due->day;
    a->has.due = 1;
    day_format(due->day, day);
    if (due->assumed)
        PRINTED_SAY(r, ODD_SAID, COLUMN_DUE, "is read as %s: %s", day, due->how);
}

/* One column says complete, and none that it is not. */
static void
read_progress(struct printed_reading *r)
{
    static const enum column columns[] = {COLUMN_PROGRESS, COLUMN_STATUS, COLUMN_DUE};
    struct printed_action *out = r->out;
    bool complete = false;
    enum progress_kind less = PROGRESS_UNKNOWN;

    out->done = DAY_UNSAID;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        struct printed_progress said;
        if (columns[i] == COLUMN_DUE && out->due.kind != DATE_PROGRESS)
            continue;
        printed_progress_read(&said, printed_cell_raw(r, columns[i]));
        if (said.kind == PROGRESS_COMPLETE) {
            complete = true;
            if (said.dated && out->done == DAY_UNSAID)
                out->done = said.day;
        } else if (said.kind != PROGRESS_UNKNOWN && less == PROGRESS_UNKNOWN) {
            less = said.kind;
        }
    }
    out->progress = complete ? PROGRESS_COMPLETE : less;
    if (complete && less != PROGRESS_UNKNOWN) {
        PRINTED_SAY(r, ODD_SAID, COLUMN_PROGRESS,
                    "one column says complete, another that it is not: it is not "
                    "taken as complete");
        out->progress = less;
    }
}

/* --- what no field holds ------------------------------------------------------------------ */

static void
keep_cells(struct printed_reading *r)
{
    const struct printed_plan *p = r->plan;
    size_t count = table_cells(p->table, r->row);
    struct cell *list = arena_take(p->arena, (count + 1) * sizeof *list);
    struct action *a = &r->out->action;

    a->cells.at = list;
    for (size_t i = 0; i < count; i++) {
        struct text text = printed_trimmed(table_cell(p->table, r->row, i));
        enum column column = i < p->headings.count ? p->headings.column[i] : COLUMN_PRINTED;
        if (!text.len || !((ALWAYS_KEPT | r->keep) >> column & 1))
            continue;
        struct cell *cell = &list[a->cells.count++];
        *cell = (struct cell){.heading = printed_heading(p, i), .text = text};
        cell->has.heading = cell->has.text = 1;
        if (i >= p->headings.count)
            printed_plan_say(r->plan, ODD_SAID, r->out->line, cell->heading,
                             "stands beyond the last heading: it is kept as printed");
    }
    a->has.cells = a->cells.count > 0;
}

bool
printed_row_read(struct printed_plan *p, size_t row)
{
    struct printed_reading r = {.plan = p, .row = row, .out = &p->actions[p->count]};
    size_t odd = p->odd_count;

    if (is_blank(p, row) || is_headings(p, row) || !printed_row_check(p, row))
        return false;
    *r.out = (struct printed_action){.line = table_line(p->table, row)};
    if (!read_action(&r)) {
        printed_remember(&r); /* what it says may go to those below it */
        return false;
    }
    read_ref(&r);
    printed_read_recommendation(&r);
    printed_read_theme(&r);
    read_outcome(&r);
    printed_read_leads(&r);
    printed_read_contributors(&r);
    read_due(&r);
    read_progress(&r);
    keep_cells(&r);
    r.out->odd = p->odd_count - odd;
    return true;
}
