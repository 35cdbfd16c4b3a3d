/* CSV to be opened in a spreadsheet: RFC 4180 in UTF-8, with the byte order mark by which
   Excel knows it; and no cell is a formula, whoever's text is in it.

       csv_rows_begin -> { csv_rows_cell ... -> csv_rows_end } ...               */
#ifndef AGENTS_FILES_CSV_ROWS_H
#define AGENTS_FILES_CSV_ROWS_H

#include <stdio.h>

#include "schema/record.h"

struct csv_rows {
    FILE *out;
    unsigned column; /* of the next cell */
};

void csv_rows_begin(struct csv_rows *rows, FILE *out);

/* The row's next cell. One that begins as a formula does gets an apostrophe before it, which
   schema/cells.h takes away. */
void csv_rows_cell(struct csv_rows *rows, struct text text);
void csv_rows_end(struct csv_rows *rows);

#endif
