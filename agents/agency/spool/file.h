/* A file of the spool as rows: JSON Lines, or CSV (schema/cells.h) where its name
   ends in .csv.

       spool_file_open [-> spool_file_go] -> { spool_file_next } ... -> spool_file_close

   A byte order mark is dropped, lines end with LF or CRLF, blank ones are no rows,
   nor are rows of empty cells.
   A line that can't be a row does not hurt the others; a CSV file with a quote in
   the wrong place is doubtful from there on, and none of it is taken.        */
#ifndef AGENTS_AGENCY_SPOOL_FILE_H
#define AGENTS_AGENCY_SPOOL_FILE_H

#include "schema/arena.h"
#include "schema/fault.h"
#include "schema/record.h"

struct spool_file;

struct spool_row {
    int64_t line; /* where it begins, the first being 1 */
    bool whole;   /* false: the file ends within it */
    bool refused; /* for this */
    struct fault why;
    bool nothing;     /* it says nothing of its part (schema/cells.h) */
    struct text json; /* none of these: a line for batch_add, in the arena or the file's memory */
};

/* Takes `fd` over. 1: *out is open. 0: refused as a whole. Negative: -errno. */
int spool_file_open(struct spool_file **out, int fd, const char *name, struct fault *why);
void spool_file_close(struct spool_file **f);

/* On to the first row that begins after this line. 0 or -errno. */
int spool_file_go(struct spool_file *f, int64_t line);

/* 1 and the next row, which lives until the next call; 0 at the end; or -errno. */
int spool_file_next(struct spool_file *f, struct arena *arena, struct spool_row *row);

/* The line on which the last row began; as a place for spool_file_go. */
int64_t spool_file_place(const struct spool_file *f);

#endif
