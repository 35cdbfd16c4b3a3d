/* What a client hears of a question, in all of its pages: the broker's answers
   without broker and wire, the past folded where one is needed. */
#ifndef TESTS_HEARD_H
#define TESTS_HEARD_H

#include "broker/queries/queries.h"

enum { HEARD_ROWS = 2000 };

struct heard {
    struct arena *arena;          /* given: of the rows */
    const char *rows[HEARD_ROWS]; /* each as JSON, sorted */
    size_t count, pages;
    enum wire_error error;
    bool refused; /* by an ERROR, which ended it */
};

/* A question as JSON, single quotes standing for JSON's; views into the arena. */
struct query heard_query(struct arena *arena, const char *line, ...)
    __attribute__((format(printf, 2, 3)));

/* Asks page by page, and wants each to be within its credit. q->past is its own. */
void heard_ask(struct querying *q, struct query query, struct heard *heard);

/* Asks for one page: the length of the frame, RESULT or ERROR, in FRAME_OUT_MAX bytes. */
size_t heard_page(struct querying *q, const struct query *query, uint8_t *frame);

#endif
