#include <errno.h>

#include "schema/fold/folding.h"
#include "schema/ids.h"

enum { REVIEW_DAYS = 90 }; /* DESIGN, "plan": unless said */

static struct joined
joins(struct text agency, int32_t since, int64_t number)
{
    struct joined j = {.agency = agency, .since = since, .number = number};
    j.has.agency = j.has.since = j.has.number = 1;
    return j;
}

/* Who was a member before, also as one of all, keeps its day. */
static int
join(struct folding *f, const struct plan_row *before, struct text agency, struct joined *out)
{
    struct agency_row row;
    int32_t since;
    int64_t number;
    int rc = state_get_agency(f->s, f->arena, agency, &row);

    if (rc != 1)
        return rc < 0 ? rc : -EBADMSG;
    *out = plan_has_member(before, &row, &since, &number)
               ? joins(agency, since, number)
               : joins(agency, f->entry->day, f->entry->number);
    return 0;
}

/* Where all become members, those that were named before stay on the list, for
   their days. */
static int
set_members(struct folding *f, const struct plan *p, const struct plan_row *before,
            struct plan_row *after)
{
    uint32_t count = p->members.list.count;
    struct joined *list = arena_take(f->arena, count * sizeof *list);
    int rc = 0;

    after->has.all = p->members.all;
    if (p->members.all) {
        after->all =
            before->has.all ? before->all : joins(text_of("all"), f->entry->day, f->entry->number);
        return 0;
    }
    for (uint32_t i = 0; i < count && !rc; i++)
        rc = join(f, before, p->members.list.at[i], &list[i]);
    after->members.at = list;
    after->members.count = count;
    after->has.members = 1;
    return rc;
}

/* An agency that is no longer a member contributes no longer. */
static int
end_contributions(struct folding *f, const struct plan *p, struct action_row *action)
{
    const struct action_row before = *action;
    struct text *stay = arena_take(f->arena, before.contributors.count * sizeof *stay);
    uint32_t count = 0;

    for (uint32_t i = 0; i < before.contributors.count; i++)
        if (p->members.all || texts_hold(p->members.list, before.contributors.at[i]))
            stay[count++] = before.contributors.at[i];
    if (count == before.contributors.count)
        return 0;
    action->contributors = (struct texts){stay, count};
    action->changed = f->entry->number;
    return put_action(f, &before, action);
}

/* Members went or came: parts end, or go on. */
static int
change_parts(struct folding *f, const struct plan *p, const struct plan_row *plan)
{
    struct state_key prefix = state_key_of(p->id);
    struct action_row action;
    struct state_walk walk;
    int rc;

    prefix.at[prefix.len++] = '/';
    state_walk_begin(&walk, TABLE_ACTIONS, &prefix);
    while ((rc = state_walk_next(f->s, f->arena, &walk, &action)) == 1)
        if ((rc = end_contributions(f, p, &action)) || (rc = end_parts(f, plan, &action)))
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
    KEEP(&row, p, type);
    KEEP(&row, p, marking);
    KEEP(&row, p, published);
    KEEP(&row, p, unpublished);
    KEEP(&row, p, closed);
    row.review_days = p->has.review_days ? p->review_days : REVIEW_DAYS;
    int rc = set_members(f, p, &before, &row);
    row.changed = row.last = f->entry->number;
    row.has.review_days = row.has.changed = row.has.last = 1;
    if (!rc)
        rc = state_put(f->s, TABLE_PLANS, &key, &row);
    return rc || !exists ? rc : change_parts(f, p, &row);
}
