#include <inttypes.h>

#include "schema/ids.h"
#include "schema/judge/trial.h"

struct scene {
    const struct plan_row *plan;
    const struct action_row *action; /* its terms */
    const struct part *part;         /* all absent until something was said of it */
    struct text agency;
    bool behalf;
};

/* Whose part it is, and whether this author may speak of it. */
static int
find_speaker(struct trial *t, const struct progress *p, struct scene *sc)
{
    const struct author *who = t->author;

    if (who->broker || who->role == ROLE_OBSERVER)
        return REFUSE(t, FAULT_NOT_PERMITTED, "", "this client reads only");
    if (who->role == ROLE_LEAD && !p->has.agency)
        return REFUSE(t, FAULT_FIELD_MISSING, "agency", "a lead says on whose behalf it reports");
    sc->agency = p->has.agency ? p->agency : who->agency;
    int own = access_acts_for(t->s, t->arena, who, sc->agency);
    if (own < 0)
        return own;
    if (who->role == ROLE_AGENCY && p->has.reported)
        return REFUSE(t, FAULT_NOT_PERMITTED, "reported",
                      "is for leads who report on behalf of another");
    if (who->role == ROLE_AGENCY)
        return own ? 1
                   : REFUSE(t, FAULT_NOT_PERMITTED, "agency",
                            "an agency reports its own parts only");

    /* A lead speaks for its own agency only if that is one of the partnership:
       then it is that agency's word. */
    const struct agency_row *row;
    int rc = state_see_agency(t->s, t->arena, who->agency, &row);
    if (rc < 0)
        return rc;
    sc->behalf = !(own && rc && row->sector == SECTOR_PARTNERSHIP);
    if (sc->behalf && !p->has.reported)
        return REFUSE(t, FAULT_FIELD_MISSING, "reported", "say how the agency reported it");
    if (!sc->behalf && p->has.reported)
        return REFUSE(t, FAULT_RULE, "reported", "is for reports on behalf of another agency");
    return 1;
}

static int
set_scene(struct trial *t, const struct progress *p, struct scene *sc)
{
    int rc;

    *sc = (struct scene){0};
    if ((rc = access_see_plan(t->s, t->arena, t->author, path_first(p->action), &sc->plan)) < 0)
        return rc;
    if (!rc)
        return refuse_absent(t, "action");
    if ((rc = state_see_terms(t->s, t->arena, p->action, &sc->action)) < 0)
        return rc;
    if (!rc)
        return refuse_absent(t, "action");
    if ((rc = find_speaker(t, p, sc)) != 1)
        return rc;
    if ((rc = has_part(t, sc->plan, sc->action, sc->agency, true)) < 0)
        return rc;
    if (!rc)
        return REFUSE(t, FAULT_RULE, "agency", "has no part in this action");
    if (sc->plan->closed)
        return REFUSE(t, FAULT_RULE, "action", "the plan is closed: it takes no progress");
    struct state_key key = state_key_pair(p->action, sc->agency);
    rc = state_see_part(t->s, t->arena, &key, &sc->part);
    return rc < 0 ? rc : 1;
}

/* --- the claim --------------------------------------------------------------- */

static bool
status_changes(const struct progress *p, const struct part *part)
{
    return p->has.status && (!part->has.status || p->status != part->status);
}

static bool
claim_changes(const struct progress *p, const struct part *part, bool note_changed)
{
    return status_changes(p, part) || note_changed
           || (p->has.percent && (!part->has.percent || p->percent != part->percent))
           || (p->has.opinion && (!part->has.opinion || p->opinion != part->opinion))
           || (p->has.forecast && (!part->has.forecast || p->forecast != part->forecast));
}

/* A claim may change while the action is open and the claim not accepted. One
   that only repeats, or that is overtaken, moves nothing and is always taken. */
static int
check_claim(struct trial *t, const struct progress *p, const struct scene *sc)
{
    const struct part *part = sc->part;
    bool note_changed = t->findings->note_changed;
    bool late = part->has.on && p->on < part->on;

    if (late || !claim_changes(p, part, note_changed))
        return 1;
    if (sc->action->standing != STANDING_OPEN)
        return REFUSE(t, FAULT_RULE, "status",
                      "the action is %s: a claim may change only while it is open",
                      word_text(&standings, (int)sc->action->standing));
    if (part->has.accepted)
        return REFUSE(t, FAULT_RULE, "status",
                      "the claim was accepted by decision %" PRId64
                      ": it is frozen until the board returns it",
                      part->accepted);
    if (!status_changes(p, part))
        return 1;
    if ((p->status == CLAIM_PAUSED || p->status == CLAIM_DECLINED) && !p->has.note)
        return REFUSE(t, FAULT_FIELD_MISSING, "note", "%s needs a note that says why",
                      word_text(&claims, (int)p->status));
    if (part_claim(part) == CLAIM_COMPLETE && !p->has.note)
        return REFUSE(t, FAULT_FIELD_MISSING, "note",
                      "leaving claimed-complete needs a note that says why");
    return 1;
}

