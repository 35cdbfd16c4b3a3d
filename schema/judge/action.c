#include <string.h>

#include "schema/codec.h"
#include "schema/ids.h"
#include "schema/judge/trial.h"

static int
check_ref(struct trial *t, const struct action *a)
{
    char id[ID_MAX + 1];
    unsigned len = id_from_printed(a->ref, id);

    if (!text_equal(path_second(a->id), (struct text){id, len}))
        return REFUSE(t, FAULT_RULE, "ref", "as printed it gives the id %s", len ? id : "(none)");
    return 1;
}

static int
check_recommendations(struct trial *t, const struct action *a)
{
    for (uint32_t i = 0; i < a->recommendations.count; i++) {
        const struct recommendation *r = &a->recommendations.at[i];
        if (r->has.response && r->response != RESPONSE_ACCEPTED && !r->has.why)
            return REFUSE(t, FAULT_FIELD_MISSING, "recommendations.why",
                          "say why a recommendation is not accepted whole");
        for (uint32_t k = 0; k < i; k++)
            if (text_equal(r->source, a->recommendations.at[k].source)
                && text_equal(r->number, a->recommendations.at[k].number))
                return REFUSE(t, FAULT_RULE, "recommendations", "names one twice");
    }
    return 1;
}

static int
check_registered(struct trial *t, const char *field, struct text agency, struct agency_row *row)
{
    int rc = state_get_agency(t->s, t->arena, agency, row);

    return rc ? rc
              : REFUSE(t, FAULT_NOT_FOUND, field, "there is no agency %.*s", (int)agency.len,
                       agency.at);
}

/* One that leads or contributes must be in the registry and a member of its
   plan; one that it did not name before must not have ended. */
static int
check_named(struct trial *t, const struct plan_row *plan, const char *field, struct text agency,
            bool named_before)
{
    struct agency_row row;
    int32_t since;
    int64_t number;
    int rc = check_registered(t, field, agency, &row);

    if (rc != 1)
        return rc;
    if (row.has.ended && !named_before)
        return REFUSE(t, FAULT_RULE, field, "%.*s is closed, or another acts for it",
                      (int)agency.len, agency.at);
    if (!plan_has_member(plan, &row, &since, &number))
        return REFUSE(t, FAULT_RULE, field, "%.*s is not a member of the plan: add it first",
                      (int)agency.len, agency.at);
    return 1;
}

static int
check_agencies(struct trial *t, const struct action *a, const struct plan_row *plan,
               const struct action_row *before)
{
    struct agency_row row;
    int rc = 1;

    for (uint32_t i = 0; i < a->leads.list.count && rc == 1; i++)
        rc = check_named(t, plan, "leads", a->leads.list.at[i],
                         before && texts_hold(before->leads.list, a->leads.list.at[i]));
    for (uint32_t i = 0; i < a->contributors.count && rc == 1; i++) {
        struct text agency = a->contributors.at[i];
        if (texts_hold(a->leads.list, agency))
            return REFUSE(t, FAULT_RULE, "contributors", "%.*s leads it", (int)agency.len,
                          agency.at);
        rc = check_named(t, plan, "contributors", agency,
                         before && texts_hold(before->contributors, agency));
    }
    if (rc == 1 && a->except.count && !a->leads.all)
        return REFUSE(t, FAULT_RULE, "except", "has a meaning only where the lead is all");
    for (uint32_t i = 0; i < a->except.count && rc == 1; i++)
        rc = check_registered(t, "except", a->except.at[i].agency, &row);
    return rc;
}

static int
check_measure(struct trial *t, const struct action *a)
{
    const struct measure *m = &a->measure;

    if (a->has.measure && m->has.target && m->unit == UNIT_PERCENT
        && (m->target < 0 || m->target > INT64_C(100000)))
        return REFUSE(t, FAULT_FIELD_INVALID, "measure.target", "a percentage is 0 to 100");
    return 1;
}

/* --- what changes, and needs a reason ---------------------------------------- */

static bool
excepts(const struct exception *at, uint32_t count, struct text agency)
{
    for (uint32_t i = 0; i < count; i++)
        if (text_equal(at[i].agency, agency))
            return true;
    return false;
}

static bool
loses_lead(const struct action *a, const struct action_row *before)
{
    if (before->leads.all && !a->leads.all)
        return true;
    for (uint32_t i = 0; before->leads.all && i < a->except.count; i++)
        if (!excepts(before->except.at, before->except.count, a->except.at[i].agency))
            return true;
    for (uint32_t i = 0; i < before->leads.list.count; i++) {
        struct text lead = before->leads.list.at[i];
        bool stays = a->leads.all ? !excepts(a->except.at, a->except.count, lead)
                                  : texts_hold(a->leads.list, lead);
        if (!stays)
            return true;
    }
    return false;
}

static bool
same_measure(struct arena *arena, const struct measure *a, const struct measure *b)
{
    enum { CAP = 2048 };
    char *both = arena_take(arena, (size_t)2 * CAP);
    size_t len_a = record_encode(&measure_record, a, both, CAP);
    size_t len_b = record_encode(&measure_record, b, both + CAP, CAP);
    return len_a == len_b && memcmp(both, both + CAP, len_a) == 0;
}

static int
needs_reason(struct trial *t, const struct action *a, const char *why)
{
    return a->has.reason ? 1 : REFUSE(t, FAULT_FIELD_MISSING, "reason", "say why %s", why);
}

static int
check_change(struct trial *t, const struct action *a, const struct action_row *before)
{
    int rc = still_seen(t, a->seen, a->epoch, before->changed);

    if (rc != 1)
        return rc;
    t->findings->outcome_changed =
        a->has.outcome != before->has.outcome || !text_equal(a->outcome, before->outcome);
    t->findings->measure_changed =
        a->has.measure != before->has.measure
        || (a->has.measure && !same_measure(t->arena, &a->measure, &before->measure));
    if (before->has.due && (!a->has.due || a->due != before->due)
        && (rc = needs_reason(t, a, "the due date moves or goes")) != 1)
        return rc;
    if (loses_lead(a, before) && (rc = needs_reason(t, a, "a lead is removed")) != 1)
        return rc;
    if (before->has.outcome && t->findings->outcome_changed
        && (rc = needs_reason(t, a, "the outcome changes")) != 1)
        return rc;
    if (before->has.measure && t->findings->measure_changed)
        return needs_reason(t, a, "the measure changes");
    return 1;
}

int
judge_action(struct trial *t, const struct action *a)
{
    struct plan_row plan;
    struct action_row before;
    struct text plan_id = path_first(a->id);
    int rc = only_leads(t, plan_id, "id");

    if (rc != 1)
        return rc;
    if ((rc = state_get_plan(t->s, t->arena, plan_id, &plan)) < 0)
        return rc;
    if (!rc)
        return refuse_absent(t, "id");
    int exists = state_get_action(t->s, t->arena, a->id, &before);
    if (exists < 0)
        return exists;
    if (!exists && plan.closed)
        return REFUSE(t, FAULT_RULE, "id", "the plan is closed: it takes no new action");
    if ((rc = check_ref(t, a)) != 1 || (rc = check_recommendations(t, a)) != 1
        || (rc = check_measure(t, a)) != 1
        || (rc = check_agencies(t, a, &plan, exists ? &before : NULL)) != 1)
        return rc;
    return exists ? check_change(t, a, &before) : 1;
}
