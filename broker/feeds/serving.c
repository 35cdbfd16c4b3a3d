#include "broker/feeds/serving.h"

#include <time.h>

#include "broker/feeds/chains.h"
#include "broker/feeds/sweeping.h"
#include "broker/feeds/writing.h"
#include "schema/wire/host_clock.h"

enum {
    SLICE_BYTES = 64 * 1024, /* of entries that one slice reads */
    PLANS_A_PAGE = 2000,
    FAR = 4 * MARK_EVERY, /* behind: more than walking back to a mark costs */
};

int64_t
serving_work(void)
{
    return clock_microseconds(CLOCK_THREAD_CPUTIME_ID);
}

int64_t
serving_clock(void)
{
    return clock_microseconds(CLOCK_MONOTONIC);
}

static bool
say(struct serving *s, struct follower *f, struct page *page)
{
    bool said = follower_say(f, s->out, s->ledger->number, page);

    page_let_go(page);
    return said;
}

/* --- plans, and the rows of those that came --------------------------------------------- */

/* The next of its list, but for what may be seen no longer. */
static struct page *
next_plans(const struct follower *f, uint32_t count, bool more)
{
    struct text seen[PLANS_A_PAGE];
    uint32_t seen_count = 0;

    for (uint32_t i = 0; i < count; i++) {
        struct text id = f->told->ids[f->told_count + i];
        if (view_sees_plan(f->view, id))
            seen[seen_count++] = id;
    }
    return page_of_plans(seen, seen_count, more);
}

static void
tell_plans(struct serving *s, struct follower *f)
{
    uint32_t left = f->told->count - f->told_count;
    uint32_t count = left < PLANS_A_PAGE ? left : PLANS_A_PAGE;

    if (!say(s, f, next_plans(f, count, count < left)))
        return;
    f->told_count += count;
    f->plans_told = f->told_count == f->told->count;
    if (!f->plans_told)
        return;
    if (f->holds_all || !view_wants_rows(f->view))
        follower_hold_told(f);
    f->sweep = (struct sweep){.kind = SWEEP_MISSING, .end = f->told->count};
}

/* --- entries ------------------------------------------------------------------------------ */

/* The first entry that changes many rows and whose rows were not sent: all that comes
   before it is told first. The span's count where there is none. 0 or negative. */
static int
find_wide(struct serving *s, const struct follower *f, uint32_t *at)
{
    int rc = 0;

    for (*at = 0; *at < s->span->count; ++*at) {
        const struct happening *h = &s->span->entries[*at];
        if (h->number != f->swept && (rc = sweeping_is_due(s->ledger, f, h)))
            break;
    }
    return rc < 0 ? rc : 0;
}

/* Where only entries of a few plans are let through, and there are many others. */
static bool
walks_chains(const struct serving *s, const struct follower *f)
{
    const struct subscribe *filter = f->view->filter;

    return (filter->has.plans || filter->has.actions || filter->has.themes)
           && f->told->count < CHAINS_MAX && s->upto - f->upto > FAR;
}

static int
read_span(struct serving *s, const struct follower *f)
{
    span_begin(s->span, s->day, f->upto);
    return walks_chains(s, f) ? chains_read(s->span, f->told, f->upto, s->upto, SLICE_BYTES)
                              : span_read(s->span, f->upto + 1, s->upto, SLICE_BYTES);
}

/* For others who are where it was: not where an entry has rows on several pages, or
   where one changes many rows, which each is sent by itself. */
static void
keep(const struct serving *s, const struct follower *f, struct page *page)
{
    if (page->upto > f->upto && !s->span->widens && view_is_shared(f->view))
        view_keep_page(f->view, page, f->upto, f->upto, s->rights);
}

/* The pages of a span as far as credit goes. */
static int
tell_entries(struct serving *s, struct follower *f)
{
    struct writing w;
    struct page *page;
    bool short_of = false;
    uint32_t wide;
    int rc;

    if ((page = view_find_page(f->view, f->upto, s->rights))) {
        (void)follower_say(f, s->out, s->ledger->number, page);
        return 0;
    }
    if ((rc = read_span(s, f)) || (rc = find_wide(s, f, &wide)))
        return rc;
    if (s->span->count && wide == 0) {
        sweeping_begin(f, &s->span->entries[0]);
        return 0;
    }
    writing_begin(&w, f->view, s->span, s->sheet);
    w.end = wide;
    for (;;) {
        bool whole = w.row == 0;
        if ((rc = writing_next(&w, f->credit - PAGE_HEAD, &page, &short_of)) != 1)
            break;
        if (whole)
            keep(s, f, page);
        if (!say(s, f, page))
            return 0;
    }
    if (rc < 0)
        return rc;
    f->starved = short_of;
    if (!short_of)
        f->upto = writing_complete_to(&w);
    return 0;
}

/* --- the next ------------------------------------------------------------------------------ */

/* A list that has begun is told to its end: its client puts together what comes. */
static bool
is_amid_plans(const struct follower *f)
{
    return f->told_count > 0 && !f->plans_told;
}

int
serving_slice(struct serving *s, struct follower *f)
{
    int rc = view_refresh(f->view, s->ledger, s->ledger->arena, s->rights);

    f->computed = s->ledger->number;
    if (rc)
        return rc;
    if (f->told != f->view->plans && !is_amid_plans(f))
        follower_begin_plans(f);
    if (!f->plans_told) {
        tell_plans(s, f);
        return 0;
    }
    if (f->sweep.kind != SWEEP_NONE)
        return sweeping_slice(s, f);
    if (!f->live) {
        f->live = say(s, f, page_of_live(f->upto));
        return 0;
    }
    return tell_entries(s, f);
}
