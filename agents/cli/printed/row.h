/* One row of a published plan. For plan.c and the files that read a row. */
#ifndef AGENTS_CLI_PRINTED_ROW_H
#define AGENTS_CLI_PRINTED_ROW_H

#include "agents/cli/printed/plan.h"

/* Reads the row into the plan's next action. False if it holds none: it is
   blank, or the headings again, or has no action or what can't be sent, which
   is said. */
bool printed_row_read(struct printed_plan *p, size_t row);

/* One more thing that is odd. `column` is "" where it is about the row. */
void printed_plan_say(struct printed_plan *p, enum odd_kind kind, size_t line, struct text column,
                      const char *format, ...) __attribute__((format(printf, 5, 6)));

/* An agency that the board does not have. */
void printed_plan_miss(struct printed_plan *p, struct text name);

/* False, and it is said, if a cell of the row holds a person's data or is too
 * long. */
bool printed_row_check(struct printed_plan *p, size_t row);

/* --- within a row ------------------------------------------------------------------- */

struct printed_reading {
    struct printed_plan *plan;
    size_t row;
    struct printed_action *out;
    uint32_t keep; /* columns whose cells no field holds, by bit */
};

/* Its cell in that column, "" where the table has none; trimmed, or as it stands. */
struct text printed_cell(const struct printed_reading *r, enum column column);
const char *printed_cell_raw(const struct printed_reading *r, enum column column);

bool printed_has_column(const struct printed_reading *r, enum column column);

/* A copy in the plan's arena. */
struct text printed_keep(const struct printed_reading *r, const void *at, size_t len);

/* printed_plan_say of the row's cell there. */
#define PRINTED_SAY(r, kind, column, ...)                                                        \
    printed_plan_say((r)->plan, kind, (r)->out->line, printed_column_heading((r)->plan, column), \
                     __VA_ARGS__)
struct text printed_column_heading(const struct printed_plan *p, enum column column);

/* Which recommendations it answers, and of which theme it is. */
void printed_read_recommendation(struct printed_reading *r);
void printed_read_theme(struct printed_reading *r);

/* A row without an action may hold what those below it answer. */
void printed_remember(struct printed_reading *r);

/* Who leads it and who helps. */
void printed_read_leads(struct printed_reading *r);
void printed_read_contributors(struct printed_reading *r);

#endif
