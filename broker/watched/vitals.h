/* How the broker is: what its loop counts, in plain integers of its own, and what it can
   say of itself when somebody asks (broker/watched/watching.h). Times are microseconds.      */
#ifndef BROKER_WATCHED_VITALS_H
#define BROKER_WATCHED_VITALS_H

#include "broker/intake.h"
#include "schema/exposition.h"

/* A disk that takes so long for a batch takes none. */
#define VITALS_SYNC_PATIENCE INT64_C(5000000)

struct vitals {
    const char *version;

    /* Since the start. An entry counts when it is durable. */
    int64_t started; /* UTC */
    int64_t accepted;
    int64_t refused[FAULT_CODE_COUNT];
    struct histogram acknowledged; /* how long its batch has had an entry, until it could be told */
    struct histogram synced;       /* how long the journal took for a batch */
    struct histogram batches;      /* of so many entries */
    int64_t failures;              /* of the journal */
    int64_t strangers;             /* connections by a key that no client has */
    int64_t credit_waits;          /* followers who granted no credit, and then did */

    /* Now. */
    int64_t host;      /* the host's clock */
    int64_t durable;   /* the newest entry that is */
    int64_t waiting;   /* entries that are not */
    int64_t unwritten; /* and those that the state on disk lacks */
    int64_t clients, followers, starved;
    int64_t sharing; /* of the clients' sessions: another program works by the same key */
    int64_t lag;     /* entries, of the follower that is furthest behind */
    int64_t closed[CLOSING_COUNT]; /* 1 for what closes intake, or for "open" */
    int64_t syncing;               /* for how long the journal has had its batch; 0: it has none */

    /* The disk, as whoever tells of it sees it. */
    int64_t journal_bytes, state_bytes;
    int64_t disk_free, disk_reserve;
    bool read_only;
};

/* Nothing was counted yet. */
void vitals_begin(struct vitals *v, int64_t host);

/* A batch that has become durable. */
void vitals_count_batch(struct vitals *v, const struct batch *b, int64_t age, int64_t sync);

/* Why a write would not be durable now, as a line; NULL: it would be. */
const char *vitals_trouble(const struct vitals *v);

#endif
