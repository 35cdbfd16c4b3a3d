/* Rows of a state that are in use, decoded: what is read again is not decoded again,
   and what is put again and again is encoded once, when it has to make room, when the
   table is walked, or before a commit. For state.c alone, which hides it.

   A row is in use if two pieces of work (arena.h) read it, and not too much else came
   between; all others are left to the store. Of each table there are HOT_ROWS at
   most; then one that was not used for longest, nearly, makes room. A row is copied
   in, and out where it must outlive what becomes of it here.                    */
#ifndef SCHEMA_HOT_H
#define SCHEMA_HOT_H

#include "schema/state.h"

enum { HOT_ROWS = 4096 };

struct hot;

/* Into `row` and the arena: true, or false if it is not here. */
bool hot_get(struct state *s, struct arena *arena, enum state_table table,
             const struct state_key *key, void *row);
/* The row itself, or NULL: it holds until a row of the table is put or all are forgotten,
   or, for this `work`, whatever else is kept. */
const void *hot_see(struct state *s, uint64_t work, enum state_table table,
                    const struct state_key *key);
bool hot_has(const struct state *s, enum state_table table, const struct state_key *key);

/* A row whose key has this hash is looked for soon. */
void hot_expect(const struct state *s, enum state_table table, uint32_t hash);

/* A row that is not here is read from the store by this `work`: is it in use? */
bool hot_wants(struct state *s, uint64_t work, enum state_table table, const struct state_key *key);

/* Then: a copy of it is kept. 0, or the store's error where another row had to be given to
   it. */
int hot_keep(struct state *s, uint64_t work, enum state_table table, const struct state_key *key,
             const void *row);

/* Takes a copy of a row that is here, which may point into the one that was; of any other the store
   is given it. 0 or the store's error. */
int hot_put(struct state *s, enum state_table table, const struct state_key *key, const void *row);

/* Gives the store what it does not have. 0 or its error. */
int hot_settle(struct state *s, enum state_table table);

/* Forgets all rows of the table, changed or not. */
void hot_forget(struct state *s, enum state_table table);

#endif
