/* Pages that views keep for those who come soon. */
#include "broker/feeds/page.h"
#include "broker/feeds/view.h"
#include "tests/t.h"

enum { LEN = 200000, PAGES = 2 * VIEW_RECENT };

static struct view *
view_of(struct views *all, enum feed_want want)
{
    const struct author lead = {.role = ROLE_LEAD, .agency = text_of("board")};
    const struct subscribe filter = {.has.want = 1, .want = want};

    return views_find(all, &lead, &filter);
}

/* Pages k = 1, 2, ... that each begin where the last one ended. */
static void
keep(struct view *view, size_t len)
{
    for (int64_t k = 1; k <= PAGES; k++) {
        struct page *page = page_new(SAY_EVENT, 1, len);
        page->len = len;
        page->upto = k;
        view_keep_page(view, page, k - 1, k - 1, 1);
        page_let_go(page);
    }
}

/* How many pages lead to the newest, of those that are there. */
static int
kept(const struct view *view)
{
    int count = 0;

    while (count < PAGES && view_find_page(view, PAGES - 1 - count, 1))
        count++;
    return count;
}

TEST(feed_views_keep_pages_and_each_leaves_room_to_others)
{
    struct views all = {.first = NULL};
    struct view *one = view_of(&all, WANT_ENTRIES);
    struct view *other = view_of(&all, WANT_ROWS);

    keep(one, 100);
    CHECK_INT(VIEW_RECENT, kept(one));
    keep(one, LEN);
    CHECK_INT(VIEWS_RECENT / 2 / LEN, kept(one));
    CHECK_INT(kept(one) * LEN, all.recent_bytes);
    keep(other, LEN);
    CHECK_INT((VIEWS_RECENT - kept(one) * LEN) / 2 / LEN, kept(other));
    view_drop_pages(one);
    CHECK_INT(0, kept(one));
    CHECK_INT(kept(other) * LEN, all.recent_bytes);
    views_let_go(&all, one);
    views_let_go(&all, other);
    CHECK_INT(0, all.recent_bytes);
}

TEST(feed_view_keeps_its_newest_page_whatever_others_keep)
{
    struct views all = {.first = NULL, .recent_bytes = VIEWS_RECENT};
    struct view *view = view_of(&all, WANT_BOTH);

    keep(view, LEN);
    CHECK_INT(1, kept(view));
    views_let_go(&all, view);
}
