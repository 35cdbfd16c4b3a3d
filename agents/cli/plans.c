#include "agents/cli/plans.h"

#include <inttypes.h>
#include <stdio.h>

#include "agents/cli/showing/printable.h"
#include "agents/cli/showing/rows.h"
#include "schema/days.h"
#include "schema/json.h"

PLAN_READ_OPTIONS(RECORD_TABLE)

/* --- a list ------------------------------------------------------------------------ */

static void
list_plan(struct listing *l, const void *row)
{
    const struct plan_line *line = row;
    const struct plan_row *p = &line->plan;

    listing_text(l, p->id);
    listing_cell(l, "%" PRId64, line->actions);
    listing_cell(l, "%" PRId64, line->red);
    listing_cell(l, "%" PRId64, line->amber);
    listing_cell(l, "%" PRId64, line->green);
    listing_cell(l, "%" PRId64, line->blue);
    listing_cell(l, "%" PRId64, line->grey);
    listing_cell(l, "%s", word_text(&markings, (int)p->marking));
    listing_cell(l, "%s", p->closed ? "closed" : "");
    listing_text(l, p->title);
}

static struct list
plans_of(const struct result *page)
{
    return (struct list){page->plans.at, page->plans.count};
}

static const char *const headings[] = {"plan", "actions", "red",   "amber", "green", "blue",
                                       "grey", "marking", "state", "title", NULL};
static const struct rows rows = {&plan_line_record, plans_of, headings, list_plan,
                                 "There is no plan that you may see."};

int
plan_list(const struct invocation *in, struct arena *arena)
{
    struct query q = {.what = QUERY_PLANS};
    struct plan_read_option o;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE)
        return rc;
    KEEP(&q, &o, as_at);
    return rows_list(in, arena, &q, "plans", &rows);
}

/* --- one --------------------------------------------------------------------------- */

static void
print_members(const struct plan_row *p)
{
    char since[DAY_TEXT];

    if (p->has.all) {
        day_format(p->all.since, since);
        printf("members   all agencies, since %s\n", since);
        return;
    }
    printf("members   %s", p->members.count ? "" : "nobody but leads");
    for (uint32_t i = 0; i < p->members.count; i++) {
        day_format(p->members.at[i].since, since);
        printf("%s%.*s (since %s)", i ? ", " : "", (int)p->members.at[i].agency.len,
               p->members.at[i].agency.at, since);
    }
    printf("\n");
}

static void
print_published(const struct plan_row *p)
{
    char day[DAY_TEXT];

    if (p->has.published) {
        day_format(p->published, day);
        printf("published %s\n", day);
    }
    if (p->has.unpublished) {
        printf("published never: ");
        printable_print(p->unpublished);
        printf("\n");
    }
}

static bool
print_plan(void *context, const struct result *page)
{
    const struct talk *t = context;

    for (uint32_t i = 0; i < page->plans.count; i++) {
        const struct plan_line *line = &page->plans.at[i];
        const struct plan_row *p = &line->plan;
        if (t->options.json) {
            struct text json = record_to_json(t->arena, &plan_line_record, line);
            printf("%.*s\n", (int)json.len, json.at);
            continue;
        }
        printf("%.*s  ", (int)p->id.len, p->id.at);
        printable_print(p->title);
        printf("\n%s, %s%s\n", word_text(&markings, (int)p->marking),
               word_text(&plan_kinds, (int)p->type), p->closed ? ", closed" : "");
        print_members(p);
        print_published(p);
        printf("review    every %" PRId64 " days\n"
               "actions   %" PRId64 ": %" PRId64 " red, %" PRId64 " amber, %" PRId64
               " green, %" PRId64 " blue, %" PRId64 " grey\n",
               p->review_days, line->actions, line->red, line->amber, line->green, line->blue,
               line->grey);
    }
    return true;
}

int
plan_show(const struct invocation *in, struct arena *arena)
{
    struct query q = {.what = QUERY_PLANS, .plan = text_of(in->words.at[0])};
    struct plan_read_option o;
    struct talk t;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE || (rc = talk_begin(&t, in, arena)) != EXIT_DONE)
        return rc;
    q.has.plan = 1;
    KEEP(&q, &o, as_at);
    rc = t.options.csv ? rows_print(&t, &q, in->words.at[0], &rows)
                       : talk_ask(&t, &q, in->words.at[0], print_plan, &t);
    talk_close(&t);
    return rc;
}
