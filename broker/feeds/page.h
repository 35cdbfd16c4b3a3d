/* A message of a feed but for its first two fields, `id` and `count`, which are each
   subscription's own: so one page serves all who may see the same. A page is
   counted: whoever made it lets it go, and whoever keeps it holds it.          */
#ifndef BROKER_FEEDS_PAGE_H
#define BROKER_FEEDS_PAGE_H

#include "schema/messages.h"

enum {
    PAGE_HEAD = 64,                        /* bytes of a frame before a page's own, at most */
    PAGE_MOST = FRAME_OUT_MAX - PAGE_HEAD, /* and of those */
    PAGE_SHORT = 80 * 1024,                /* of one for many; any entry and any row fits */
    PAGE_ROW = 64 * 1024 /* of a row: 256 agencies and 64 themes by their longest ids take half */
};

struct page {
    unsigned held;
    enum message_kind kind;
    uint32_t fields; /* of its map, without the two */
    int64_t upto;    /* of EVENT and LIVE; else 0 */
    size_t len;
    uint8_t at[];
};

/* Without content, held once. */
struct page *page_new(enum message_kind kind, uint32_t fields, size_t cap);
void page_hold(struct page *p);
void page_let_go(struct page *p);

/* Its frame, for one subscription: how long that is, at most FRAME_OUT_MAX; and so many
   bytes. */
size_t page_len(const struct page *p, int64_t id, int64_t count);
void page_frame(const struct page *p, int64_t id, int64_t count, uint8_t *out);

/* What that takes of the subscription's credit: its length, or FEED_COST_LEAST. */
int64_t page_cost(const struct page *p, int64_t id, int64_t count);

#endif
