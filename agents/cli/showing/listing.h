/* A table that a command prints: aligned for people, the last column wrapped at a
   terminal's width; or as CSV (RFC 4180). JSON is printed from records instead.

       listing_begin -> { listing_cell ... listing_row } -> listing_end or listing_drop  */
#ifndef AGENTS_CLI_SHOWING_LISTING_H
#define AGENTS_CLI_SHOWING_LISTING_H

#include <stdbool.h>

#include "schema/record.h"

enum { LISTING_COLUMNS = 24 };

struct listing;

/* `headings` is ended by NULL and borrowed. NULL where memory ends. */
struct listing *listing_begin(const char *const *headings, bool csv);

/* The row's next cell; printf's arguments. */
void listing_cell(struct listing *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
void listing_text(struct listing *l, struct text text);

/* A colour's word, in colour where a terminal shows it (and NO_COLOR is not set). */
void listing_rating(struct listing *l, enum rating rating);

/* What turns a terminal to that colour; "\033[0m" turns it back. */
const char *listing_colour(enum rating rating);

/* Colours are wanted on stdout: a terminal, and no NO_COLOR. */
bool listing_is_coloured(void);

/* Ends the row; cells not given are empty. */
void listing_row(struct listing *l);

/* Prints all of it; `none` instead where there is no row and a person reads. */
void listing_end(struct listing **l, const char *none);

/* Prints nothing of it. */
void listing_drop(struct listing **l);

#endif
