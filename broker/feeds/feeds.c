#include "broker/feeds/feeds.h"

#include "broker/access.h"
#include "broker/feeds/serving.h"
#include "broker/feeds/writing.h"

#define TELL_EVERY INT64_C(1000000)

void
feeds_init(struct feeds *f, struct ledger *ledger, struct outgoing *out,
           struct limits_table *limits)
{
    *f = (struct feeds){.ledger = ledger,
                        .out = out,
                        .limits = limits,
                        .row_arena = arena_new(),
                        .seen = ledger->number,
                        .slice = FEEDS_SLICE};
    span_init(&f->span, ledger);
}

void
feeds_end(struct feeds *f)
{
    for (struct follower *at = f->first; at; at = f->first) {
        f->first = at->next;
        follower_free(at, &f->views);
    }
    span_end(&f->span);
    sheet_free(&f->sheet);
    shelf_clear(&f->shelf);
    arena_destroy(&f->row_arena);
}

/* --- all of them ------------------------------------------------------------------------- */

/* A revocation that is not durable may yet not have happened: then the follower is to
   be told that it must subscribe again. */
static bool
may_be_taken_out(const struct feeds *f, const struct follower *at)
{
    return follower_is_gone(at) || (at->revoked && at->computed <= f->ledger->durable);
}

static void
take_out_those_that_are_over(struct feeds *f)
{
    struct follower **at = &f->first;

    while (*at) {
        struct follower *follower = *at;
        if (!may_be_taken_out(f, follower)) {
            at = &follower->next;
            continue;
        }
        *at = follower->next;
        if (f->served == follower)
            f->served = NULL;
        follower_free(follower, &f->views);
    }
}

/* Where the registry has changed, each is who it is now, or nobody. */
static int
know(struct feeds *f, struct follower *at)
{
    int rc = at->revoked ? 1 : access_know(f->ledger, f->limits, at->to);

    if (rc < 0)
        return rc;
    if (rc == 0) {
        at->revoked = true;
        at->computed = f->ledger->number;
    }
    if (at->revoked || view_is_of(at->view, &at->to->author))
        return 0;
    struct view *view = views_find(&f->views, &at->to->author, at->view->filter);
    views_let_go(&f->views, at->view);
    at->view = view;
    return 0;
}

static int
know_all(struct feeds *f)
{
    int rc = 0;

    if (f->registry == f->ledger->registry)
        return 0;
    for (struct follower *at = f->first; at && rc == 0; at = at->next)
        rc = know(f, at);
    if (rc == 0)
        f->registry = f->ledger->registry;
    return rc;
}

/* --- those that are level ------------------------------------------------------------------ */

/* The pages of the newest entries for one view, made when somebody is to have them. An
   entry with more rows than a page holds ends that: each gets it by itself. */
static int
write_pages(struct feeds *f, struct view *view, int64_t from)
{
    bool goes_on = view->seen == from && view->recent_rights == f->rights;
    int64_t after = goes_on && view->last < from ? view->last : from;
    struct writing w;
    struct page *page;
    bool short_of;
    int rc;

    if (view->written == f->round)
        return 0;
    writing_begin(&w, view, &f->span, &f->sheet);
    while ((rc = writing_next(&w, view_page_most(view), &page, &short_of)) == 1
           && page->upto > from) {
        view_keep_page(view, page, after, from, f->rights);
        after = from = page->upto;
        page_let_go(page);
    }
    if (rc == 1)
        page_let_go(page);
    view->written = f->round;
    view->seen = f->seen;
    view->last = rc == 1 ? INT64_MAX : after;
    return rc < 0 ? rc : 0;
}

/* One that lacks credit for a page, or comes too late for it, is level no longer. */
static int
tell(struct feeds *f, struct follower *at, int64_t from)
{
    struct page *page;
    int rc = write_pages(f, at->view, from);

    if (rc)
        return rc;
    while ((page = view_find_page(at->view, at->upto, f->rights)))
        if (!follower_say(at, f->out, f->ledger->number, page))
            return 0;
    if (at->upto >= at->view->last)
        at->upto = f->seen;
    return 0;
}

/* Where an entry changes who sees what, or many rows at once, each follower is served
   by itself. */
static int
tell_the_level(struct feeds *f)
{
    int64_t from = f->seen;
    int rc = 0;

    if (from == f->ledger->number)
        return 0;
    f->round++;
    f->seen = f->ledger->number;
    if (!f->first)
        return 0;
    span_begin(&f->span, f->day, from);
    if ((rc = span_read(&f->span, from + 1, f->seen, SIZE_MAX)))
        return rc;
    if (f->span.widens || f->span.last < f->seen)
        return 0; /* or more than a span holds: each catches up */
    for (struct follower *at = f->first; at && rc == 0; at = at->next)
        if (!follower_is_over(at) && !at->starved && at->upto == from
            && follower_is_level(at, from, f->rights))
            rc = tell(f, at, from);
    for (struct view *v = f->views.first; v; v = v->next)
        if (!view_is_shared(v))
            view_drop_pages(v);
    return rc;
}

