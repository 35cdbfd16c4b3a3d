#include "agents/cli/import/show.h"

#include <inttypes.h>
#include <stdio.h>

#include "agents/cli/import/suggested_agency.h"
#include "agents/cli/printed/title.h"
#include "agents/cli/showing/printable.h"
#include "schema/days.h"
#include "schema/json.h"

/* Enough of a text to know it again. */
enum { SHOWN_MOST = 160 };

static const char *const states[] = {
    [IMPORT_NEW] = "new",
    [IMPORT_SAME] = "same",
    [IMPORT_DIFFERS] = "differs",
    [IMPORT_STOPPED] = "stopped",
};

/* --- a row --------------------------------------------------------------------------- */

static void
show_label(const char *label)
{
    printf("    %-16s", label);
}

/* On one line, cut where it is long and never within a character. */
static void
show_text(const struct import *im, struct text text)
{
    struct text line = printed_line(im->talk->arena, text);
    uint32_t len = line.len;

    if (len > SHOWN_MOST)
        for (len = SHOWN_MOST; len && (line.at[len] & 0xc0) == 0x80;)
            len--;
    printable_print((struct text){line.at, len});
    if (len < line.len)
        printf("…");
}

static void
show_field(const struct import *im, const char *label, struct text text)
{
    if (!text.len)
        return;
    show_label(label);
    show_text(im, text);
    printf("\n");
}

static void
show_agencies(const char *label, const struct texts *agencies, bool all)
{
    show_label(label);
    if (all)
        printf("all");
    else if (!agencies->count)
        printf("none");
    for (uint32_t i = 0; i < agencies->count; i++)
        printf("%s%.*s", i ? ", " : "", (int)agencies->at[i].len, agencies->at[i].at);
    printf("\n");
}

static void
show_due(const struct import *im, const struct printed_action *a)
{
    char day[DAY_TEXT];

    if (a->due.kind == DATE_NONE)
        return;
    show_label("due");
    if (a->action.has.due) {
        day_format(a->action.due, day);
        printf("%s", day);
    } else {
        printf("kept as text");
    }
    printf(": \"");
    show_text(im, a->action.due_printed);
    printf("\"%s%s\n", *a->due.how ? ", " : "", a->due.how);
}

static void
show_recommendations(const struct import *im, const struct action *a)
{
    for (uint32_t i = 0; i < a->recommendations.count; i++) {
        const struct recommendation *r = &a->recommendations.at[i];
        show_label("recommendation");
        printf("%.*s %.*s%s", (int)r->source.len, r->source.at, (int)r->number.len, r->number.at,
               r->has.text ? ": " : "");
        show_text(im, r->text);
        printf("\n");
    }
}

static void
show_progress(const struct import *im, const struct printed_action *a)
{
    char day[DAY_TEXT];

    if (a->progress != PROGRESS_COMPLETE)
        return;
    day_format(import_done(im, a), day);
    show_label("complete");
    printf("%s: a report on behalf of each lead, and an assurance by override\n", day);
}

static void
show_cells(const struct import *im, const struct action *a)
{
    for (uint32_t i = 0; i < a->cells.count; i++) {
        show_label("kept as printed");
        show_text(im, a->cells.at[i].heading);
        printf(": ");
        show_text(im, a->cells.at[i].text);
        printf("\n");
    }
}

static void
show_row(const struct import *im, size_t i)
{
    const struct printed_action *a = &im->plan.actions[i];
    const struct action *action = &a->action;
    const struct import_row *row = &im->rows[i];

    printf("\n");
    printable_print(action->id);
    printf("  line %zu  %s", a->line, states[row->state]);
    if (row->state == IMPORT_DIFFERS)
        printf(": the board's has another %s, and is left as it is", row->differs);
    if (a->odd)
        printf("  (%zu odd)", a->odd);
    printf("\n");
    show_field(im, "reference", action->ref);
    show_field(im, "title", action->title);
    show_field(im, "in full", action->text);
    show_recommendations(im, action);
    show_agencies("leads", &action->leads.list, action->leads.all);
    if (action->contributors.count)
        show_agencies("contributors", &action->contributors, false);
    show_due(im, a);
    show_field(im, "outcome", action->outcome);
    if (action->themes.count)
        show_agencies("themes", &action->themes, false);
    show_progress(im, a);
    show_cells(im, action);
}

/* --- the plan and its columns ----------------------------------------------------------- */

