/* How far an action is, as a published plan prints it in its progress or its
   status column. */
#ifndef AGENTS_CLI_PRINTED_PROGRESS_H
#define AGENTS_CLI_PRINTED_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

enum progress_kind {
    PROGRESS_UNKNOWN, /* says nothing certain, or nothing */
    PROGRESS_NOT_STARTED,
    PROGRESS_UNDER_WAY,
    PROGRESS_COMPLETE,
};

struct printed_progress {
    enum progress_kind kind;
    bool dated;  /* PROGRESS_COMPLETE, and the day is printed */
    int32_t day; /* then: days since 1970-01-01, the last of the period printed */
};

/* Complete is only what says so first and takes nothing of it back: "Complete",
   "Completed March 2015", "Green - complete", "Blue" (green alone is on track,
   and says nothing), "100%". Words such as "not", "90%", "by", "awaiting",
   "further" anywhere in the cell make it PROGRESS_UNKNOWN. */
void printed_progress_read(struct printed_progress *out, const char *cell);

#endif
