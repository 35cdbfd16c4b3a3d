/* What a client hears of a question, in all of its pages: the broker's answers
   without broker and wire, the past folded where one is needed. */
#ifndef TESTS_HEARD_H
#define TESTS_HEARD_H

#include "broker/queries.h"

enum { HEARD_ROWS = 2000 };

struct heard {
    struct arena *arena;          /* given: of the rows */
    const char *rows[HEARD_ROWS]; /* each as JSON, sorted */
    size_t count, pages;
    enum wire_error error;
    bool refused; /* by an ERROR, which ended it */
};

/* Asks page by page; q->past is its own. */
void heard_ask(struct querying *q, struct query query, struct heard *heard);

#endif
