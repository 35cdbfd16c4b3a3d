/* Texts of others on a person's terminal: what could move its cursor or change its
   colours is not let through. */
#ifndef AGENTS_CLI_SHOWING_PRINTABLE_H
#define AGENTS_CLI_SHOWING_PRINTABLE_H

#include "schema/record.h"

/* Control characters but the line's end become "?", byte for byte. */
void printable_make(char *text);

/* Prints the text so, on stdout. */
void printable_print(struct text text);

#endif
