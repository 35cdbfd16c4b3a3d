/* How much one client may ask of the broker: refusals are recorded, and new
   outboxes and entries cost room for ever, so none of them is without end. Pure
   but for the table; times are microseconds of a clock that never goes back. */
#ifndef BROKER_LIMITS_H
#define BROKER_LIMITS_H

#include <stdint.h>

#include "broker/flight.h"
#include "schema/record.h"

/* So much may be done at once, and comes back bit by bit; who does more must
   wait, each time longer. */
struct patience_rule {
    int64_t burst;       /* how often at once */
    int64_t refill;      /* one comes back in this time */
    int64_t first, most; /* the first wait, and the longest: each is twice the one before */
};

struct patience {
    int64_t spent, counted; /* how often, as of when */
    int64_t until, wait;    /* nothing before; the newest wait */
};

extern const struct patience_rule patience_with_refusals, patience_with_strikes;

void patience_spend(struct patience *p, const struct patience_rule *rule, int64_t now);

/* How long it is still to wait; 0: not at all. */
int64_t patience_left(const struct patience *p, int64_t now);

/* --- a client ----------------------------------------------------------------- */

struct session;

struct limits {
    struct patience refusals;
    struct patience strikes; /* frames that can't be read */
    int32_t day;             /* of the counts */
    int64_t outboxes, entries;
    bool put_off;           /* as the log has told */
    struct flight *flight;  /* what is on its way to its sessions; NULL: nothing ever was */
    struct session *newest; /* of its sessions with an outbox; NULL: there is none */
};

/* What a client may add in a day. */
struct allowance {
    int64_t outboxes, entries;
};

/* Before a submission is judged: 0, or how long to wait, and `why`. `day` is the
   broker's; the counts are of that day alone. */
int64_t limits_ask(struct limits *l, const struct allowance *a, bool new_outbox, int32_t day,
                   int64_t now, const char **why);

/* After it was. */
void limits_count(struct limits *l, bool new_outbox, bool refused, int64_t now);

/* --- all of them ---------------------------------------------------------------- */

struct limits_table;

struct limits_table *limits_table_new(void);
void limits_table_free(struct limits_table **t);

/* The client's, all zero at first; lives as long as the table. */
struct limits *limits_of(struct limits_table *t, struct text client);

#endif
