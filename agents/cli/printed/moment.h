/* One date as people write it, before it is held against the calendar: what it
   says and what it leaves unsaid. For period.c.                             */
#ifndef AGENTS_CLI_PRINTED_MOMENT_H
#define AGENTS_CLI_PRINTED_MOMENT_H

#include "agents/cli/printed/phrase.h"

enum { UNSAID = -1 };

struct moment {
    int day, month, year; /* as written, or UNSAID */
    int weekday;          /* MONDAY to SUNDAY, 0 if it has none */
    int extra;            /* days from it to the last day of its week */
    bool assumed;         /* another reader might disagree */
    const char *note;     /* how it was understood, NULL where that is plain */
    const char *unclear;  /* why there is more than one reading, or NULL */
};

/* How many tokens from `at` on it takes; 0 if there is no date. */
size_t moment_read(struct moment *out, const struct phrase *p, size_t at);

#endif
