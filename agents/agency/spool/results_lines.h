/* The lines of NAME.done and NAME.refused: JSON, each about a row of a spool file. For
   results.c. Texts live in the arena. */
#ifndef AGENTS_AGENCY_SPOOL_RESULTS_LINES_H
#define AGENTS_AGENCY_SPOOL_RESULTS_LINES_H

#include "agents/libmaat/maat.h"
#include "schema/arena.h"
#include "schema/fault.h"
#include "schema/record.h"

/* The agent refused it; or took it, and it said nothing. `wall` is the time of day. */
struct text results_line_refused(struct arena *arena, const char *file, int64_t line,
                                 const struct fault *why, int64_t wall);
struct text results_line_unchanged(struct arena *arena, const char *file, int64_t line,
                                   int64_t wall);

/* The broker's verdict. */
struct text results_line_settled(struct arena *arena, const char *file, int64_t line,
                                 const struct maat_kept *kept);

/* A line again: is it about this file? Then its n, or -line where it never had one. */
bool results_line_read(struct arena *arena, const char *file, struct text line, int64_t *what);

#endif
