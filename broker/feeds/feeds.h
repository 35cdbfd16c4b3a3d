/* All who follow: board leads, agencies, observers, each told what it may see, in
   order, once, and no faster than it grants credit.

       feeds_subscribe, _credit, _unsubscribe    what clients say
       feeds_step                                once a turn of the loop
       feeds_roll_back                           the journal has failed

   A follower that is level with the journal is told of new entries all at once, by
   pages made once for all who see the same. Any other is served by itself, in
   slices: first PLANS, then STATE of what it lacks, LIVE, and the entries since, by
   pages that were made for another a moment ago, else from the journal and the rows
   as they are. Rights are looked at whenever a page is made, and a page is of no use
   once they have changed: what was restricted a moment ago is not on it.

   What is said is computed from the state at the ledger's newest number, and leaves
   when that is durable (broker/outgoing.h).                                    */
#ifndef BROKER_FEEDS_FEEDS_H
#define BROKER_FEEDS_FEEDS_H

#include "broker/feeds/follower.h"
#include "broker/feeds/sheet.h"
#include "broker/feeds/shelf.h"

/* How long those that are not level are served in a step, at most: DESIGN, "A
   snapshot". While submissions come they have this share of the loop's time. */
enum { FEEDS_SLICE = 2000 /* microseconds */, FEEDS_SHARE = 5 };

struct feeds {
    struct ledger *ledger; /* borrowed, as are the next two */
    struct outgoing *out;
    struct limits_table *limits;
    struct views views;
    struct follower *first;
    struct follower *served; /* the last that was served by itself */
    struct span span;
    struct sheet sheet;
    struct shelf shelf;
    struct arena *row_arena;
    int64_t seen;      /* followers that are level are told of all up to this entry */
    uint64_t rights;   /* the ledger's, of this turn: also of entries not told of yet */
    uint64_t registry; /* the ledger's, when that was looked at last */
    uint64_t round;    /* of telling those that are level */
    int32_t day;
    int64_t slice;     /* FEEDS_SLICE; for tests 0: one slice a step */
    bool busy;         /* set before a step: submissions are coming */
    int64_t served_at; /* when a step served last, */
    int64_t allowance; /* and how long the next may: less than nothing after a long one */
    int64_t telling;   /* when an `upto` alone is said again, on the steady clock */
    int64_t waits;     /* for credit, that are over */
};

void feeds_init(struct feeds *f, struct ledger *ledger, struct outgoing *out,
                struct limits_table *limits);
void feeds_end(struct feeds *f);

/* What a client said of a subscription. 1: done; 0: refused, and `why` says how;
   or a negative error. */
struct feed_refusal {
    enum wire_error code;
    const char *reason;
};
int feeds_subscribe(struct feeds *f, struct session *s, const struct subscribe *said,
                    struct feed_refusal *why);
int feeds_credit(struct feeds *f, const struct session *s, const struct credit *said,
                 struct feed_refusal *why);
int feeds_unsubscribe(struct feeds *f, const struct session *s, const struct unsubscribe *said,
                      struct feed_refusal *why);

/* `batch`: the journal was just given one, so it is time to tell of all entries that
   came since. Serves those that are not level for a while.
   0 or a negative error of the state or the journal. */
int feeds_step(struct feeds *f, bool batch, struct moment now);

/* When the next step should come, for those that are to be served: 0, at once; FEEDS_REST,
   in so many microseconds; INT64_MAX: there are none. */
enum { FEEDS_REST = 1000 };
int64_t feeds_due(const struct feeds *f);

/* Nothing beyond `durable` has happened. Subscriptions that were to be told of it are
   over, and told so. */
void feeds_roll_back(struct feeds *f, int64_t durable);

#endif
