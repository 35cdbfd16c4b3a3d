/* A row of a table as a submission: each heading is a field's name, with dots where
   it is a record's within (`evidence.title`), each cell its value as JSON would have
   it, without quotes. Items of a list stand between semicolons. An empty cell says
   nothing. A table without the heading `kind` is of progress.

   A heading in brackets, "(title)", is over cells that are there to be read, and say nothing
   either. What Excel makes of a cell is taken back: a day may be 31/03/2016, day first, as
   it writes one in Britain; and an apostrophe before = + - @, which keeps a cell from being
   taken for a formula, is dropped.

       kind,action,on,status,note,value.amount,value.date
       progress,da-2016/1.1,2016-04-01,in-progress,"two of four teams",120,2016-03-31 */
#ifndef SCHEMA_CELLS_H
#define SCHEMA_CELLS_H

#include "schema/arena.h"
#include "schema/fault.h"
#include "schema/record.h"

/* The row as a line for submission_from_json, in the arena; or a fault that names
   the heading. Limits and unknown fields are found there. */
bool cells_to_json(struct arena *arena, const struct text *headings, unsigned heading_count,
                   const struct text *cells, unsigned count, struct text *json,
                   struct fault *fault);

/* One of the cells at least is a field's name, of any kind of submission: so they may be
   headings, some of them mistyped. A first row of values is none. */
bool cells_are_headings(const struct text *cells, unsigned count);

/* Nothing is in any of the cells. */
bool cells_are_blank(const struct text *cells, unsigned count);

/* A row of progress that says whose part and of which day, and nothing of it: left as it was in
   a form that was handed out. */
bool cells_say_nothing(const struct text *headings, unsigned heading_count,
                       const struct text *cells, unsigned count);

#endif
