#include "agents/cli/plan.h"

#include "agents/cli/change.h"
#include "agents/cli/sending/sending.h"
#include "schema/days.h"

PLAN_OPTIONS(RECORD_TABLE)

void
plan_of_row(struct arena *arena, const struct plan_row *row, const struct view *seen,
            struct plan *out)
{
    struct text *members = arena_take(arena, (row->members.count + 1) * sizeof *members);

    *out = (struct plan){0};
    KEEP(out, row, id);
    KEEP(out, row, title);
    KEEP(out, row, type);
    KEEP(out, row, marking);
    KEEP(out, row, review_days);
    KEEP(out, row, published);
    KEEP(out, row, unpublished);
    KEEP(out, row, closed);
    out->has.members = 1;
    out->members.all = row->has.all;
    if (!row->has.all) {
        for (uint32_t i = 0; i < row->members.count; i++)
            members[i] = row->members.at[i].agency;
        out->members.list = (struct texts){members, row->members.count};
    }
    FETCH_SEEN(out, seen);
}

int
plan_send_change(struct talk *t, const char *id, const struct plan *from, const struct plan *to,
                 bool *unchanged)
{
    const union body was = {.plan = *from}, is = {.plan = *to};
    struct change change = {KIND_PLAN, id, &was, &is, false};
    int rc = change_send(t, &change);

    *unchanged = change.unchanged;
    return rc;
}

int
plan_add(const struct invocation *in, struct arena *arena)
{
    const struct view nothing = {0};
    struct plan_add_option o;
    struct plan p = {.id = text_of(in->words.at[0])};
    struct talk t;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE || (rc = talk_begin(&t, in, arena)) != EXIT_DONE)
        return rc;
    p.has.id = 1;
    KEEP(&p, &o, title);
    KEEP(&p, &o, type);
    KEEP(&p, &o, marking);
    KEEP(&p, &o, members);
    KEEP(&p, &o, review_days);
    KEEP(&p, &o, published);
    KEEP(&p, &o, unpublished);
    p.has.members = 1;
    FETCH_SEEN(&p, &nothing);
    p.epoch = t.welcome.epoch;
    const union body body = {.plan = p};
    rc = sending_one(&t, KIND_PLAN, &body, in->words.at[0]);
    talk_close(&t);
    return rc;
}

/* --- amending -------------------------------------------------------------------- */

/* A plan that is published says no longer why it never is, and the other way round. */
static void
amend(struct plan *p, const struct plan_amend_option *o)
{
    if (o->has.title)
        KEEP(p, o, title);
    if (o->has.type)
        KEEP(p, o, type);
    if (o->has.marking)
        KEEP(p, o, marking);
    if (o->has.members || o->no_members) {
        p->members = o->members;
        if (!o->has.members)
            p->members = (struct who){0};
    }
    if (o->has.review_days)
        KEEP(p, o, review_days);
    if (o->has.published || o->has.unpublished || o->no_published) {
        KEEP(p, o, published);
        KEEP(p, o, unpublished);
    }
    KEEP(p, o, reason);
}

int
plan_amend(const struct invocation *in, struct arena *arena)
{
    struct plan_amend_option o;
    struct plan_row row;
    struct plan from, to;
    struct view seen;
    bool unchanged;
    struct talk t;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE || (rc = talk_begin(&t, in, arena)) != EXIT_DONE)
        return rc;
    rc = fetch_plan(&t, text_of(in->words.at[0]), &row, &seen);
    if (rc == EXIT_DONE) {
        plan_of_row(arena, &row, &seen, &from);
        to = from;
        amend(&to, &o);
        rc = plan_send_change(&t, in->words.at[0], &from, &to, &unchanged);
    }
    talk_close(&t);
    return rc;
}

/* --- closing, opening again ------------------------------------------------------- */

static int
set_closed(const struct invocation *in, struct arena *arena, bool closed)
{
    struct plan_reason_option o;
    struct plan_row row;
    struct plan from, to;
    struct view seen;
    bool unchanged;
    struct talk t;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE || (rc = talk_begin(&t, in, arena)) != EXIT_DONE)
        return rc;
    rc = fetch_plan(&t, text_of(in->words.at[0]), &row, &seen);
    if (rc == EXIT_DONE) {
        plan_of_row(arena, &row, &seen, &from);
        from.has.closed = from.closed;
        to = from;
        to.closed = closed;
        to.has.closed = closed;
        KEEP(&to, &o, reason);
        rc = plan_send_change(&t, in->words.at[0], &from, &to, &unchanged);
    }
    talk_close(&t);
    return rc;
}

int
plan_close(const struct invocation *in, struct arena *arena)
{
    return set_closed(in, arena, true);
}

int
plan_reopen(const struct invocation *in, struct arena *arena)
{
    return set_closed(in, arena, false);
}
