#include "schema/picture.h"

#include <errno.h>
#include <string.h>

struct loading {
    struct state *s;
    struct arena *arena;
    const struct plan_row *plan;
    const struct action_row *action;
    bool sketch;
    struct share *shares;
    uint32_t count, room;
};

/* What rating (rating.c, measure.c) and lists look at. */
const struct action_row picture_sketched = {.has = {.id = 1,
                                                    .leads = 1,
                                                    .except = 1,
                                                    .contributors = 1,
                                                    .due = 1,
                                                    .measure = 1,
                                                    .assigned = 1,
                                                    .standing = 1,
                                                    .check = 1,
                                                    .due_was = 1,
                                                    .due_changed = 1,
                                                    .decided = 1,
                                                    .asks = 1,
                                                    .looked = 1,
                                                    .aim_changed = 1,
                                                    .changed = 1}};
static const struct part sketched_part = {.has = {.status = 1,
                                                  .opinion = 1,
                                                  .forecast = 1,
                                                  .on = 1,
                                                  .evidence = 1,
                                                  .evidence_from = 1,
                                                  .values = 1,
                                                  .heard = 1,
                                                  .replied = 1,
                                                  .shaken = 1,
                                                  .changed = 1}};

static struct share *
new_share(struct loading *l)
{
    if (l->count == l->room) {
        struct share *old = l->shares;
        l->room = l->room ? 2 * l->room : l->action->assigned.count + l->action->contributors.count;
        l->shares = arena_take(l->arena, l->room * sizeof *l->shares);
        if (old)
            memcpy(l->shares, old, l->count * sizeof *old);
    }
    return &l->shares[l->count++];
}

static int
load_part(const struct loading *l, struct text agency, struct part *part)
{
    struct state_key key = state_key_pair(l->action->id, agency);
    int rc = l->sketch ? state_peek(l->s, l->arena, TABLE_PARTS, &key, sketched_part.present, part)
                       : state_get(l->s, l->arena, TABLE_PARTS, &key, part);

    if (rc == 0)
        *part = (struct part){0};
    return rc < 0 ? rc : 0;
}

static int
add_share(struct loading *l, struct text agency, const struct joined *from, bool lead)
{
    struct share *share = new_share(l);

    share->agency = agency;
    share->since = from->since;
    share->number = from->number;
    share->lead = lead;
    return load_part(l, agency, &share->part);
}

static int
add_of_all(struct loading *l, const struct agency_row *agency)
{
    struct joined from;

    if (!part_by_all(l->plan, l->action, agency, &from.since, &from.number))
        return 0;
    return add_share(l, agency->id, &from, true);
}

static int
add_all(struct loading *l)
{
    struct state_key first = {.len = 0};
    struct state_walk walk;
    struct agency_row agency;
    int rc;

    if (l->plan->has.all) {
        state_walk_begin(&walk, TABLE_AGENCIES, &first);
        while ((rc = state_walk_next(l->s, l->arena, &walk, &agency)) == 1)
            if ((rc = add_of_all(l, &agency)) < 0)
                return rc;
        return rc;
    }
    for (uint32_t i = 0; i < l->plan->members.count; i++) {
        rc = state_get_agency(l->s, l->arena, l->plan->members.at[i].agency, &agency);
        if (rc != 1)
            return rc < 0 ? rc : -EBADMSG; /* nor a member that is not in the registry */
        if ((rc = add_of_all(l, &agency)) < 0)
            return rc;
    }
    return 0;
}

