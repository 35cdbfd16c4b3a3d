#include "agents/agency/commands/template.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/agency/commands/each_board.h"
#include "agents/agency/commands/question.h"
#include "agents/agency/commands/template_rows.h"
#include "schema/ids.h"
#include "schema/must.h"

/* Ids are kept in the command's arena. */
struct list_of_ids {
    struct text *at;
    size_t count, cap;
};

/* What is printed: of one board, or of several. */
struct sheet {
    struct text plan; /* of this one; empty: of all */
    struct csv_rows rows;
    struct text agency;
    struct list_of_ids actions; /* in which there are parts: of more than one board, once, as
                                   an update to it goes to each */
};

struct form {
    struct question question;
    struct sheet *sheet;
    struct list_of_ids agencies; /* whose parts these are: this one, and whom it has succeeded */
    struct list_of_ids predecessors; /* of the registry, */
    struct list_of_ids successors;   /* and by whom each was succeeded */
    size_t first;                    /* of its actions, in the sheet */
};

static bool
holds(const struct list_of_ids *list, struct text id)
{
    return texts_hold((struct texts){list->at, (uint32_t)list->count}, id);
}

static void
add(struct form *f, struct list_of_ids *list, struct text id)
{
    if (list->count == list->cap) {
        list->cap = list->cap ? 2 * list->cap : 64;
        list->at = must(realloc(list->at, list->cap * sizeof *list->at));
    }
    list->at[list->count++] = (struct text){arena_copy(f->question.arena, id.at, id.len), id.len};
}

/* --- whose parts ----------------------------------------------------------------------- */

static bool
take_agencies(void *context, const struct result *page)
{
    struct form *f = context;

    for (uint32_t i = 0; i < page->agencies.count; i++) {
        const struct agency_row *row = &page->agencies.at[i];
        if (!row->has.succeeded_by)
            continue;
        add(f, &f->predecessors, row->id);
        add(f, &f->successors, row->succeeded_by);
    }
    return true;
}

/* There are no circles. */
static int
find_agencies(struct form *f)
{
    const struct query q = {.what = QUERY_AGENCIES};
    int rc = question_ask(&f->question, &q, take_agencies, f);

    add(f, &f->agencies, path_first(f->question.client));
    for (size_t next = 0; rc == EXIT_DONE && next < f->agencies.count; next++)
        for (size_t i = 0; i < f->successors.count; i++)
            if (text_equal(f->successors.at[i], f->agencies.at[next]))
                add(f, &f->agencies, f->predecessors.at[i]);
    return rc;
}

/* --- which ------------------------------------------------------------------------------ */

static bool
take_actions(void *context, const struct result *page)
{
    struct form *f = context;

    for (uint32_t i = 0; i < page->actions.count; i++) {
        const struct listed *listed = &page->actions.at[i];
        if (listed->standing == STANDING_OPEN && !holds(&f->sheet->actions, listed->id))
            add(f, &f->sheet->actions, listed->id);
    }
    return true;
}

static int
find_actions(struct form *f)
{
    int rc = EXIT_DONE;

    for (size_t i = 0; rc == EXIT_DONE && i < f->agencies.count; i++) {
        struct query q = {
            .what = QUERY_STATUS, .agency = f->agencies.at[i], .plan = f->sheet->plan};
        q.has.agency = 1;
        q.has.plan = f->sheet->plan.len > 0;
        rc = question_ask(&f->question, &q, take_actions, f);
    }
    return rc;
}

/* --- and how they stand ------------------------------------------------------------------- */

static bool
print_parts(void *context, const struct result *page)
{
    struct form *f = context;
    const struct shown *shown = &page->shown;

    for (uint32_t i = 0; page->has.shown && i < shown->parts.count; i++)
        if (holds(&f->agencies, shown->parts.at[i].agency) && !shown->parts.at[i].has.ended)
            template_row(&f->sheet->rows, shown, i);
    return false;
}

static int
print_actions(struct form *f)
{
    const struct list_of_ids *actions = &f->sheet->actions;
    int rc = EXIT_DONE;

    for (size_t i = f->first; rc == EXIT_DONE && i < actions->count; i++) {
        struct query q = {.what = QUERY_SHOW, .action = actions->at[i]};
        q.has.action = 1;
        rc = question_ask(&f->question, &q, print_parts, f);
    }
    return rc;
}

/* --- the command -------------------------------------------------------------------------- */

static int
fill_in(const struct invocation *in, struct arena *arena, void *context)
{
    struct sheet *sheet = context;
    struct form f = {.sheet = sheet, .first = sheet->actions.count};
    int rc = question_open(&f.question, in, arena);

    if (rc == EXIT_DONE && (rc = find_agencies(&f)) == EXIT_DONE
        && (rc = find_actions(&f)) == EXIT_DONE)
        rc = print_actions(&f);
    if (rc == EXIT_DONE)
        sheet->agency = f.agencies.at[0];
    question_close(&f.question);
    free(f.agencies.at);
    free(f.predecessors.at);
    free(f.successors.at);
    return rc;
}

/* A plan is at one board. */
static int
fill_in_all(const struct invocation *in, struct arena *arena, struct sheet *sheet)
{
    const struct option_values none = {0};

    return sheet->plan.len ? fill_in(in, arena, sheet)
                           : each_board(in, arena, &none, false, fill_in, sheet);
}

/* Whole, or nothing of it. */
int
template_print(const struct invocation *in, struct arena *arena)
{
    struct sheet sheet = {.plan = text_of(in->words.count ? in->words.at[0] : "")};
    char *text;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    must(out);
    csv_rows_begin(&sheet.rows, out);
    template_headings(&sheet.rows);
    int rc = fill_in_all(in, arena, &sheet);
    bool whole = fclose(out) == 0;
    if (rc == EXIT_DONE && (!whole || fwrite(text, 1, len, stdout) != len || fflush(stdout))) {
        (void)fprintf(stderr, "maat-agent: the template can't be written: %s\n", strerror(errno));
        rc = EXIT_MACHINE;
    }
    free(text);
    if (rc == EXIT_DONE && sheet.actions.count == 0)
        (void)fprintf(stderr, "maat-agent: %.*s has no open part%s\n", (int)sheet.agency.len,
                      sheet.agency.at, sheet.plan.len ? " in it" : "");
    free(sheet.actions.at);
    return rc;
}
