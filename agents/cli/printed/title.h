/* Texts of cells: what is to be done in a line, from one that may hold a page. */
#ifndef AGENTS_CLI_PRINTED_TITLE_H
#define AGENTS_CLI_PRINTED_TITLE_H

#include <stdbool.h>

#include "schema/arena.h"
#include "schema/record.h"

/* The cell without the space around it; a view into it. */
struct text printed_trimmed(const char *cell);

/* The text on one line: each run of space a single one. In the arena. */
struct text printed_line(struct arena *arena, struct text text);

/* A terminated copy in the arena. */
const char *printed_terminated(struct arena *arena, struct text text);

/* The first sentence of a trimmed cell, on one line and of TITLE_MAX bytes at most:
   a longer one is cut between words and ends in "…". *whole: nothing is missing.
   A sentence ends before a capital letter, a list or a new line, not at "e.g." or
   "St."; one line of a PDF may end anywhere. */
struct text printed_title(struct arena *arena, struct text cell, bool *whole);

#endif
