/* Who may see what of all that is fed: a role and an agency (today's rights), and a
   filter. Followers that would be told the same share one view.               */
#ifndef BROKER_FEEDS_VIEW_H
#define BROKER_FEEDS_VIEW_H

#include "broker/feeds/page.h"
#include "broker/feeds/plan_list.h"
#include "broker/feeds/span.h"

/* A page that was made for it: for whoever was told all up to a number between these
   two, between which there is nothing for this view. */
struct recent_page {
    struct page *page;
    int64_t after, from;
};

/* So many at most, and of all views together so many bytes: a view keeps as much as it
   leaves to others, and its newest page. */
enum { VIEW_RECENT = 32, VIEWS_RECENT = 8 << 20 };

struct view {
    struct views *in;
    struct view *next;
    unsigned held;
    struct author author; /* whose client matters to nothing here */
    char agency[ID_MAX + 1];
    struct subscribe *filter;
    struct plan_list *plans; /* that may be seen, of those asked for; NULL: not known yet */
    uint64_t as_of;          /* the rights by which they were found */

    /* What it was told last, for all who are there now, or come there soon. */
    struct recent_page recent[VIEW_RECENT]; /* a ring */
    uint32_t slot;                          /* in it, of the next one */
    size_t recent_bytes;
    uint64_t recent_rights; /* by which they were made */
    uint64_t written;       /* the round in which the newest entries were looked at, */
    int64_t seen, last;     /* up to this one, the last that is on a page */
};

struct views {
    struct view *first;
    size_t recent_bytes;
};

/* The view of this author with this filter, held; an old one if there is one. */
struct view *views_find(struct views *all, const struct author *author,
                        const struct subscribe *filter);
void views_let_go(struct views *all, struct view *view);

/* Is it (still) what this author should have? */
bool view_is_of(const struct view *view, const struct author *author);

/* More than one follower has it, so that what was made for one is of use to others. */
static inline bool
view_is_shared(const struct view *v)
{
    return v->held > 1;
}

/* How long its pages may be: the wire's thread holds one, sealed, for each of those who do
   not take it at once. */
enum { VIEW_MANY = 16 };
static inline int64_t
view_page_most(const struct view *v)
{
    return v->held > VIEW_MANY ? PAGE_SHORT : PAGE_MOST;
}

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

/* What of the action's row it looks at for that, beside who has a share: bits as of `present`. */
uint64_t view_looks_at(const struct view *view);

/* All actions of the plans that may be seen. */
bool view_takes_all_actions(const struct view *view);

bool view_sees_plan(const struct view *view, struct text plan);

/* The page to go on with after `upto`, where it was made not long ago and by these
   rights; else NULL. */
struct page *view_find_page(const struct view *view, int64_t upto, uint64_t rights);

/* Holds the page, in place of the oldest where there are enough; `rights` as above. */
void view_keep_page(struct view *view, struct page *page, int64_t after, int64_t from,
                    uint64_t rights);
void view_drop_pages(struct view *view);

#endif
