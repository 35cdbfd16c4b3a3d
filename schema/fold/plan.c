#include <errno.h>

#include "schema/fold/folding.h"
#include "schema/ids.h"

enum { REVIEW_DAYS = 90 }; /* DESIGN, "plan": unless said */

static struct joined
joins_now(const struct folding *f, struct text agency)
{
    struct joined j = {.agency = agency, .since = f->entry->day, .number = f->entry->number};
    j.has.agency = j.has.since = j.has.number = 1;
    return j;
}

static const struct joined *
find_joined(const struct plan_row *row, struct text agency)
{
    for (uint32_t i = 0; i < row->members.count; i++)
        if (text_equal(row->members.at[i].agency, agency))
            return &row->members.at[i];
    return NULL;
}

/* Who was a member before keeps its day, also one of `all` that is now named. */
static void
set_members(struct folding *f, const struct plan *p, const struct plan_row *before,
            struct plan_row *after)
{
    uint32_t count = p->members.list.count;
    struct joined *list = arena_take(f->arena, count * sizeof *list);

    after->has.all = p->members.all;
    if (p->members.all)
        after->all = before->has.all ? before->all : joins_now(f, text_of("all"));
    for (uint32_t i = 0; i < count; i++) {
        struct text agency = p->members.list.at[i];
        const struct joined *was = find_joined(before, agency);
        list[i] = was ? *was : joins_now(f, agency);
        if (!was && before->has.all)
            list[i].since = before->all.since, list[i].number = before->all.number;
    }
    after->members.at = list;
    after->members.count = count;
    after->has.members = !p->members.all;
}

/* --- agencies that leave: their parts end ------------------------------------ */

static bool
is_member(const struct plan *p, struct text agency)
{
    return p->members.all || texts_hold(p->members.list, agency);
}

static int
end_parts(struct folding *f, const struct plan *p, const struct action_row *action)
{
    struct state_key prefix = state_key_pair(action->id, text_of(""));
    struct state_walk walk;
    struct part part;
    int rc;

    state_walk_begin(&walk, TABLE_PARTS, &prefix);
    while ((rc = state_walk_next(f->s, f->arena, &walk, &part)) == 1) {
        if (part.has.ended || is_member(p, part.agency))
            continue;
        part.ended = part.changed = f->entry->number;
        part.has.ended = 1;
        if ((rc = put_part(f, &part)))
            return rc;
    }
    return rc;
}

static int
end_contribution(struct folding *f, const struct plan *p, const struct action_row *action)
{
    struct action_row after = *action;
    struct text *stay = arena_take(f->arena, action->contributors.count * sizeof *stay);
    uint32_t count = 0;

    for (uint32_t i = 0; i < action->contributors.count; i++)
        if (is_member(p, action->contributors.at[i]))
            stay[count++] = action->contributors.at[i];
    if (count == action->contributors.count)
        return 0;
    after.contributors = (struct texts){stay, count};
    after.changed = f->entry->number;
    return put_action(f, action, &after);
}

static int
end_all_parts(struct folding *f, const struct plan *p)
{
    struct state_key prefix = state_key_of(p->id);
    struct action_row action;
    struct state_walk walk;
    int rc;

    prefix.at[prefix.len++] = '/';
    state_walk_begin(&walk, TABLE_ACTIONS, &prefix);
    while ((rc = state_walk_next(f->s, f->arena, &walk, &action)) == 1)
        if ((rc = end_parts(f, p, &action)) || (rc = end_contribution(f, p, &action)))
            return rc;
    return rc;
}

int
fold_plan(struct folding *f, const struct plan *p)
{
    struct state_key key = state_key_of(p->id);
    struct plan_row before = {0};
    int exists = state_get_plan(f->s, f->arena, p->id, &before);

    if (exists < 0)
        return exists;
    struct plan_row row = before;
    f->previous = row.last;
    KEEP(&row, p, id);
    KEEP(&row, p, title);
    KEEP(&row, p, kind);
    KEEP(&row, p, marking);
    KEEP(&row, p, published);
    KEEP(&row, p, unpublished);
    KEEP(&row, p, closed);
    row.review_days = p->has.review_days ? p->review_days : REVIEW_DAYS;
    set_members(f, p, &before, &row);
    row.changed = row.last = f->entry->number;
    row.has.review_days = row.has.changed = row.has.last = 1;
    int rc = state_put(f->s, TABLE_PLANS, &key, &row);
    return rc || !exists || p->members.all ? rc : end_all_parts(f, p);
}