static int
add_named(struct loading *l)
{
    for (uint32_t i = 0; i < l->action->assigned.count; i++) {
        const struct joined *assigned = &l->action->assigned.at[i];
        int rc = add_share(l, assigned->agency, assigned, true);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static bool
has_share(const struct loading *l, struct text agency)
{
    for (uint32_t i = 0; i < l->count; i++)
        if (text_equal(l->shares[i].agency, agency))
            return true;
    return false;
}

static int
add_contributors(struct loading *l)
{
    for (uint32_t i = 0; i < l->action->contributors.count; i++) {
        struct text id = l->action->contributors.at[i];
        struct agency_row agency;
        struct joined from;

        if (has_share(l, id))
            continue; /* its values would count twice */
        int rc = state_get_agency(l->s, l->arena, id, &agency);
        if (rc != 1)
            return rc < 0 ? rc : -EBADMSG;
        if (!plan_has_member(l->plan, &agency, &from.since, &from.number))
            continue;
        if ((rc = add_share(l, id, &from, false)) < 0)
            return rc;
    }
    return 0;
}

static int
load(struct loading *l, struct picture *out)
{
    const struct action_row *action = l->action;

    if (action->leads.all && action->assigned.count != 1)
        return -EBADMSG; /* no fold writes `all` without since when */
    int rc = action->leads.all ? add_all(l) : add_named(l);
    uint32_t leads = l->count;

    if (rc == 0)
        rc = add_contributors(l);
    *out = (struct picture){
        .plan = l->plan, .action = action, .shares = l->shares, .leads = leads, .count = l->count};
    return rc;
}

int
picture_load(struct state *s, struct arena *arena, const struct plan_row *plan,
             const struct action_row *action, struct picture *out)
{
    struct loading l = {.s = s, .arena = arena, .plan = plan, .action = action};

    return load(&l, out);
}

int
picture_sketch(struct state *s, struct arena *arena, const struct plan_row *plan,
               const struct action_row *action, struct picture *out)
{
    struct loading l = {.s = s, .arena = arena, .plan = plan, .action = action, .sketch = true};

    return load(&l, out);
}

bool
plan_has_member(const struct plan_row *plan, const struct agency_row *agency, int32_t *since,
                int64_t *number)
{
    for (uint32_t i = 0; i < plan->members.count; i++) {
        const struct joined *member = &plan->members.at[i];
        if (text_equal(member->agency, agency->id)) {
            *since = member->since;
            *number = member->number;
            return true;
        }
    }
    if (!plan->has.all)
        return false;
    bool later = agency->added > plan->all.number;
    *since = later ? agency->since : plan->all.since;
    *number = later ? agency->added : plan->all.number;
    return true;
}

static bool
is_excepted(const struct action_row *action, struct text agency)
{
    for (uint32_t i = 0; i < action->except.count; i++)
        if (text_equal(action->except.at[i].agency, agency))
            return true;
    return false;
}

bool
part_by_all(const struct plan_row *plan, const struct action_row *action,
            const struct agency_row *agency, int32_t *since, int64_t *number)
{
    const struct joined *assigned = action->assigned.at;

    if (!action->leads.all || agency->sector == SECTOR_PARTNERSHIP
        || agency->sector == SECTOR_OVERSIGHT || is_excepted(action, agency->id)
        || !plan_has_member(plan, agency, since, number))
        return false;
    if (assigned->number > *number) {
        *since = assigned->since;
        *number = assigned->number;
    }
    return !(agency->has.ended && agency->ended <= *number);
}

enum claim
part_claim(const struct part *part)
{
    return part->has.status ? part->status : CLAIM_NOT_STARTED;
}

uint32_t
part_evidence(const struct part *part, bool own)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < part->evidence.count; i++) {
        const struct evidence_held *piece = &part->evidence.at[i];
        bool before = part->has.evidence_from && piece->on < part->evidence_from;
        count += !before && !(own && piece->behalf);
    }
    return count;
}

const struct share *
picture_share(const struct picture *picture, struct text agency)
{
    for (uint32_t i = 0; i < picture->count; i++)
        if (text_equal(picture->shares[i].agency, agency))
            return &picture->shares[i];
    return NULL;
}

static bool
is_asked(const struct ask *ask, const struct share *share)
{
    if (ask->agencies.count > 0)
        return texts_hold(ask->agencies, share->agency);
    return share->lead && share->number <= ask->number;
}

bool
picture_has_answered(const struct picture *picture, const struct ask *ask)
{
    for (uint32_t i = 0; i < picture->count; i++) {
        const struct share *share = &picture->shares[i];
        if (is_asked(ask, share) && share->part.replied < ask->number)
            return false;
    }
    return true;
}