static void
show_head(const struct import *im)
{
    const struct plan_row *plan = im->rules.plan;
    const struct headings *h = &im->plan.headings;

    printf("%s is read as %s plan %.*s, \"", im->file, im->board.exists ? "the" : "the new",
           (int)plan->id.len, plan->id.at);
    printable_print(plan->title);
    printf("\"\n\nheadings, on line %zu:\n", table_line(im->plan.table, h->row));
    for (size_t i = 0; i < h->count; i++) {
        if (h->note[i] == HEADING_EMPTY)
            continue;
        printf("    %-18s",
               h->column[i] == COLUMN_PRINTED ? "kept as printed" : column_name(h->column[i]));
        printable_print(printed_heading(&im->plan, i));
        printf("\n");
    }
}

/* --- what is odd ---------------------------------------------------------------------------- */

static void
show_odd(const struct import *im)
{
    const struct printed_plan *p = &im->plan;

    if (p->odd_count)
        printf("\nodd:\n");
    for (size_t i = 0; i < p->odd_count; i++) {
        const struct odd *o = &p->odd[i];
        printf("  %s line %zu", o->kind == ODD_SAID ? " " : "!", o->line);
        if (*o->column) {
            printf(", ");
            printable_print(text_of(o->column));
        }
        printf(": ");
        printable_print(text_of(o->said));
        printf("\n");
    }
    if (p->unrecommended && !im->rules.fill_down)
        printf("    %zu rows name no recommendation; if cells were merged, "
               "--fill-down gives them "
               "the one above\n",
               p->unrecommended);
}

static void
show_missing(const struct import *im)
{
    const struct printed_plan *p = &im->plan;
    char command[4096];

    if (p->missing_count)
        printf("\nagencies that the board does not have; where one is right, an "
               "operator adds it "
               "with:\n");
    for (size_t i = 0; i < p->missing_count; i++)
        if (suggested_agency_command(command, sizeof command, p->missing[i])) {
            printf("  ");
            printable_print(text_of(command));
            printf("\n");
        }
}

static void
show_sum(const struct import *im)
{
    size_t counts[sizeof states / sizeof *states] = {0};
    size_t complete = 0;

    for (size_t i = 0; i < im->plan.count; i++) {
        counts[im->rows[i].state]++;
        complete += im->plan.actions[i].progress == PROGRESS_COMPLETE;
    }
    printf("\nactions %zu: new %zu, there already %zu, there otherwise %zu, can't be sent %zu; "
           "printed as complete %zu\n",
           im->plan.count + im->plan.unread, counts[IMPORT_NEW], counts[IMPORT_SAME],
           counts[IMPORT_DIFFERS], counts[IMPORT_STOPPED] + im->plan.unread, complete);
}

/* --- JSON --------------------------------------------------------------------------------- */

static void
print_json(const struct import *im, const struct record *record, const void *row)
{
    struct text json = record_to_json(im->talk->arena, record, row);
    printf("%.*s\n", (int)json.len, json.at);
}

static void
show_json(const struct import *im)
{
    for (size_t i = 0; i < im->plan.count; i++) {
        const struct printed_action *a = &im->plan.actions[i];
        const struct import_row *row = &im->rows[i];
        struct imported out = {.line = (int64_t)a->line,
                               .state = text_of(states[row->state]),
                               .differs = text_of(row->differs),
                               .due_read = text_of(a->due.how),
                               .complete = import_done(im, a),
                               .action = a->action};
        out.has.line = out.has.state = out.has.action = 1;
        out.has.differs = row->state == IMPORT_DIFFERS;
        out.has.due_read = *a->due.how != '\0';
        out.has.complete = a->progress == PROGRESS_COMPLETE;
        print_json(im, &imported_record, &out);
    }
    for (size_t i = 0; i < im->plan.odd_count; i++) {
        const struct odd *o = &im->plan.odd[i];
        struct import_odd out = {.line = (int64_t)o->line,
                                 .column = text_of(o->column),
                                 .stops = o->kind != ODD_SAID,
                                 .said = text_of(o->said)};
        out.has.line = out.has.said = 1;
        out.has.column = *o->column != '\0';
        out.has.stops = out.stops;
        print_json(im, &import_odd_record, &out);
    }
}

void
import_show(const struct import *im)
{
    if (im->talk->options.json) {
        show_json(im);
        return;
    }
    show_head(im);
    for (size_t i = 0; i < im->plan.count; i++)
        show_row(im, i);
    show_odd(im);
    show_missing(im);
    show_sum(im);
}
