/* The terms of actions (state_see_terms), kept by themselves: every update looks at those of
   its action, and they are a tenth of its row, so that they can be kept for many more actions
   than rows (hot.h). Of 100,000 actions they take about 20 MB. For state.c alone, which hides
   it.

   Up to TERMS_MAX are kept; then one that was not used for long makes room now and then, so
   that those of actions that come up move in, and picking among millions costs little.  */
#ifndef SCHEMA_TERMS_H
#define SCHEMA_TERMS_H

#include "schema/state.h"

/* So many; and so long: longer ones, of actions with very many leads, are not kept. */
enum { TERMS_MAX = 1 << 17, TERMS_BYTES = 1024 };

struct terms;

/* Bytes that terms_keep was given, until something is kept or dropped: true; or false. */
bool terms_find(struct terms *t, const struct state_key *action, struct bytes *out);

/* Those of the action of this hash are looked for soon: as key_index_expect and _guess. */
void terms_expect(const struct terms *t, uint32_t hash);
void terms_expect_row(const struct terms *t, uint32_t hash);

/* Keeps a copy, of an action that is not here; or does not. */
void terms_keep(struct terms **t, const struct state_key *action, struct bytes terms);

/* They have changed. */
void terms_drop(struct terms *t, const struct state_key *action);

/* Forgets all. */
void terms_forget(struct terms **t);

#endif
