#include "schema/ids.h"
#include "schema/judge/trial.h"

static bool
was_member(const struct plan_row *row, struct text agency)
{
    if (row->has.all)
        return true;
    for (uint32_t i = 0; i < row->members.count; i++)
        if (text_equal(row->members.at[i].agency, agency))
            return true;
    return false;
}

static int
check_members(struct trial *t, const struct plan *p, const struct plan_row *row, bool exists)
{
    for (uint32_t i = 0; i < p->members.list.count; i++) {
        struct text agency = p->members.list.at[i];
        struct agency_row found;
        int rc = state_get_agency(t->s, t->arena, agency, &found);
        if (rc < 0)
            return rc;
        if (!rc)
            return REFUSE(t, FAULT_NOT_FOUND, "members", "there is no agency %.*s", (int)agency.len,
                          agency.at);
        if (found.has.ended && !(exists && was_member(row, agency)))
            return REFUSE(t, FAULT_RULE, "members", "%.*s is closed, or another acts for it",
                          (int)agency.len, agency.at);
    }
    return 1;
}

static bool
loses_members(const struct plan *p, const struct plan_row *row)
{
    if (p->members.all)
        return false;
    if (row->has.all)
        return true;
    for (uint32_t i = 0; i < row->members.count; i++)
        if (!texts_hold(p->members.list, row->members.at[i].agency))
            return true;
    return false;
}

/* What the plan's actions forbid: losing a member that one names as lead,
   closing with one open or embedding. */
static int
check_actions(struct trial *t, const struct plan *p, bool loses, bool closes)
{
    struct text slash = text_of("/");
    struct state_key prefix = state_key_of(p->id);
    struct action_row action;
    struct state_walk walk;
    int rc;

    prefix.at[prefix.len++] = (uint8_t)*slash.at;
    state_walk_begin(&walk, TABLE_ACTIONS, &prefix);
    while ((rc = state_walk_next(t->s, t->arena, &walk, &action)) == 1) {
        for (uint32_t i = 0; loses && i < action.leads.list.count; i++)
            if (!texts_hold(p->members.list, action.leads.list.at[i]))
                return REFUSE(t, FAULT_RULE, "members",
                              "%.*s is led by %.*s: change its leads first", (int)action.id.len,
                              action.id.at, (int)action.leads.list.at[i].len,
                              action.leads.list.at[i].at);
        if (closes && (action.standing == STANDING_OPEN || action.standing == STANDING_EMBEDDING))
            return REFUSE(t, FAULT_RULE, "closed", "%.*s is %s: decide it first",
                          (int)action.id.len, action.id.at,
                          word_text(&standings, (int)action.standing));
    }
    return rc < 0 ? rc : 1;
}

static int
plan_change(struct trial *t, const struct plan *p, const struct plan_row *row)
{
    int rc = still_seen(t, p->seen, p->epoch, row->changed);
    bool loses = loses_members(p, row);
    bool closes = p->closed && !row->closed;

    if (rc != 1)
        return rc;
    if (loses && !p->has.reason)
        return REFUSE(t, FAULT_FIELD_MISSING, "reason", "say why a member goes");
    return loses || closes ? check_actions(t, p, loses, closes) : 1;
}

int
judge_plan(struct trial *t, const struct plan *p)
{
    struct plan_row row;
    int rc = only_leads(t, p->id, "id");

    if (rc != 1)
        return rc;
    if (p->has.published && p->has.unpublished)
        return REFUSE(t, FAULT_RULE, "unpublished", "a plan is published or never is, not both");
    int exists = state_get_plan(t->s, t->arena, p->id, &row);
    if (exists < 0)
        return exists;
    if (!exists && p->closed)
        return REFUSE(t, FAULT_RULE, "closed", "a new plan is open");
    if ((rc = check_members(t, p, &row, exists)) != 1)
        return rc;
    return exists ? plan_change(t, p, &row) : 1;
}
