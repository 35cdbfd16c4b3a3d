/* A CSV file as rows of cells, parted by commas; by semicolons or tabs, where the first row has
   no comma outside quotes. Strict: a quote in the wrong place makes all
   that follows doubtful, so the file is refused with the line where it stands.

       table_read (or table_parse) -> table_rows, table_line, table_cell ...
           -> table_free                                                     */
#ifndef AGENTS_FILES_TABLE_H
#define AGENTS_FILES_TABLE_H

#include <stddef.h>
#include <stdio.h>

#include "schema/fault.h"

enum { TABLE_BYTES = 10 * 1024 * 1024, TABLE_COLUMNS = 64 };

struct table;

/* Reads to the end of `in`, a file or a pipe. 1: *out is the table, for
   table_free. 0: it is not one, and `why` says from which line on. Negative:
   -errno, it could not be read.

   A byte order mark is dropped and lines end with LF, CRLF or CR. Text is
   UTF-8; a cell may hold lines, which then end with "\n". Blank lines are no
   rows. At most TABLE_BYTES, and TABLE_COLUMNS cells in a row. */
int table_read(struct table **out, FILE *in, struct fault *why);

/* The same from memory. */
int table_parse(struct table **out, const void *buf, size_t len, struct fault *why);

void table_free(struct table **t);

size_t table_rows(const struct table *t);

/* The line of the file on which the row begins; the first is 1. */
size_t table_line(const struct table *t, size_t row);

/* How many cells the row has: rows may differ. */
size_t table_cells(const struct table *t, size_t row);

/* The cell's text, "" past the row's end; lives as long as the table. */
const char *table_cell(const struct table *t, size_t row, size_t column);

#endif
