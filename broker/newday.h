/* What a new day changed: for each day of London that begins, and each that was
   missed, in their order, the broker itself says plan by plan which ratings are
   others than on the day before, on the state as the day begins; and in the end
   that the day is rated whole. Until then nothing else is judged (ledger_is_behind).

       newday_init -> newday_step ... -> newday_end
                      ^           |
                      +- _forget -+   the ledger went back

   In slices: a step looks at so many rows and no more, however many actions a plan
   has. What is said of a day are entries of kind `rating`:

       plan a, part 1 of 2 (64 actions) | plan a, 2 of 2 | plan c, 1 of 1 | no plan

   What was said last is in the state: the newest day that was rated whole, and each
   plan's newest day and part. So a day that was cut off goes on where it was, by
   rating anew what nobody can have changed.                                      */
#ifndef BROKER_NEWDAY_H
#define BROKER_NEWDAY_H

#include "broker/ledger/ledger.h"

enum { NEWDAY_ROWS = 1000 }; /* that a step of the loop's looks at */

struct newday {
    struct ledger *ledger; /* borrowed */
    enum { RATING_NOTHING, RATING_BOARD, RATING_PLAN, RATING_SAYS } doing;
    int64_t left;            /* rows of this step */
    struct state_walk plans; /* to the one that is being rated */
    struct plan_row plan;    /* which is in `kept`, as what follows */
    struct state_walk actions;
    struct arena *kept;
    struct rated *changes;
    uint32_t count, room; /* of them */
    int64_t parts, said;
};

void newday_init(struct newday *d, struct ledger *ledger);
void newday_end(struct newday *d);

/* A slice of about so many rows, by what the host's clock says. 1: there is more to do.
   0: today is rated; or the clock has jumped, so that nobody knows what today is. Or a
   negative error of the ledger. Resets its arena. */
int newday_step(struct newday *d, int64_t host, int rows);

/* What was under way is begun anew: to be called when the ledger has gone back. */
void newday_forget(struct newday *d);

#endif
