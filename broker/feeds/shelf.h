/* Rows of actions as they were encoded for those who came, for the next who come: of use
   as long as nothing was said of their plan, nor of any plan's settings or agency, and the
   day is the same. Without it each newcomer of a morning costs what the first does; one
   who comes alone leaves nothing but marks.

   Pieces of a plan's rows lie by where they begin. Once a turn shelf_turn; then

       shelf_find, and where that is NULL, shelf_keep                            */
#ifndef BROKER_FEEDS_SHELF_H
#define BROKER_FEEDS_SHELF_H

#include "schema/state.h"

/* Rows of 100,000 actions with a title of a line are 26 MiB. What does not fit is not kept;
   so much the broker may take more, from the second who comes until a minute after the last. */
enum { SHELF_MOST = 40 << 20, SHELF_PATIENCE = 60 * 1000000 /* microseconds */ };

struct shelf_piece {
    int64_t said;          /* newest entry of the plan */
    struct state_key last; /* of its rows */
    bool ends;             /* the plan has no rows after these */
    uint32_t count;        /* 0: no more than a mark that somebody has come */
    size_t len;
    uint8_t at[];
};

struct shelf {
    void *pieces; /* NULL: none */
    size_t bytes;
    uint64_t rights;   /* the ledger's, */
    int32_t day;       /* and the day, as of which they are */
    int64_t now, used; /* when: the turn, and the last in which it was of use */
};

void shelf_clear(struct shelf *s);

/* What all rows depend on is so now. */
void shelf_turn(struct shelf *s, uint64_t rights, int32_t day, int64_t now);

/* The piece that begins after row `after` of the plan (empty: with its first), of which
   entry `said` is the newest; NULL: there is none. Until the next call of another. */
const struct shelf_piece *shelf_find(struct shelf *s, struct text plan,
                                     const struct state_key *after, int64_t said);

/* For the next: the piece without its bytes, and those, copied where this is not the first
   time; in place of an older one. */
void shelf_keep(struct shelf *s, struct text plan, const struct state_key *after,
                const struct shelf_piece *piece, const void *bytes);

#endif
