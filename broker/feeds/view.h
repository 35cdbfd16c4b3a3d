/* Who may see what of all that is fed: a role and an agency (today's rights), and a
   filter. Followers that would be told the same share one view.               */
#ifndef BROKER_FEEDS_VIEW_H
#define BROKER_FEEDS_VIEW_H

#include "broker/feeds/plan_list.h"
#include "broker/feeds/span.h"

struct view {
    struct view *next;
    unsigned held;
    struct author author; /* whose client matters to nothing here */
    char agency[ID_MAX + 1];
    struct subscribe *filter;
    struct plan_list *plans; /* that may be seen, of those asked for; NULL: not known yet */
    uint64_t as_of;          /* the rights by which they were found */

    /* What all who follow live are told of the newest entries. */
    uint64_t written; /* the round in which it was made */
    struct page **pages;
    uint32_t page_count, page_cap;
};

struct views {
    struct view *first;
};

/* The view of this author with this filter, held; an old one if there is one. */
struct view *views_find(struct views *all, const struct author *author,
                        const struct subscribe *filter);
void views_let_go(struct views *all, struct view *view);

/* Is it (still) what this author should have? */
bool view_is_of(const struct view *view, const struct author *author);

static inline bool
view_wants_entries(const struct view *v)
{
    return v->filter->want != WANT_ROWS;
}

static inline bool
view_wants_rows(const struct view *v)
{
    return v->filter->want != WANT_ENTRIES;
}

/* Finds the plans anew where `rights` has another value than when that was done
   last; the same list stays the same. 0 or negative. */
int view_refresh(struct view *view, struct ledger *ledger, struct arena *arena, uint64_t rights);

/* May the entry be seen, and does the filter let it through? 1, 0 or negative. */
int view_takes_entry(const struct view *view, struct span *span, const struct happening *h);

/* Does the filter let the action through, whose plan may be seen? */
bool view_takes_action(const struct view *view, const struct picture *picture);

bool view_sees_plan(const struct view *view, struct text plan);

void view_drop_pages(struct view *view);
void view_add_page(struct view *view, struct page *page);

#endif
