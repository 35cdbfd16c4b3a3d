#include "broker/feeds/view.h"

#include <stdlib.h>
#include <string.h>

#include "broker/feeds/page.h"
#include "broker/queries/readable.h"
#include "schema/access.h"
#include "schema/copy.h"
#include "schema/ids.h"
#include "schema/must.h"

/* --- one for all who see the same -------------------------------------------------- */

static bool
same_list(bool has_a, struct texts a, bool has_b, struct texts b)
{
    if (has_a != has_b || a.count != b.count)
        return false;
    for (uint32_t i = 0; i < a.count; i++)
        if (!text_equal(a.at[i], b.at[i]))
            return false;
    return true;
}

static bool
same_filter(const struct subscribe *a, const struct subscribe *b)
{
    return a->want == b->want && same_list(a->has.plans, a->plans, b->has.plans, b->plans)
           && same_list(a->has.actions, a->actions, b->has.actions, b->actions)
           && same_list(a->has.themes, a->themes, b->has.themes, b->themes)
           && same_list(a->has.agencies, a->agencies, b->has.agencies, b->agencies);
}

bool
view_is_of(const struct view *view, const struct author *author)
{
    return view->author.role == author->role && text_equal(view->author.agency, author->agency);
}

static struct view *
new_view(const struct author *author, const struct subscribe *filter)
{
    struct view *v = must(calloc(1, sizeof *v));
    struct subscribe lists = {.want = filter->want};

    KEEP(&lists, filter, plans);
    KEEP(&lists, filter, actions);
    KEEP(&lists, filter, themes);
    KEEP(&lists, filter, agencies);
    lists.has.want = 1;
    memcpy(v->agency, author->agency.at, author->agency.len);
    v->author = (struct author){.agency = {v->agency, author->agency.len}, .role = author->role};
    v->filter = must(malloc(sizeof lists + record_room(&subscribe_record, &lists)));
    record_copy(&subscribe_record, v->filter, &lists, v->filter + 1);
    return v;
}

struct view *
views_find(struct views *all, const struct author *author, const struct subscribe *filter)
{
    struct view *v = all->first;

    while (v && !(view_is_of(v, author) && same_filter(v->filter, filter)))
        v = v->next;
    if (!v) {
        v = new_view(author, filter);
        v->in = all;
        v->next = all->first;
        all->first = v;
    }
    v->held++;
    return v;
}

void
views_let_go(struct views *all, struct view *view)
{
    struct view **at = &all->first;

    if (--view->held > 0)
        return;
    while (*at != view)
        at = &(*at)->next;
    *at = view->next;
    view_drop_pages(view);
    plan_list_let_go(view->plans);
    free(view->filter);
    free(view);
}

static void
drop_page(struct view *view, struct recent_page *r)
{
    if (!r->page)
        return;
    view->recent_bytes -= r->page->len;
    view->in->recent_bytes -= r->page->len;
    page_let_go(r->page);
    r->page = NULL;
}

void
view_drop_pages(struct view *view)
{
    for (uint32_t i = 0; i < VIEW_RECENT; i++)
        drop_page(view, &view->recent[i]);
    view->seen = -1;
}

struct page *
view_find_page(const struct view *view, int64_t upto, uint64_t rights)
{
    if (view->recent_rights != rights)
        return NULL;
    for (uint32_t i = 0; i < VIEW_RECENT; i++) {
        const struct recent_page *r = &view->recent[i];
        if (r->page && r->after <= upto && upto <= r->from)
            return r->page;
    }
    return NULL;
}

/* Beside its newest page. */
static bool
has_enough(const struct view *view, const struct page *newest)
{
    return view->recent_bytes > newest->len
           && view->recent_bytes + view->in->recent_bytes > VIEWS_RECENT;
}

void
view_keep_page(struct view *view, struct page *page, int64_t after, int64_t from, uint64_t rights)
{
    if (view->recent_rights != rights)
        view_drop_pages(view);
    view->recent_rights = rights;
    struct recent_page *r = &view->recent[view->slot++ % VIEW_RECENT];
    drop_page(view, r);
    page_hold(page);
    *r = (struct recent_page){page, after, from};
    view->recent_bytes += page->len;
    view->in->recent_bytes += page->len;
    for (uint32_t oldest = view->slot; has_enough(view, page); oldest++)
        drop_page(view, &view->recent[oldest % VIEW_RECENT]);
}

/* --- plans ----------------------------------------------------------------------------- */

/* By what it says of actions. */
static bool
asks_for_plan(const struct subscribe *f, struct text plan)
{
    if (!f->has.actions)
        return true;
    for (uint32_t i = 0; i < f->actions.count; i++)
        if (text_equal(path_first(f->actions.at[i]), plan))
            return true;
    return false;
}

struct found {
    struct text *ids;
    uint32_t count, cap;
};

