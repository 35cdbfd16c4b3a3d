/* What a page will hold, while it is being gathered: rows and entries, already
   encoded, each kind in a heap of its own. One sheet, with its memory, is used
   over and over:

       sheet_clear -> { sheet_add ... } -> sheet_event | sheet_state              */
#ifndef BROKER_FEEDS_SHEET_H
#define BROKER_FEEDS_SHEET_H

#include "broker/feeds/page.h"
#include "schema/record.h"

enum sheet_heap { SHEET_PLANS, SHEET_ACTIONS, SHEET_GONE, SHEET_ENTRIES, SHEET_HEAPS };

struct sheet {
    struct sheet_pile {
        uint8_t *at;
        size_t len, cap;
        uint32_t count;
    } heap[SHEET_HEAPS];
    size_t used, most; /* bytes of all heaps */
};

void sheet_free(struct sheet *s);

/* Empty, for a page of at most so many bytes; of less than nothing too: then nothing fits. */
void sheet_clear(struct sheet *s, int64_t most);
bool sheet_is_empty(const struct sheet *s);

/* One item, as MessagePack. False where it does not fit any more. */
bool sheet_add(struct sheet *s, enum sheet_heap to, struct bytes item);

/* Several of a heap, as they lay in it before. */
bool sheet_add_all(struct sheet *s, enum sheet_heap to, const void *items, size_t len,
                   uint32_t count);

/* One row, encoded where it goes to lie: room of PAGE_ROW bytes, then how many of them it has
   taken. 1, 0 where it does not fit any more, or -EBADMSG for one that no page holds, which
   has taken none. */
uint8_t *sheet_room(struct sheet *s, enum sheet_heap to);
int sheet_take(struct sheet *s, enum sheet_heap to, size_t len);

/* The same for an action's id that is gone. */
bool sheet_add_gone(struct sheet *s, struct text action);

/* Rows as of `number`, rated on `day`. */
struct page *sheet_state(const struct sheet *s, int64_t number, int32_t day);
struct page *sheet_event(const struct sheet *s, int64_t number, int32_t day, int64_t upto);

/* Pages that need no sheet. */
struct page *page_of_live(int64_t upto);
struct page *page_of_plans(const struct text *ids, uint32_t count, bool more);

#endif
