#include "agents/cli/showing/shown.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "agents/cli/showing/printable.h"
#include "schema/amount.h"
#include "schema/days.h"

enum { LABEL = 13 };

static void
label(const char *name)
{
    printf("%-*s", LABEL, name);
}

static void
line(const char *name, struct text text)
{
    if (!text.len)
        return;
    label(name);
    printable_print(text);
    printf("\n");
}

static void
print_day(const char *before, bool given, int32_t day, const char *after)
{
    char text[DAY_TEXT];

    if (!given)
        return;
    day_format(day, text);
    printf("%s%s%s", before, text, after);
}

static void
print_ids(const struct texts *ids)
{
    for (uint32_t i = 0; i < ids->count; i++)
        printf("%s%.*s", i ? ", " : "", (int)ids->at[i].len, ids->at[i].at);
}

/* --- the action ---------------------------------------------------------------------- */

static void
print_rating(const struct listed *l, int32_t day)
{
    label("rating");
    printf("%s", word_text(&ratings, (int)l->rating));
    print_day(" on ", true, day, "\n");
    for (int i = 0; i < REASON_COUNT; i++)
        if (l->reasons >> i & 1)
            printf("%*s%-19s %s\n", LABEL, "", reasons.text[i], reasons.doc[i]);
}

static void
print_standing(const struct action_row *a)
{
    const struct decided *d = &a->decided;

    label("standing");
    printf("%s", word_text(&standings, (int)a->standing));
    print_day(", to be checked by ", a->has.check, a->check, "");
    if (a->has.continued_by)
        printf(", continued by %.*s", (int)a->continued_by.len, a->continued_by.at);
    printf("\n");
    if (!a->has.decided)
        return;
    label("decided");
    print_day("", true, d->day, ": ");
    printf("%s by %.*s, entry %" PRId64 "%s", word_text(&decisions, (int)d->what),
           (int)d->client.len, d->client.at, d->number,
           d->override ? ", though the gate was not met" : "");
    if (d->has.body) {
        printf(", ");
        printable_print(d->body);
    }
    if (d->has.reason) {
        printf(": ");
        printable_print(d->reason);
    }
    printf("\n");
}

static void
print_due(const struct action_row *a)
{
    label("due");
    if (!a->has.due)
        printf("no date");
    print_day("", a->has.due, a->due, "");
    print_day(" (was ", a->has.due_was, a->due_was, ")");
    if (a->has.due_printed) {
        printf(", as written: ");
        printable_print(a->due_printed);
    }
    printf("\n");
}

static void
print_leads(const struct shown *s)
{
    const struct action_row *a = &s->action;

    label("leads");
    if (a->leads.all)
        printf("all agencies");
    else
        print_ids(&a->leads.list);
    printf(" (%" PRId64 " of %" PRId64 " claim completion)\n", s->listed.claimed,
           s->listed.lead_count);
    for (uint32_t i = 0; i < a->except.count; i++) {
        label("  except");
        printf("%.*s: ", (int)a->except.at[i].agency.len, a->except.at[i].agency.at);
        printable_print(a->except.at[i].reason);
        printf("\n");
    }
    if (!a->contributors.count)
        return;
    label("contributors");
    print_ids(&a->contributors);
    printf("\n");
}

static void
print_measure(const struct shown *s)
{
    const struct measure *m = &s->action.measure;
    char amount[AMOUNT_TEXT];

    if (!s->action.has.measure)
        return;
    label("measure");
    printable_print(m->counted);
    if (m->has.how) {
        printf(" (");
        printable_print(m->how);
        printf(")");
    }
    printf(", %s ", word_text(&comparators, (int)m->comparator));
    if (m->has.target)
        amount_format(m->target, amount);
    printf("%s", m->has.target ? amount : "a target not known yet");
    printf("%s: ", m->unit == UNIT_PERCENT ? " %" : "");
    if (s->listed.has.measured)
        amount_format(s->listed.measured, amount);
    printf("%s\n", s->listed.has.measured ? amount : "no value yet");
}

static void
print_recommendations(const struct action_row *a)
{
    for (uint32_t i = 0; i < a->recommendations.count; i++) {
        const struct recommendation *r = &a->recommendations.at[i];
        label(i ? "" : "answers");
        printf("%.*s %.*s", (int)r->source.len, r->source.at, (int)r->number.len, r->number.at);
        if (r->has.response)
            printf(" (%s)", word_text(&responses, (int)r->response));
        if (r->has.text) {
            printf(": ");
            printable_print(r->text);
        }
        printf("\n");
    }
}

