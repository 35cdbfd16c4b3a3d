/* What the broker itself says while it does not serve: the first entries of a
   board, a lead's new key. Judged and folded as everything is, in memory. */
#ifndef BROKER_COMMANDS_OWN_H
#define BROKER_COMMANDS_OWN_H

#include "schema/state.h"
#include "schema/why.h"
#include "store/journal.h"

enum { OWN_ENTRIES = 4 };

struct own {
    struct state *state;
    struct arena *arena;
    int64_t time;                /* of what is said */
    bool doubted;                /* it is the newest entry's: the host's clock is not believed */
    int64_t number, n;           /* the last of the journal, and of the broker's outbox */
    uint8_t outbox[OUTBOX_SIZE]; /* the broker's own, the same for ever */
    struct journal_bytes entries[OWN_ENTRIES];
    size_t count;
};

/* An empty state and a new outbox. 0 or a negative error. */
int own_begin(struct own *o, struct why *why);

/* Instead: the state and the outbox that the journal gives. A clock that has jumped since
   the newest entry is not believed (clock.h): that would be what no later entry can take
   back. */
int own_resume(struct own *o, struct journal *journal, struct why *why);

/* One more entry. */
int own_say(struct own *o, enum submission_kind kind, const union body *body, struct why *why);

/* One that was said before, as the journal keeps it: of this number and no other. */
int own_repeat(struct own *o, struct bytes entry, struct why *why);

/* Appends what was said. */
int own_write(struct own *o, struct journal *journal, struct why *why);

void own_end(struct own *o);

#endif
