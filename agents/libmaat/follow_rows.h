/* The actions that a follower holds: the newest row of each, and those that moved
   since its last turn, with what they were before.

       { follow_rows_put | follow_rows_take } ... -> follow_rows_moved -> follow_rows_settle

   Rows are copies, valid until they are put again, taken, dropped or settled. */
#ifndef AGENTS_LIBMAAT_FOLLOW_ROWS_H
#define AGENTS_LIBMAAT_FOLLOW_ROWS_H

#include "schema/messages.h"
#include "schema/roll.h"

struct follow_row {
    struct text id;
    struct listed *now;    /* NULL: gone */
    int64_t number;        /* complete to this journal number */
    struct listed *before; /* where it moved: as it was; NULL: it was not held */
    int64_t before_number;
    bool moved;
    uint32_t by; /* for whoever hands it over: which entry moved it */
};

struct follow_rows {
    struct roll all;           /* of struct follow_row */
    struct follow_row **moved; /* in the order in which they did */
    size_t count, cap;
};

void follow_rows_free(struct follow_rows *r);

/* NULL: not held. */
struct follow_row *follow_rows_find(const struct follow_rows *r, struct text id);

/* The newer of what is held and this. `moves`: it is to be handed over as moved. */
void follow_rows_put(struct follow_rows *r, const struct listed *row, int64_t number, bool moves);

/* Gone, as of the number. */
void follow_rows_take(struct follow_rows *r, struct text id, int64_t number);

/* All of a plan's, and nothing is said of them. */
void follow_rows_drop(struct follow_rows *r, struct text plan);

/* None has moved any more. */
void follow_rows_settle(struct follow_rows *r);

/* A record of its own with all that it points to, for free(). */
void *follow_rows_copy(const struct record *r, const void *rec);

#endif
