/* How the agent is: what its loop counts, and what it says of itself when somebody asks
   (watched.h). Times are microseconds. */
#ifndef AGENTS_AGENCY_VITALS_H
#define AGENTS_AGENCY_VITALS_H

#include "schema/exposition.h"
#include "schema/local.h"

enum { AGENT_STATUS_JSON = 16 * 1024 };

/* With less left on its disk the outbox may not take another turn's submissions. */
#define AGENT_DISK_LEAST (INT64_C(1) << 20)

struct agent_vitals {
    const char *version;

    /* Since the start. */
    int64_t started; /* UTC */
    int64_t queued;  /* submissions that were put into the outbox */
    int64_t accepted, refused;
    int64_t rejected[FAULT_CODE_COUNT]; /* by the agent itself, before they were queued */

    /* Now. */
    int64_t host;        /* the host's clock, */
    int64_t clock_ahead; /* and how far it was ahead of the broker's at the last welcome */
    int64_t waiting;     /* submissions without a verdict, */
    int64_t oldest_age;  /* and for how long the oldest of them has been; 0: none */
    int64_t undealt;     /* refusals that no person has dealt with */
    int64_t spool_files, callers;
    int64_t full;                   /* 1: the outbox has no room */
    int64_t shared;                 /* 1: another program works by the same key */
    int64_t link[LINK_STATE_COUNT]; /* 1 for the state that the connection is in */
    char status[AGENT_STATUS_JSON]; /* all of it, as `agent_status` in JSON */

    /* The disk, as whoever tells of it sees it. */
    int64_t outbox_bytes, disk_free;
    bool read_only;
};

extern const struct metrics agent_metrics;

/* Why what is handed in would not be kept now, or kept and never brought to the broker, as
   a line; NULL: all is well. */
const char *agent_vitals_trouble(const struct agent_vitals *v);

#endif
