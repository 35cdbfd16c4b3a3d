/* RAG: how an action stands on a day, and why. Ratings depend on the date, so
   they are computed when read, and never stored as truth. DESIGN, "Rating, on a
   date".

   The first rule that holds gives the colour. The reasons are those of all that
   holds, of whatever colour: an action that is red shows its amber reasons too,
   since mending only what made it red would leave it amber. Where the board has
   decided they are `check-due` and `changed` alone. `moved` and `disagrees`
   colour nothing.

   Where the rules leave it open: a day that is given (due, check, reply-by,
   forecast) is the last good one; an interval is exceeded from the day after its
   last. A lead's silence never began before it was a lead. A note that names
   nobody asks those who were leads then. `awaiting-assurance` needs every lead's
   claim; overdue with one that has no evidence is `overdue` and red all the same.

   Waiting never improves a rating: every reason stays once it has come, but
   `due-soon`, whose action is `overdue`, and red, from the next day on. Nor does
   losing evidence: it only ever counts in an action's favour. */
#ifndef SCHEMA_RATING_H
#define SCHEMA_RATING_H

#include "schema/measure.h"
#include "schema/picture.h"

/* An action is due soon within this many days, and a lead unheard for more
   than as many turns it amber then. DESIGN, "Rating", rule 4. */
enum { SOON_DAYS = 28 };

struct rated_action {
    enum rating rating;
    uint32_t reasons;        /* reason_bit of each */
    uint32_t leads, claimed; /* "8 of 9 leads claimed" */
    enum claim least;        /* the least advanced lead's claim: as far as the action is;
                                not-started where there is no lead */
    bool measured;           /* there is a measure, and a value of somebody */
    int64_t total;           /* then: how it stands (measure.h) */
};

static inline uint32_t
reason_bit(enum reason why)
{
    return UINT32_C(1) << why;
}

void rating_on(const struct picture *picture, int32_t day, struct rated_action *out);

/* How many of each colour. Filed plans are left out by whoever counts. */
struct tally {
    uint32_t actions;
    uint32_t by_rating[RATING_COUNT];
};
void tally_add(struct tally *tally, const struct rated_action *rated);

#endif
