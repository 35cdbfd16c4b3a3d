/* What must hold of each entry, one after the other: DESIGN, "Invariants". */
#ifndef BROKER_COMMANDS_VERIFY_ENTRY_H
#define BROKER_COMMANDS_VERIFY_ENTRY_H

#include "schema/fold.h"
#include "schema/why.h"

struct verifying {
    struct state *folded; /* from the entries before */
    struct arena *arena;
    const char *board;  /* whose journal it should be: its id */
    const uint8_t *key; /* and public key */
    struct why *why;
    int64_t time; /* of the entry before */
    int64_t accepted[SUBMISSION_KIND_COUNT], refused;
    int64_t lost; /* n's that an operator has accepted as lost */
};

/* Checks the entry of that number and folds it in. 0; -EBADMSG, with why; or a negative
   error. */
int verify_entry(struct verifying *v, int64_t number, const struct stored *stored);

/* -EBADMSG, with why: an entry that can't be decoded. */
int verify_unreadable(struct verifying *v, int64_t number);

#endif
