/* Rows for tests of the rules: put into a state with all that their record
   requires, so that a test says only what it is about. */
#ifndef TESTS_ROWS_H
#define TESTS_ROWS_H

#include "schema/state.h"

/* Puts a row whose optional fields are marked in `row->has`. Required ones are
   taken as they are, but an empty text becomes "x" and a number the least that
   is allowed. `row` is changed so. Fails the test where the state fails. */
void rows_put(struct state *s, enum state_table table, struct state_key key, void *row);

/* The same; returns as state_put does. */
int rows_try(struct state *s, enum state_table table, struct state_key key, void *row);

/* Since a day, and an entry of ten times that number. */
struct joined rows_joined(const char *agency, int32_t since);

/* An agency added on a day, and by an entry of ten times that number. */
void rows_put_agency(struct state *s, const char *id, enum sector sector, int32_t since);

#endif
