/* A published plan, read: a table and what the board has -> actions as they would be
   sent, and all that is odd about them. Pure; nothing is guessed without a word.

   What no field of an action holds is kept as a cell, under its heading as
   printed: measures in words, progress, evidence, and columns that nobody knows.  */
#ifndef AGENTS_CLI_PRINTED_PLAN_H
#define AGENTS_CLI_PRINTED_PLAN_H

#include "agents/cli/printed/date.h"
#include "agents/cli/printed/headings.h"
#include "agents/cli/printed/lead.h"
#include "agents/cli/printed/progress.h"
#include "schema/arena.h"
#include "schema/guard.h"
#include "schema/records.h"

enum {
    PRINTED_ROWS = 5000,   /* actions of one plan */
    PRINTED_MISSING = 256, /* agencies that the board lacks, of which the command is told */
};

/* What the board has, and how the plan is to be read. */
struct printed_rules {
    const struct agency_row *agencies;
    const struct registered *registry; /* the same agencies, in the same order */
    size_t agency_count;
    const struct plan_row *plan; /* with its members; it may not exist yet */
    struct text source;          /* of its recommendations */
    const struct guard *guard;
    bool fill_down;  /* a blank recommendation or theme is the one above */
    bool skip_leads; /* leads that the board does not have are left out */
};

enum odd_kind {
    ODD_SAID,  /* understood, but a person should look */
    ODD_LEAD,  /* an agency that the board does not have: its row can't be sent */
    ODD_STOPS, /* its row can't be sent as it is */
};

struct odd {
    enum odd_kind kind;
    size_t line;        /* of the file */
    const char *column; /* the heading as printed, "" where it is about the row */
    const char *said;   /* a sentence, on one line */
};

struct printed_action {
    size_t line;          /* on which its row begins */
    struct action action; /* whole, but for `seen` and `epoch` */
    struct printed_date due;
    enum progress_kind progress;
    int32_t done; /* if PROGRESS_COMPLETE: the day printed, or DAY_UNSAID */
    size_t odd;   /* how many of the list are about it */
    bool stopped; /* it can't be sent */
};

#define DAY_UNSAID (DAY_MIN - 1)

struct printed_plan {
    const struct printed_rules *rules;
    const struct table *table;
    struct arena *arena;
    struct headings headings;

    struct printed_action *actions;
    size_t count;
    struct odd *odd; /* row by row; references given twice at the end */
    size_t odd_count, odd_cap;
    struct text missing[PRINTED_MISSING]; /* agencies as printed, each once */
    size_t missing_count;
    size_t stopped;       /* actions that can't be sent */
    size_t unrecommended; /* rows where --fill-down would have filled one in */
    size_t unread;        /* rows, and headings, that hold what can't be sent */

    struct text names[TABLE_COLUMNS]; /* of the columns, by their headings */
    struct text above[COLUMN_COUNT];  /* the last that was printed: recommendation, theme */
    struct text *recommendations;     /* met so far, where they have no number */
    size_t recommendation_count;
};

/* False if it is no plan, and `why` says what is missing. The rest of what is wrong
   is in `odd`. All lives as long as the arena, the table and the rules. */
bool printed_plan_read(struct printed_plan *out, struct arena *arena, const struct table *t,
                       const struct printed_rules *rules, struct fault *why);

/* The column's heading on one line; "column 3" where it has none that may be said. */
struct text printed_heading(const struct printed_plan *p, size_t column);

#endif
