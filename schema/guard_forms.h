/* What the guard knows the form of; for schema/guard.c. Each is asked at a run
   of digits, `first`: is it the first of such a thing? Then `found` gets where
   that begins. */
#ifndef SCHEMA_GUARD_FORMS_H
#define SCHEMA_GUARD_FORMS_H

#include "schema/runs.h"

/* What may stand between two groups of one number. */
extern const char guard_separators[];

/* 943 476 5919, solid or so, where the tenth digit is right. */
bool guard_find_nhs_number(const struct plain_text *t, struct run first, struct run *found);

/* AB 12 34 56 C. */
bool guard_find_insurance_number(const struct plain_text *t, struct run first, struct run *found);

/* 07700 900123, (0151) 496 0000, +44 (0)151 496 0000: a private line; or a helpline, which
   may be in any text. `found` gets all of it: parts can look like other things, as 808 800
   5000 passes for an NHS number. */
enum guard_line { GUARD_NO_LINE, GUARD_PRIVATE_LINE, GUARD_HELPLINE };
enum guard_line guard_find_line(const struct plain_text *t, struct run first, struct run *found);

/* False if no word of the text can say that a date is one of birth, as in nearly
   all texts; asked first, it saves reading their dates. */
bool guard_names_birth(const struct plain_text *t);

/* A whole date, where the words before it say that it is one of birth. */
bool guard_find_date_of_birth(const struct plain_text *t, struct run first, struct run *found);

#endif
