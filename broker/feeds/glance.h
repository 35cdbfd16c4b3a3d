/* The few fields of an entry that tell who may see it and what it touches. All of it
   decoded would cost as much as judging it did, once more, for each update.       */
#ifndef BROKER_FEEDS_GLANCE_H
#define BROKER_FEEDS_GLANCE_H

#include "schema/records.h"

/* Views of the entry's bytes. */
struct glance {
    int64_t number;
    struct text client;
    enum submission_kind kind;
    enum outcome outcome;
    struct bytes body; /* accepted */
    struct text named; /* by the body: an action, a plan; empty where it names neither */
};

/* False for bytes that are no entry of a journal. */
bool glance_at(struct bytes entry, struct glance *out);

#endif
