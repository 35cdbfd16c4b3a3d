#include "agents/cli/fetch.h"

#include <stdio.h>
#include <stdlib.h>

#include "schema/codec.h"

void
fetch_keep(struct arena *arena, const struct record *r, const void *from, void *to)
{
    struct fault fault;
    static uint8_t encoded[FRAME_OUT_MAX]; /* a plan's actions are fetched by the hundred */
    size_t len = record_encode(r, from, encoded, sizeof encoded);

    if (!len || !record_decode(arena, r, to, arena_copy(arena, encoded, len), len, &fault))
        abort(); /* it came out of a frame by the same table */
}

/* Looks for one row in the pages of a list. */
struct looking {
    struct arena *arena;
    struct text id;
    void *out;
    struct view seen;
    bool found;
};

static void
take_view(struct looking *l, const struct result *page)
{
    l->seen = (struct view){page->number, page->epoch};
}

static bool
look_for_agency(void *context, const struct result *page)
{
    struct looking *l = context;

    take_view(l, page);
    for (uint32_t i = 0; i < page->agencies.count && !l->found; i++)
        if ((l->found = text_equal(page->agencies.at[i].id, l->id)))
            fetch_keep(l->arena, &agency_row_record, &page->agencies.at[i], l->out);
    return !l->found;
}

static bool
look_for_client(void *context, const struct result *page)
{
    struct looking *l = context;

    take_view(l, page);
    for (uint32_t i = 0; i < page->clients.count && !l->found; i++)
        if ((l->found = text_equal(page->clients.at[i].id, l->id)))
            fetch_keep(l->arena, &client_row_record, &page->clients.at[i], l->out);
    return !l->found;
}

static bool
take_plan(void *context, const struct result *page)
{
    struct looking *l = context;

    take_view(l, page);
    if ((l->found = page->plans.count > 0))
        fetch_keep(l->arena, &plan_row_record, &page->plans.at[0].plan, l->out);
    return false;
}

static bool
take_action(void *context, const struct result *page)
{
    struct looking *l = context;

    take_view(l, page);
    if ((l->found = page->has.shown))
        fetch_keep(l->arena, &shown_record, &page->shown, l->out);
    return false;
}

static int
look(struct talk *t, struct query *q, struct text id, talk_page *each, void *out, struct view *seen)
{
    struct looking l = {.arena = t->arena, .id = id, .out = out};
    char what[2 * PATH_MAX_LEN];

    (void)snprintf(what, sizeof what, "%.*s", (int)id.len, id.at);
    int rc = talk_ask(t, q, what, each, &l);
    *seen = l.seen;
    if (rc == EXIT_DONE && !l.found)
        rc = talk_complain(EXIT_REFUSED, "%s: there is none such, or you may not see it", what);
    return rc;
}

int
fetch_agency(struct talk *t, struct text id, struct agency_row *out, struct view *seen)
{
    struct query q = {.what = QUERY_AGENCIES};
    return look(t, &q, id, look_for_agency, out, seen);
}

int
fetch_client(struct talk *t, struct text id, struct client_row *out, struct view *seen)
{
    struct query q = {.what = QUERY_CLIENTS};
    return look(t, &q, id, look_for_client, out, seen);
}

int
fetch_plan(struct talk *t, struct text id, struct plan_row *out, struct view *seen)
{
    struct query q = {.what = QUERY_PLANS, .plan = id};
    q.has.plan = 1;
    return look(t, &q, id, take_plan, out, seen);
}

int
fetch_action(struct talk *t, struct text id, struct shown *out, struct view *seen)
{
    struct query q = {.what = QUERY_SHOW, .action = id};
    q.has.action = 1;
    return look(t, &q, id, take_action, out, seen);
}
