/* QUERY: what a client asks and may see, as one frame. From the live state, or
   from one of a past day; entries from the ledger. No socket here.             */
#ifndef BROKER_QUERIES_QUERIES_H
#define BROKER_QUERIES_QUERIES_H

#include "broker/heads.h"
#include "broker/queries/past.h"
#include "schema/messages.h"

struct querying {
    struct ledger *ledger; /* the state, its number, its entries, the journal, the arena */
    struct heads *heads;
    const struct author *author; /* whose rights of today decide */
    int32_t today;
    const struct past *past; /* that the answer needs, once it is there; else NULL */
};

/* 1: the answer needs the past that `out` says: fold it (broker/queries/past.h), and ask
   again with it. 0: it can be given now. Or a negative error, as below. */
int queries_need(const struct querying *q, const struct query *query, struct past_of *out);

/* Writes the RESULT or ERROR frame to `out` (FRAME_OUT_MAX bytes) and returns its
   length; or a negative error of the state or the journal. It may hold what is
   not durable yet: whoever calls keeps it until it is. */
int queries_answer(const struct querying *q, const struct query *query, void *out);

#endif
