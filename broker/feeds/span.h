/* A stretch of the journal as feeds look at it: its entries, what each belongs to,
   and the actions that they touch, each looked up and encoded once for all who
   follow.

       span_begin -> { span_add } ... -> span_row ...      all of it lives till the next
                                                           span_begin                 */
#ifndef BROKER_FEEDS_SPAN_H
#define BROKER_FEEDS_SPAN_H

#include "broker/feeds/glance.h"
#include "broker/ledger/ledger.h"
#include "broker/queries/listed.h"

enum { SPAN_ENTRIES = 2 * BATCH_ENTRIES, SPAN_NO_ROW = -1 };

/* An entry. */
struct happening {
    int64_t number;
    struct bytes bytes; /* as the journal has them */
    enum submission_kind kind;
    bool accepted;
    struct text agency;        /* of who sent it; empty for the broker */
    struct text plan;          /* empty: the registry's, or refused */
    int32_t row;               /* the action that it names, in `rows`; or SPAN_NO_ROW */
    const int32_t *rated_rows; /* the actions that a rating entry tells of */
    uint32_t rated_count;
    struct glance saw;
};

/* An action that was touched. */
struct span_row {
    struct text id;
    bool looked_up;
    bool there; /* then the rest has a meaning */
    struct listed_action action;
    struct bytes encoded;
    uint64_t page; /* the last that it was put on */
};

struct span {
    struct ledger *ledger; /* borrowed */
    struct arena *arena;
    int32_t day;  /* of the ratings */
    int64_t last; /* up to this number nothing else is to be looked at */
    struct happening *entries;
    uint32_t count;
    struct span_row *rows;
    uint32_t row_count, row_cap;
    uint32_t *slots; /* rows by the hash of their ids, plus 1 */
    uint32_t slot_cap;
    uint64_t pages; /* made from spans, ever: so that a row knows which it is on */
    bool widens;    /* one of them changes who may see what, or many rows at once */
};

void span_init(struct span *s, struct ledger *ledger);
void span_end(struct span *s);

/* Empty: nothing came after entry `last`. */
void span_begin(struct span *s, int32_t day, int64_t last);

/* Adds entries `from` to `to`, up to SPAN_ENTRIES or about so many bytes. 0 or a
   negative error. */
int span_read(struct span *s, int64_t from, int64_t to, size_t bytes);

/* One entry of them, copied; its number is the one after the last, or later. */
int span_add(struct span *s, struct bytes entry);

/* The action's row as it is now, looked up at first. 1; 0: there is none such (its
   entry did not make it); or negative. */
int span_look_up(struct span *s, uint32_t at);

/* Does an accepted entry of this kind change who may see what, or many rows? */
bool span_is_wide(const struct happening *h);

#endif
