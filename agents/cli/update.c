#include "agents/cli/update.h"

#include "agents/cli/sending/sending.h"
#include "schema/days.h"
#include "schema/wire/program.h"

UPDATE_OPTIONS(RECORD_TABLE)

/* --- what must be given together ---------------------------------------------------- */

static bool
missing(struct fault *fault, const char *field, const char *why)
{
    return fault_set(fault, FAULT_FIELD_MISSING, field, "is missing: %s", why);
}

/* True if what is said of evidence and value is whole. The broker would find the
   same, in the words of a submission, which are not those of the flags. */
static bool
is_whole(const struct update_option *o, struct fault *fault)
{
    if (o->has.evidence && !o->has.evidence_kind)
        return missing(fault, "evidence_kind", "of what kind is it? document, minutes, audit ...");
    if (o->has.evidence && !o->has.evidence_held)
        return missing(fault, "evidence_held", "where is it held?");
    if (!o->has.evidence && (o->has.evidence_kind || o->has.evidence_held || o->has.evidence_date))
        return missing(fault, "evidence", "what is the title of the evidence?");
    if (!o->has.measure && (o->has.measure_date || o->has.label))
        return missing(fault, "measure", "what was measured?");
    if (o->has.forecast_reason && !o->has.forecast)
        return missing(fault, "forecast", "a reason is given, but not the day");
    if (o->has.reported && !o->has.on_behalf_of)
        return missing(fault, "on_behalf_of", "which agency reported it?");
    if (!o->has.status && !o->has.percent && !o->has.note && !o->has.opinion && !o->has.forecast
        && !o->has.evidence && !o->has.withdraw_evidence && !o->has.measure
        && !o->has.withdraw_value)
        return fault_set(fault, FAULT_FIELD_MISSING, "",
                         "nothing is said of the action: --status, --percent, --note, --opinion, "
                         "--forecast, --evidence or --measure");
    return true;
}

/* A lead has no part of its own to speak of. */
static bool
names_the_agency(const struct talk *t, const struct update_option *o, struct fault *fault)
{
    return t->welcome.role != ROLE_LEAD || o->has.on_behalf_of
           || missing(fault, "on_behalf_of",
                      "a lead says for which agency it reports, and with --reported how that "
                      "agency told it");
}

/* --- the submission ------------------------------------------------------------------- */

static void
say_evidence(struct progress *p, const struct update_option *o)
{
    struct evidence *e = &p->evidence;

    e->title = o->evidence;
    e->kind = o->evidence_kind;
    e->held = o->evidence_held;
    e->date = o->evidence_date;
    e->has.title = e->has.kind = e->has.held = 1;
    e->has.date = o->has.evidence_date;
    p->has.evidence = 1;
}

static void
say_value(struct progress *p, const struct update_option *o)
{
    struct value *v = &p->value;

    v->amount = o->measure;
    v->date = o->has.measure_date ? o->measure_date : p->on;
    v->has.amount = v->has.date = 1;
    KEEP(v, o, label);
    p->has.value = 1;
}

static struct progress
progress_of(const struct talk *t, struct text action, const struct update_option *o)
{
    struct progress p = {.action = action,
                         .agency = o->on_behalf_of,
                         .on = o->has.date ? o->date : t->welcome.today,
                         .epoch = t->welcome.epoch};

    p.has.action = p.has.on = 1;
    p.has.agency = o->has.on_behalf_of;
    p.has.epoch = o->has.withdraw_evidence || o->has.withdraw_value;
    KEEP(&p, o, status);
    KEEP(&p, o, percent);
    KEEP(&p, o, note);
    KEEP(&p, o, opinion);
    KEEP(&p, o, forecast);
    KEEP(&p, o, forecast_reason);
    KEEP(&p, o, withdraw_evidence);
    KEEP(&p, o, withdraw_value);
    KEEP(&p, o, post);
    KEEP(&p, o, reported);
    if (o->has.evidence)
        say_evidence(&p, o);
    if (o->has.measure)
        say_value(&p, o);
    return p;
}

int
update(const struct invocation *in, struct arena *arena)
{
    struct update_option o;
    struct fault fault;
    struct talk t;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE)
        return rc;
    if (!is_whole(&o, &fault))
        return program_usage(in, &fault);
    if ((rc = sending_open(&t, in, arena)) != EXIT_DONE)
        return rc;
    /* A withdrawal names the journal's epoch, which only the broker knows. */
    if (!t.broker && (o.has.withdraw_evidence || o.has.withdraw_value))
        rc = talk_connect(&t);
    if (rc == EXIT_DONE && !names_the_agency(&t, &o, &fault))
        rc = program_usage(in, &fault);
    if (rc == EXIT_DONE) {
        const union body body = {.progress = progress_of(&t, text_of(in->words.at[0]), &o)};
        rc = sending_one(&t, KIND_PROGRESS, &body, in->words.at[0]);
    }
    talk_close(&t);
    return rc;
}
