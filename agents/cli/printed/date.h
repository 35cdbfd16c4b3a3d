/* A due date as a published plan prints it. */
#ifndef AGENTS_CLI_PRINTED_DATE_H
#define AGENTS_CLI_PRINTED_DATE_H

#include <stdbool.h>
#include <stdint.h>

/* All but the first two are kept as text and reported. */
enum printed_date_kind {
    DATE_NONE,       /* the cell is empty, or a dash */
    DATE_DAY,        /* a day: the one printed, or the last of the period printed */
    DATE_OPEN,       /* "ongoing", "annually", "TBC": there is no such day */
    DATE_RELATIVE,   /* "within three months", "immediate": from a day not printed */
    DATE_PROGRESS,   /* "Completed March 2015": not when it is due, but how far it is;
                        printed_progress reads it */
    DATE_IMPOSSIBLE, /* "31 September 2020" */
    DATE_UNCLEAR,    /* anything else, and what has two readings */
};

struct printed_date {
    enum printed_date_kind kind;
    int32_t day;  /* if DATE_DAY: days since 1970-01-01 */
    bool assumed; /* if DATE_DAY: a reading that a person should look at */
    char how[96]; /* a phrase for a person: how it was read, or why it was not */
};

/* Every word of the cell must be understood, or it is DATE_UNCLEAR. Of a date
   that was moved ("revised from", "extended to") the later wording counts. */
void printed_date_read(struct printed_date *out, const char *cell);

#endif
