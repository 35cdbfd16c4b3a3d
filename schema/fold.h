/* The fold: (state, entry) -> state. An accepted entry is a fact: the fold
   applies it without judging again, by the version of the rules that it carries.
   It never refuses, reads no clock, and never reads free text to decide.

   Rows that an entry writes lie in the plan that it names, or in the registry. */
#ifndef SCHEMA_FOLD_H
#define SCHEMA_FOLD_H

#include "schema/state.h"

/* Where an entry belongs: the chain of its plan (or the registry's) and the row
   that it names. */
struct place {
    struct state_key plan_chain;
    enum state_table table;
    struct state_key row;
};

void place_of(enum submission_kind kind, const union body *body, struct text author_agency,
              struct place *out);

/* Applies an entry; `body` is its decoded body, NULL for a refusal, which
   belongs to its outbox's chain alone. Fills the entry's three previous numbers
   on the way: an entry about to be made is folded first and encoded then. 0, or
   a negative error of the state; -EBADMSG for an entry that no version of the
   rules can have written. */
int fold(struct state *s, struct arena *arena, struct entry *entry, const union body *body);

/* An entry as the journal keeps it, decoded; it points into its bytes and the arena.
   False for one that no version of the rules can have written. Needs no state. */
struct stored {
    struct entry entry;
    union body body;
    bool accepted; /* else there is no body */
};
bool stored_decode(struct arena *arena, struct bytes entry, struct stored *out);

/* Applies it. -EBADMSG too where its previous numbers are not those that the fold
   finds. */
int fold_decoded(struct state *s, struct arena *arena, const struct stored *stored);

/* Decodes and applies it. */
int fold_stored(struct state *s, struct arena *arena, struct bytes entry);

/* The same into a state that holds one plan and the registry alone: an accepted
   entry of the plan's chain or of the registry's, those two being folded in order
   of their numbers and all others left out. Of the previous numbers the row's is
   compared; chains are taken as they are, and not written. */
int fold_alone(struct state *s, struct arena *arena, struct bytes entry);

#endif