/* --- evidence and values ------------------------------------------------------ */

static int
check_evidence(struct trial *t, const struct progress *p, const struct scene *sc)
{
    const struct part *part = sc->part;
    int rc;

    if (p->has.evidence && part->evidence.count >= EVIDENCE_MAX)
        return REFUSE(t, FAULT_LIMIT, "evidence",
                      "this part holds %d pieces already: withdraw one first", EVIDENCE_MAX);
    if (p->has.evidence && p->evidence.has.date
        && (rc = not_in_future(t, p->evidence.date, "evidence.date")) != 1)
        return rc;
    if (!p->has.withdraw_evidence)
        return 1;
    if ((rc = same_epoch(t, p->epoch, "epoch")) != 1)
        return rc;
    for (uint32_t i = 0; i < part->evidence.count; i++)
        if (part->evidence.at[i].number == p->withdraw_evidence) {
            if (sc->behalf && !part->evidence.at[i].behalf)
                return REFUSE(t, FAULT_NOT_PERMITTED, "withdraw_evidence",
                              "only the agency itself may withdraw its evidence");
            return 1;
        }
    return REFUSE(t, FAULT_NOT_FOUND, "withdraw_evidence",
                  "this part holds no evidence of that entry");
}

static int
check_value(struct trial *t, const struct progress *p, const struct scene *sc)
{
    const struct value *v = &p->value;
    const struct part *part = sc->part;
    int rc;

    if (p->has.value) {
        if (!sc->action->has.measure)
            return REFUSE(t, FAULT_RULE, "value", "the action has no measure");
        if (sc->action->measure.unit == UNIT_PERCENT
            && (v->amount < 0 || v->amount > INT64_C(100000)))
            return REFUSE(t, FAULT_FIELD_INVALID, "value.amount", "a percentage is 0 to 100");
        if ((rc = not_in_future(t, v->date, "value.date")) != 1)
            return rc;
        if (part->values.count && part->values.at[0].has.label != v->has.label)
            return REFUSE(t, FAULT_RULE, "value.label",
                          "one agency's values are all labelled, or none is");
    }
    if (!p->has.withdraw_value)
        return 1;
    if ((rc = same_epoch(t, p->epoch, "epoch")) != 1)
        return rc;
    for (uint32_t i = 0; i < part->values.count; i++)
        if (part->values.at[i].number == p->withdraw_value)
            return 1;
    return REFUSE(t, FAULT_NOT_FOUND, "withdraw_value", "this part holds no value of that entry");
}

/* --- the whole ---------------------------------------------------------------- */

static int
check_fields(struct trial *t, const struct progress *p)
{
    if (!p->has.status && !p->has.percent && !p->has.note && !p->has.opinion && !p->has.forecast
        && !p->has.evidence && !p->has.withdraw_evidence && !p->has.value && !p->has.withdraw_value)
        return REFUSE(t, FAULT_FIELD_MISSING, "status", "says nothing of the part");
    if (p->has.forecast_reason && !p->has.forecast)
        return REFUSE(t, FAULT_FIELD_MISSING, "forecast",
                      "is missing where a reason for it is given");
    if ((p->has.withdraw_evidence || p->has.withdraw_value) && !p->has.epoch)
        return REFUSE(t, FAULT_FIELD_MISSING, "epoch",
                      "a withdrawal names the epoch of the entry's number");
    return not_in_future(t, p->on, "on");
}

int
judge_progress(struct trial *t, const struct progress *p)
{
    struct scene sc;
    int rc = set_scene(t, p, &sc);

    if (rc != 1 || (rc = check_fields(t, p)) != 1)
        return rc;
    t->findings->note_changed = p->has.note && !text_equal(p->note, sc.part->note);
    if ((rc = check_claim(t, p, &sc)) != 1 || (rc = check_evidence(t, p, &sc)) != 1)
        return rc;
    return check_value(t, p, &sc);
}
