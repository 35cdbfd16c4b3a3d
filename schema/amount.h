/* Amounts: decimal numbers with up to three places, kept as whole thousandths,
   so that sums and comparisons are exact everywhere. */
#ifndef SCHEMA_AMOUNT_H
#define SCHEMA_AMOUNT_H

#include "schema/record.h"

enum { AMOUNT_TEXT = 24 };

/* "-12.5" is -12500. False for anything else than digits with at most one
   sign before and three places after a dot, or if out of range. */
bool amount_parse(struct text text, int64_t *thousandths);

/* The shortest text that parses to it again; returns its length. */
unsigned amount_format(int64_t thousandths, char out[AMOUNT_TEXT]);

#endif
