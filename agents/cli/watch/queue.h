/* What a watch has heard and not done with yet: events to be written or run, and in
   between how far that is complete. First in, first out. */
#ifndef AGENTS_CLI_WATCH_QUEUE_H
#define AGENTS_CLI_WATCH_QUEUE_H

#include "schema/record.h"

enum watch_item_kind {
    WATCH_EVENT,     /* of the entry `number`: `text` */
    WATCH_PLAN,      /* the plan `text` came, or went */
    WATCH_PLAN_HELD, /* the same, but it was there from the beginning */
    WATCH_UPTO,      /* everything up to `number` stands before this */
};

struct watch_item {
    struct watch_item *next;
    enum watch_item_kind kind;
    int64_t number;
    bool seen; /* the plan came */
    uint32_t len;
    char text[];
};

struct watch_queue {
    struct watch_item *first, *last;
    size_t bytes; /* that they take, as a measure of how far behind it is */
};

/* Copies the text. */
void watch_queue_add(struct watch_queue *q, enum watch_item_kind kind, int64_t number, bool seen,
                     struct text text);

/* Frees the first, which must be there. */
void watch_queue_drop(struct watch_queue *q);

void watch_queue_free(struct watch_queue *q);

#endif
