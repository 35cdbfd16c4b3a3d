#include "agents/agency/commands/template_rows.h"

#include <string.h>

#include "schema/amount.h"
#include "schema/days.h"

enum { CELL = 2 * TITLE_MAX };

/* --- what stands there --------------------------------------------------------------------- */

static void
add(struct csv_rows *out, const char *text)
{
    csv_rows_cell(out, text_of(text));
}

static void
add_day(struct csv_rows *out, bool has, int32_t day)
{
    char text[DAY_TEXT] = "";

    if (has)
        day_format(day, text);
    add(out, text);
}

static void
add_percent(struct csv_rows *out, const struct part *part)
{
    char text[32] = "";

    if (part->has.percent)
        (void)snprintf(text, sizeof text, "%d", (int)part->percent);
    add(out, text);
}

/* "training places (filled) > 2000", or "" where nothing is counted. */
static void
add_measure(struct csv_rows *out, const struct action_row *action)
{
    const struct measure *m = &action->measure;
    char target[AMOUNT_TEXT] = "";
    char text[CELL] = "";

    if (m->has.target)
        (void)amount_format(m->target, target);
    if (action->has.measure)
        (void)snprintf(text, sizeof text, "%.*s%s%.*s%s %s %s", (int)m->counted.len, m->counted.at,
                       m->has.how ? " (" : "", m->has.how ? (int)m->how.len : 0, m->how.at,
                       m->has.how ? ")" : "", word_text(&comparators, (int)m->comparator),
                       m->has.target ? target : "?");
    add(out, text);
}

static void
add_present(struct csv_rows *out, const struct shown *shown, uint32_t i)
{
    const struct listed *listed = &shown->listed;
    const struct part *part = &shown->parts.at[i];
    enum claim claim = part->has.status ? part->status : CLAIM_NOT_STARTED;

    csv_rows_cell(out, listed->title);
    add(out, i < listed->lead_count ? "lead" : "contributor");
    add_day(out, listed->has.due, listed->due);
    add(out, word_text(&ratings, (int)listed->rating));
    add_measure(out, &shown->action);
    add_day(out, part->has.on, part->on);
    add(out, word_text(&claims, (int)claim));
    add(out, part->has.accepted ? "yes" : "");
    add_percent(out, part);
    csv_rows_cell(out, part->note);
    add(out, part->has.opinion ? word_text(&opinions, (int)part->opinion) : "");
    add_day(out, part->has.forecast, part->forecast);
}

static const char *const present[] = {
    "(title)",  "(part)",     "(due)",     "(rating)", "(measure)", "(on)",
    "(status)", "(accepted)", "(percent)", "(note)",   "(opinion)", "(forecast)",
};

/* --- what may be said ------------------------------------------------------------------------ */

/* Whose part it is stands before. The others no agency says, or not without looking at the
   history first. */
static bool
is_asked(const struct field *f)
{
    static const char *const others[] = {"action", "agency",         "withdraw_evidence",
                                         "epoch",  "withdraw_value", "reported"};

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(f->name, others[i]) == 0)
            return false;
    return true;
}

/* Calls `each` with the name of every field that is asked. */
static void
each_asked(void (*each)(struct csv_rows *out, const char *name), struct csv_rows *out)
{
    char name[2 * FIELD_NAME_ROOM];

    for (unsigned i = 0; i < progress_record.count; i++) {
        const struct field *f = &progress_record.fields[i];
        if (!is_asked(f))
            continue;
        if (f->type != TYPE_ONE)
            each(out, f->name);
        for (unsigned k = 0; f->type == TYPE_ONE && k < f->record->count; k++) {
            (void)snprintf(name, sizeof name, "%s.%s", f->name, f->record->fields[k].name);
            each(out, name);
        }
    }
}

static void
leave_empty(struct csv_rows *out, const char *name)
{
    (void)name;
    add(out, "");
}

/* --- rows ------------------------------------------------------------------------------------ */

void
template_headings(struct csv_rows *out)
{
    add(out, "action");
    add(out, "agency");
    for (size_t i = 0; i < sizeof present / sizeof *present; i++)
        add(out, present[i]);
    each_asked(add, out);
    csv_rows_end(out);
}

void
template_row(struct csv_rows *out, const struct shown *shown, uint32_t i)
{
    csv_rows_cell(out, shown->action.id);
    csv_rows_cell(out, shown->parts.at[i].agency);
    add_present(out, shown, i);
    each_asked(leave_empty, out);
    csv_rows_end(out);
}
