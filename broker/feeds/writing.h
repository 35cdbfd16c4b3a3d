/* Pages of EVENT for a view, from a span: those of its entries that may be seen and
   are let through, and before each the rows that it touched, as they are now. */
#ifndef BROKER_FEEDS_WRITING_H
#define BROKER_FEEDS_WRITING_H

#include "broker/feeds/sheet.h"
#include "broker/feeds/view.h"

struct writing {
    const struct view *view;
    struct span *span;
    struct sheet *sheet;
    uint32_t next; /* entry of the span */
    uint32_t row;  /* of the rows that it touches */
    uint32_t end;  /* where to stop: an entry, or the span's count */
};

/* Begins at the span's first entry. */
void writing_begin(struct writing *w, const struct view *view, struct span *span,
                   struct sheet *sheet);

/* Up to which number all is told that pages were made of so far. */
int64_t writing_complete_to(const struct writing *w);

/* The next page, of at most `most` bytes: 1, and *out held once. 0: there is none: all
   that is left is not for this view; or, with `*short_of`, the next item alone is
   longer than `most`. Or negative. */
int writing_next(struct writing *w, int64_t most, struct page **out, bool *short_of);

#endif
