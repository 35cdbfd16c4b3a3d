/* RAG: how an action stands on a day, and why. Ratings depend on the date, so
   they are computed when read, and never stored as truth. The first rule that
   holds gives the colour (DESIGN, "Rating, on a date"); every reason that holds
   at that colour is in the set, and `moved` and `disagrees`, which colour
   nothing. Waiting never improves a rating; nor does losing evidence.        */
#ifndef SCHEMA_RATING_H
#define SCHEMA_RATING_H

#include "schema/picture.h"

/* An action is due soon within this many days, and a lead unheard for more
   than as many turns it amber then. DESIGN, "Rating", rule 4. */
enum { SOON_DAYS = 28 };

struct rated_action {
    enum rating rating;
    uint32_t reasons;        /* bit per enum reason */
    uint32_t leads, claimed; /* "8 of 9 leads claimed" */
    enum claim least;        /* the least advanced lead's claim: as far as the action is */
    bool measured;           /* there is a measure, and a value of somebody */
    int64_t total;           /* then: the sum, or the worst of percentages */
};

void rating_on(const struct picture *picture, int32_t day, struct rated_action *out);

/* The measure's standing alone: whether there is a target that it does not
   reach (no value yet is below it; an unknown target is never missed). */
bool measure_below_target(const struct picture *picture, bool *measured, int64_t *total);

/* How many of each colour. Filed plans are left out by whoever counts. */
struct tally {
    uint32_t actions;
    uint32_t by_rating[RATING_COUNT];
};
void tally_add(struct tally *tally, const struct rated_action *rated);

#endif