static void
add(struct found *f, struct text id)
{
    if (f->count == f->cap) {
        f->cap = f->cap ? 2 * f->cap : 64;
        f->ids = must(realloc(f->ids, f->cap * sizeof *f->ids));
    }
    f->ids[f->count++] = id;
}

/* Of the plans that it names, itself or by their actions. */
static int
find_named(const struct view *view, struct ledger *ledger, struct arena *arena, struct found *found)
{
    const struct subscribe *f = view->filter;
    const struct texts named = f->has.plans ? f->plans : f->actions;
    struct plan_row plan;
    int rc = 0;

    for (uint32_t i = 0; i < named.count && rc >= 0; i++) {
        struct text id = path_first(named.at[i]);
        if (asks_for_plan(f, id)
            && (rc = access_get_plan(ledger->state, arena, &view->author, id, &plan)) == 1)
            add(found, id);
    }
    return rc < 0 ? rc : 0;
}

/* A row is read only where it decides. */
static int
find_all(const struct view *view, struct ledger *ledger, struct arena *arena, struct found *found)
{
    const bool by_members = access_sight(&view->author) == SEES_AS_MEMBER;
    const struct state_key all = {.len = 0};
    struct state_walk walk;
    struct plan_row plan;
    int rc;

    state_walk_begin(&walk, TABLE_PLANS, &all);
    while ((rc = state_walk_next(ledger->state, arena, &walk, by_members ? &plan : NULL)) == 1) {
        if (by_members)
            rc = access_sees_plan(ledger->state, arena, &view->author, &plan);
        if (rc < 0)
            break;
        if (rc)
            add(found, (struct text){arena_copy(arena, walk.key.at, walk.key.len), walk.key.len});
    }
    return rc;
}

static int
find_plans(const struct view *view, struct ledger *ledger, struct arena *arena, struct found *found)
{
    if (access_sight(&view->author) == SEES_NO_PLAN)
        return 0;
    return view->filter->has.plans || view->filter->has.actions
               ? find_named(view, ledger, arena, found)
               : find_all(view, ledger, arena, found);
}

int
view_refresh(struct view *view, struct ledger *ledger, struct arena *arena, uint64_t rights)
{
    struct found found = {0};

    if (view->plans && view->as_of == rights)
        return 0;
    int rc = find_plans(view, ledger, arena, &found);
    if (rc == 0) {
        struct plan_list *plans = plan_list_new(found.ids, found.count);
        if (view->plans && plan_list_same(view->plans, plans)) {
            plan_list_let_go(plans);
        } else {
            plan_list_let_go(view->plans);
            view->plans = plans;
        }
        view->as_of = rights;
    }
    free(found.ids);
    return rc;
}

bool
view_sees_plan(const struct view *view, struct text plan)
{
    return plan_list_find(view->plans, plan) != PLAN_LIST_NONE;
}

/* --- entries and actions ------------------------------------------------------------------ */

bool
view_takes_all_actions(const struct view *view)
{
    const struct subscribe *f = view->filter;

    return !f->has.actions && !f->has.themes && !f->has.agencies;
}

uint64_t
view_looks_at(const struct view *view)
{
    const struct action_row themes = {.has = {.themes = 1}};

    return view->filter->has.themes ? themes.present : 0;
}

bool
view_takes_action(const struct view *view, const struct picture *picture)
{
    const struct subscribe *f = view->filter;
    bool theme = !f->has.themes;
    bool agency = !f->has.agencies;

    if (f->has.actions && !texts_hold(f->actions, picture->action->id))
        return false;
    for (uint32_t i = 0; !theme && i < f->themes.count; i++)
        theme = texts_hold(picture->action->themes, f->themes.at[i]);
    for (uint32_t i = 0; !agency && i < f->agencies.count; i++)
        agency = picture_share(picture, f->agencies.at[i]) != NULL;
    return theme && agency;
}

/* Of the registry, or refused: no plan is named. */
static int
takes_planless(const struct view *view, struct span *span, const struct happening *h)
{
    const struct subscribe *f = view->filter;
    const struct querying q = {.ledger = span->ledger, .author = &view->author};
    const struct entry entry = {
        .client = h->saw.client, .kind = h->kind, .outcome = h->saw.outcome, .body = h->saw.body};

    if (f->has.plans || f->has.actions || f->has.themes
        || (f->has.agencies && !texts_hold(f->agencies, entry_agency(&entry))))
        return 0;
    return readable(&q, &entry);
}

int
view_takes_entry(const struct view *view, struct span *span, const struct happening *h)
{
    if (!h->plan.len)
        return takes_planless(view, span, h);
    if (!view_sees_plan(view, h->plan))
        return 0;
    if (h->row == SPAN_NO_ROW || view_takes_all_actions(view))
        return 1;
    int rc = span_look_up(span, (uint32_t)h->row);
    return rc != 1 ? rc : view_takes_action(view, &span->rows[h->row].action.picture);
}
