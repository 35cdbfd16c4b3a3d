/* The column headings of a published plan, as boards write them. */
#ifndef AGENTS_CLI_PRINTED_HEADINGS_H
#define AGENTS_CLI_PRINTED_HEADINGS_H

#include "agents/files/table.h"

/* X(symbol, name, what stands in it) */
#define COLUMNS(X)                                                                       \
    X(COLUMN_PRINTED, "printed", "anything else: kept as printed")                       \
    X(COLUMN_RECOMMENDATION_REF, "recommendation number", "the recommendation's number") \
    X(COLUMN_RECOMMENDATION, "recommendation", "what was recommended")                   \
    X(COLUMN_REF, "action number", "the action's reference")                             \
    X(COLUMN_ACTION, "action", "what is to be done")                                     \
    X(COLUMN_LEAD, "lead", "who carries it out")                                         \
    X(COLUMN_CONTRIBUTORS, "contributors", "who helps")                                  \
    X(COLUMN_DUE, "date", "when it is to be done")                                       \
    X(COLUMN_MEASURE, "measure", "how one will know")                                    \
    X(COLUMN_OUTCOME, "outcome", "what should be different")                             \
    X(COLUMN_PROGRESS, "progress", "what was done so far")                               \
    X(COLUMN_STATUS, "status", "a word or colour for it")                                \
    X(COLUMN_EVIDENCE, "evidence", "what shows it")                                      \
    X(COLUMN_THEME, "theme", "the priority or theme that it belongs to")

#define AS_ENUM(symbol, name, doc) symbol,
enum column { COLUMNS(AS_ENUM) COLUMN_COUNT };
#undef AS_ENUM

/* How a heading was understood. All but the first leave its column
   COLUMN_PRINTED, and are to be reported. */
enum heading_note {
    HEADING_KNOWN,
    HEADING_EMPTY,     /* there is none; cells under it are kept all the same */
    HEADING_UNKNOWN,   /* none of ours */
    HEADING_REPEATED,  /* a column to the left has this meaning already */
    HEADING_AMBIGUOUS, /* "Completion date": when it is due, or when it was done? */
};

struct headings {
    size_t row;   /* of the table, that holds the headings */
    size_t count; /* of columns */
    enum column column[TABLE_COLUMNS];
    enum heading_note note[TABLE_COLUMNS];
    int at[COLUMN_COUNT]; /* the table's column that holds it, or -1 */
};

const char *column_name(enum column column);

/* What one heading means; COLUMN_PRINTED with the reason in *note if nothing
   certain. Case, punctuation and "the" do not matter. */
enum column heading_column(const char *heading, enum heading_note *note);

/* Finds the row of headings among the table's first ten (titles may stand
   above it): the first with an action or a recommendation, and one more column
   that is known. False if there is none, and `why` says what is missing. */
bool headings_find(struct headings *out, const struct table *t, struct fault *why);

/* The row's cell in that column, "" if the table has no such column. */
const char *headings_cell(const struct headings *h, const struct table *t, size_t row,
                          enum column column);

#endif
