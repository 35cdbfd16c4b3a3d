/* What the broker holds to be so: the state, the journal of which it is a fold,
   and the entries between the two.

       ledger_open -> { ledger_accept, _refuse, _say ... } -> ledger_close
                          |                      ^
                          +-- ledger_roll_back --+    the journal has failed

   An entry is folded into the state at once and waits in `pending` for the
   journal. Until `durable` has reached its number nobody may be told of it.
   One thread. Functions return 0 or a negative error of the machine, after which
   the state is of no more use until ledger_roll_back.                          */
#ifndef BROKER_LEDGER_LEDGER_H
#define BROKER_LEDGER_LEDGER_H

#include "broker/clock.h"
#include "broker/ledger/keeping.h"
#include "broker/pending.h"
#include "schema/entry.h"
#include "store/journal.h"

struct ledger {
    struct keeping *keeping; /* borrowed, as are the next two */
    struct journal *journal;
    struct arena *arena; /* of whatever is being handled; reset by whoever handles it */
    struct state *state; /* keeping->state */
    struct pending pending;
    struct clock clock;
    int64_t number;              /* of the newest entry, which the state reflects */
    int64_t durable;             /* of the newest that the journal has */
    uint64_t registry;           /* another number whenever clients have changed */
    uint64_t rights;             /* and whenever plans, or who acts for whom, have */
    bool restored;               /* after a restore intake is closed until an operator opens it */
    int32_t rated;               /* the newest day that was rated whole */
    uint8_t outbox[OUTBOX_SIZE]; /* of the broker's own entries, and the last n there */
    int64_t n;
};

/* Takes the state to where the journal is; `progress`, if there is one, is told
   after every thousand entries. -EBADMSG where an entry can't be folded. */
int ledger_open(struct ledger *l, struct keeping *keeping, struct journal *journal,
                struct arena *arena, void (*progress)(int64_t done, int64_t size));
void ledger_close(struct ledger *l);

/* Drops what is not durable and takes the state to where the journal is. */
int ledger_roll_back(struct ledger *l);

/* The journal is durable up to `number`, where a batch ends. */
void ledger_made_durable(struct ledger *l, int64_t number);

/* The state as it is now is written next (keeping.h); it may be once the journal is durable
   up to here, where it has a batch end. */
void ledger_freeze(struct ledger *l);

/* Makes an entry of a submission that was judged. `from` holds who, outbox, n,
   kind, nonce and body; number, time and day are filled in. `host` is what the
   host's clock says. */
int ledger_accept(struct ledger *l, struct entry_origin *from, const union body *body,
                  const struct findings *found, int64_t host);
int ledger_refuse(struct ledger *l, struct entry_origin *from, const struct fault *fault,
                  int64_t host);

/* The day of an entry made now. */
int32_t ledger_day(struct ledger *l, int64_t host);

/* Has a day begun that is not rated yet? Then nothing else is judged (newday.h). */
bool ledger_is_behind(struct ledger *l, int64_t host);

/* What a submission is judged against now. */
struct present ledger_present(struct ledger *l, int64_t host);

/* An entry of the broker's own. 1; 0 if judge refuses it, with the fault; or
   negative. */
int ledger_say(struct ledger *l, enum submission_kind kind, const union body *body, int64_t host,
               struct fault *fault);

/* An entry's bytes, durable or not, into the arena: 1; 0 if there is none. */
int ledger_get(struct ledger *l, int64_t number, struct bytes *out);

/* The same decoded. -EBADMSG where that is not possible. */
int ledger_entry(struct ledger *l, int64_t number, struct entry *out);

#endif
