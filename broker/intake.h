/* What becomes of one SUBMIT: a verdict, a verdict repeated, or "not now". No
   socket here: answers go to the outgoing queue, entries to the ledger.

       known n   the verdict it had; `forked` if it was something else then
       next n    judged, recorded, folded; or RETRY, and nothing happened
       beyond    REWIND, once; those beyond are ignored until the awaited n comes */
#ifndef BROKER_INTAKE_H
#define BROKER_INTAKE_H

#include "broker/ledger/ledger.h"
#include "broker/outgoing.h"
#include "schema/guard.h"

/* Why nothing is judged.
   X(symbol, word for the log, milliseconds to come back after, reason) */
#define CLOSINGS(X)                                                                               \
    X(OPEN_TO_ALL, "open", 0, "")                                                                 \
    X(CLOSED_STOPPING, "stopping", 1000, "the broker is being stopped")                           \
    X(CLOSED_FULL, "disk-full", 2000, "there is no room on the broker's disk")                    \
    X(CLOSED_JOURNAL, "journal", 1000, "the broker's journal can't be written")                   \
    X(CLOSED_CLOCK, "clock", 10000, "the broker's clock has jumped: an operator must confirm it") \
    X(CLOSED_DAY, "new-day", 100, "a day has begun, and is rated first")                          \
    X(CLOSED_RESTORED, "restored", 10000, "the broker was restored: an operator must open intake")

#define AS_ENUM(symbol, word, ms, reason) symbol,
enum closing { CLOSINGS(AS_ENUM) CLOSING_COUNT };
#undef AS_ENUM

extern const char *const closing_word[CLOSING_COUNT], *const closing_reason[CLOSING_COUNT];

struct intake {
    struct ledger *ledger;
    struct outgoing *out;
    const struct guard *guard;
    struct allowance allowance; /* of each client and day */
    enum closing closed;        /* to all: stopping, full, journal; the others it sees itself */
};

/* `m` was sent by an open session; its views live as long as the ledger's arena
   is not reset. 0, or a negative error of the state. */
int intake_take(struct intake *in, struct session *from, const struct submit *m, struct moment now);

#endif