/* --- a turn --------------------------------------------------------------------------- */

static bool
waits(const struct feeds *f, const struct follower *at)
{
    return !at->starved && at->credit > 0 && !follower_is_level(at, f->seen, f->rights);
}

/* What is on its way leaves without a word: so it is looked at again. */
int64_t
feeds_due(const struct feeds *f)
{
    int64_t due = INT64_MAX;

    for (const struct follower *at = f->first; at; at = at->next) {
        if (!(follower_is_over(at) ? may_be_taken_out(f, at) : waits(f, at)))
            continue;
        if (follower_is_over(at) || outgoing_has_room(at->to))
            return f->allowance < 0 && f->busy ? FEEDS_REST : 0;
        due = FEEDS_REST;
    }
    return due;
}

static bool
can_be_served(const struct feeds *f, const struct follower *at)
{
    return !follower_is_over(at) && waits(f, at) && outgoing_has_room(at->to);
}

/* After the one that was served last. */
static struct follower *
next_that_waits(struct feeds *f)
{
    struct follower *from = f->served ? f->served->next : f->first;

    for (struct follower *at = from; at; at = at->next)
        if (can_be_served(f, at))
            return at;
    for (struct follower *at = f->first; at != from; at = at->next)
        if (can_be_served(f, at))
            return at;
    return NULL;
}

/* A debt is paid off by rest; nothing is saved up. */
static void
allow(struct feeds *f, int64_t now)
{
    int64_t more = f->allowance + (now - f->served_at) / FEEDS_SHARE;

    f->allowance = f->busy && more < f->slice ? more : f->slice;
}

/* Each in turn, a slice at a time, until the time is up. */
static int
serve(struct feeds *f)
{
    struct serving s = {.ledger = f->ledger,
                        .out = f->out,
                        .span = &f->span,
                        .sheet = &f->sheet,
                        .shelf = &f->shelf,
                        .row_arena = f->row_arena,
                        .upto = f->seen,
                        .rights = f->rights,
                        .day = f->day};
    int64_t begun = serving_work();
    struct follower *at;
    int rc = 0;

    allow(f, serving_clock());
    do {
        if (f->allowance < 0 || !(at = next_that_waits(f)))
            break;
        arena_reset(f->ledger->arena);
        f->served = at;
        rc = serving_slice(&s, at);
    } while (rc == 0 && serving_work() - begun < f->allowance);
    f->served_at = serving_clock();
    f->allowance -= serving_work() - begun;
    return rc;
}

static void
tell_how_far(struct feeds *f, int64_t now)
{
    if (now < f->telling)
        return;
    f->telling = now + TELL_EVERY;
    sheet_clear(&f->sheet, PAGE_MOST);
    struct page *page = sheet_event(&f->sheet, f->ledger->number, f->day, f->seen);
    for (struct follower *at = f->first; at; at = at->next)
        if (!follower_is_over(at) && at->upto == f->seen && at->told_upto < at->upto
            && follower_is_level(at, f->seen, f->rights))
            (void)follower_say(at, f->out, f->ledger->number, page);
    page_let_go(page);
}

int
feeds_step(struct feeds *f, bool batch, struct moment now)
{
    int rc;

    arena_reset(f->ledger->arena);
    take_out_those_that_are_over(f);
    f->day = ledger_day(f->ledger, now.host);
    f->rights = f->ledger->rights;
    shelf_turn(&f->shelf, f->rights, f->day, now.steady);
    if ((rc = know_all(f)))
        return rc;
    if (batch && (rc = tell_the_level(f)))
        return rc;
    if (!f->first)
        return 0;
    if ((rc = serve(f)))
        return rc;
    tell_how_far(f, now.steady);
    return 0;
}

/* --- when the journal has failed -------------------------------------------------------------- */

static void
say_again(struct feeds *f, struct follower *at, int64_t durable)
{
    struct error e = {.code = ERROR_AGAIN,
                      .reason = text_of("the broker could not write its journal"),
                      .id = at->id};

    e.has.code = e.has.reason = e.has.id = 1;
    outgoing_say(f->out, at->to, durable, SAY_ERROR, &e);
    at->over = true;
}

void
feeds_roll_back(struct feeds *f, int64_t durable)
{
    for (struct follower *at = f->first; at; at = at->next) {
        if (at->computed > durable && !follower_is_gone(at))
            say_again(f, at, durable);
        if (at->upto > durable)
            at->upto = durable;
    }
    if (f->seen > durable)
        f->seen = durable;
}