static void
print_printed(const struct action_row *a)
{
    for (uint32_t i = 0; i < a->cells.count; i++) {
        label(i ? "" : "as printed");
        printable_print(a->cells.at[i].heading);
        printf(": ");
        printable_print(a->cells.at[i].text);
        printf("\n");
    }
}

static void
print_asks(const struct action_row *a)
{
    for (uint32_t i = 0; i < a->asks.count; i++) {
        const struct ask *ask = &a->asks.at[i];
        label(i ? "" : "asked");
        print_day("an answer by ", true, ask->reply_by, "");
        printf(", entry %" PRId64 ", of ", ask->number);
        if (ask->agencies.count)
            print_ids(&ask->agencies);
        else
            printf("each lead");
        printf("\n");
    }
}

/* --- its parts --------------------------------------------------------------------------- */

static void
print_claim(const struct part *p, bool lead)
{
    printf("  %.*s  %s", (int)p->agency.len, p->agency.at,
           p->has.status ? word_text(&claims, (int)p->status)
           : lead        ? word_text(&claims, CLAIM_NOT_STARTED)
                         : "contributes");
    if (p->has.percent)
        printf(", %" PRId64 " %%", p->percent);
    print_day(", on ", p->has.on, p->on, "");
    if (p->has.claimed_by)
        printf(", by %.*s%s", (int)p->claimed_by.len, p->claimed_by.at,
               p->behalf ? " on its behalf" : "");
    print_day(", expected by ", p->has.forecast, p->forecast, "");
    if (p->has.opinion)
        printf(", own opinion %s", word_text(&opinions, (int)p->opinion));
    print_day(", last heard ", p->has.heard, p->heard, "");
    printf("%s%s\n", p->has.accepted ? ", accepted" : "",
           p->has.ended ? ", no longer its part" : "");
}

static void
print_evidence(const struct part *p)
{
    for (uint32_t i = 0; i < p->evidence.count; i++) {
        const struct evidence_held *e = &p->evidence.at[i];
        bool counts = !p->has.evidence_from || e->on >= p->evidence_from;
        printf("    evidence, entry %" PRId64 ": ", e->number);
        printable_print(e->title);
        printf(" (%s", word_text(&evidence_kinds, (int)e->kind));
        print_day(", ", e->has.date, e->date, "");
        printf("), held: ");
        printable_print(e->held);
        printf("%s%s\n", e->behalf ? ", entered on its behalf" : "",
               counts ? "" : ", of before it was sent back");
    }
}

static void
print_values(const struct part *p)
{
    char amount[AMOUNT_TEXT];

    for (uint32_t i = 0; i < p->values.count; i++) {
        const struct value_held *v = &p->values.at[i];
        amount_format(v->amount, amount);
        printf("    value, entry %" PRId64 ": %s", v->number, amount);
        if (v->has.label)
            printf(" %.*s", (int)v->label.len, v->label.at);
        print_day(" up to ", true, v->date, "\n");
    }
}

static void
print_part(const struct part *p, bool lead)
{
    print_claim(p, lead);
    if (p->has.note) {
        printf("    note: ");
        printable_print(p->note);
        printf("\n");
    }
    print_evidence(p);
    print_values(p);
}

void
shown_print(const struct shown *s, int32_t day)
{
    const struct action_row *a = &s->action;

    printf("%.*s  ", (int)a->id.len, a->id.at);
    printable_print(a->title);
    printf("\n%s, ", word_text(&markings, (int)s->plan.marking));
    printable_print(s->plan.title);
    printf("\n\n");
    if (a->has.text)
        line("text", a->text);
    print_rating(&s->listed, day);
    print_standing(a);
    print_due(a);
    print_leads(s);
    if (a->has.outcome)
        line("outcome", a->outcome);
    print_measure(s);
    print_recommendations(a);
    if (a->themes.count) {
        label("themes");
        print_ids(&a->themes);
        printf("\n");
    }
    print_printed(a);
    print_asks(a);
    if (s->parts.count)
        printf("\nParts\n");
    for (uint32_t i = 0; i < s->parts.count; i++)
        print_part(&s->parts.at[i], i < s->listed.lead_count);
}
