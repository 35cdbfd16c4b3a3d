/* Rows of a state that are in use, decoded: what is read again is not decoded again,
   and what is put again and again is encoded once. A row that was put is given to
   the store then, the first time; else when it has to make room, when the table is
   walked, and before a commit. For state.c alone, which hides it.

   Of each table there are HOT_ROWS at most; then one that was not used for longest,
   nearly, makes room. A row is copied in and out, so that what was read outlives
   whatever becomes of it here.                                                  */
#ifndef SCHEMA_HOT_H
#define SCHEMA_HOT_H

#include "schema/state.h"

enum { HOT_ROWS = 4096 };

struct hot;

/* Into `row` and the arena: true, or false if it is not here. */
bool hot_get(struct state *s, struct arena *arena, enum state_table table,
             const struct state_key *key, void *row);
bool hot_has(const struct state *s, enum state_table table, const struct state_key *key);

/* Takes a copy. `changed`: the store does not have it yet. 0, or the store's error
   where another row had to be given to it. */
int hot_put(struct state *s, enum state_table table, const struct state_key *key, const void *row,
            bool changed);

/* Gives the store what it does not have. 0 or its error. */
int hot_settle(struct state *s, enum state_table table);

/* Forgets all rows of the table, changed or not. */
void hot_forget(struct state *s, enum state_table table);

#endif
