#include "agents/cli/printed/row.h"
#include "agents/cli/printed/title.h"
#include "schema/picture.h"

/* A lead that can't be sent keeps its row from being sent; a contributor is left
   out, and said. */
static enum odd_kind
weight(const struct printed_reading *r, enum column column, enum odd_kind otherwise)
{
    if (column != COLUMN_LEAD || (otherwise == ODD_LEAD && r->plan->rules->skip_leads))
        return ODD_SAID;
    r->out->stopped = true;
    return otherwise;
}

/* Named ones are members, and still there. */
static bool
may_be_named(struct printed_reading *r, enum column column, const struct agency_row *agency)
{
    const struct plan_row *plan = r->plan->rules->plan;
    int32_t since;
    int64_t number;

    if (agency->has.ended) {
        PRINTED_SAY(r, weight(r, column, ODD_STOPS), column,
                    "%.*s is closed, or another acts for it", (int)agency->id.len, agency->id.at);
        return false;
    }
    if (!plan_has_member(plan, agency, &since, &number)) {
        PRINTED_SAY(r, weight(r, column, ODD_STOPS), column,
                    "%.*s is not a member of the plan: maat plan member add %.*s %.*s",
                    (int)agency->id.len, agency->id.at, (int)plan->id.len, plan->id.at,
                    (int)agency->id.len, agency->id.at);
        return false;
    }
    return true;
}

static void
say_unknown(struct printed_reading *r, enum column column, const struct printed_lead *lead)
{
    struct text name = printed_line(r->plan->arena, lead->text);
    bool skipped = column != COLUMN_LEAD || r->plan->rules->skip_leads;

    PRINTED_SAY(r, weight(r, column, ODD_LEAD), column, "\"%.*s\" %s%s", (int)name.len, name.at,
                lead->kind == LEAD_AMBIGUOUS ? "may be more than one of the board's agencies"
                                             : "is not one of the board's agencies",
                skipped ? ": left out, kept as printed" : "");
    if (lead->kind == LEAD_UNKNOWN)
        printed_plan_miss(r->plan, name);
}

/* The agencies of a cell. */
static struct who
read_agencies(struct printed_reading *r, enum column column)
{
    const struct printed_rules *rules = r->plan->rules;
    struct printed_plan *p = r->plan;
    struct printed_leads leads;
    struct who who = {0};

    printed_lead_read(&leads, printed_cell_raw(r, column), rules->registry, rules->agency_count);
    struct text *list = arena_take(p->arena, (leads.count + 1) * sizeof *list);
    who.list.at = list;
    for (size_t i = 0; i < leads.count; i++) {
        const struct printed_lead *lead = &leads.leads[i];
        if (lead->kind == LEAD_AGENCY && may_be_named(r, column, &rules->agencies[lead->agency]))
            list[who.list.count++] = rules->agencies[lead->agency].id;
        else if (lead->kind == LEAD_ALL)
            who.all = true;
        else if (lead->kind == LEAD_UNKNOWN || lead->kind == LEAD_AMBIGUOUS)
            say_unknown(r, column, lead);
        if (lead->kind != LEAD_AGENCY && lead->kind != LEAD_ALL)
            r->keep |= 1U << column;
    }
    if (leads.cut)
        PRINTED_SAY(r, weight(r, column, ODD_STOPS), column, "is too long to be read as agencies");
    return who;
}

void
printed_read_leads(struct printed_reading *r)
{
    struct action *a = &r->out->action;

    a->leads = read_agencies(r, COLUMN_LEAD);
    a->has.leads = 1;
    if (a->leads.all && a->leads.list.count) {
        PRINTED_SAY(r, ODD_SAID, COLUMN_LEAD,
                    "says all agencies and names some besides: all is taken");
        r->keep |= 1U << COLUMN_LEAD;
        a->leads.list.count = 0;
    }
    if (!a->leads.all && !a->leads.list.count && !r->out->stopped)
        PRINTED_SAY(r, ODD_SAID, COLUMN_LEAD, "no agency leads it");
}

void
printed_read_contributors(struct printed_reading *r)
{
    struct action *a = &r->out->action;
    struct who who = read_agencies(r, COLUMN_CONTRIBUTORS);
    struct text *list = arena_take(r->plan->arena, (who.list.count + 1) * sizeof *list);

    a->contributors.at = list;
    for (uint32_t i = 0; i < who.list.count && a->contributors.count < LIST_MAX; i++)
        if (!texts_hold(a->leads.list, who.list.at[i]))
            list[a->contributors.count++] = who.list.at[i];
    a->has.contributors = a->contributors.count > 0;
    if (who.all) {
        PRINTED_SAY(r, ODD_SAID, COLUMN_CONTRIBUTORS,
                    "\"all agencies\" can lead, but not contribute: it is kept as printed");
        r->keep |= 1U << COLUMN_CONTRIBUTORS;
    }
}
