#include "agents/cli/status.h"

#include <inttypes.h>
#include <stdio.h>

#include "agents/cli/showing/rows.h"
#include "schema/days.h"

STATUS_OPTIONS(RECORD_TABLE)

enum { LEADS_SHOWN = 3, WHO = 400 };

/* --- cells ----------------------------------------------------------------------- */

void
status_why(const struct listed *a, char why[STATUS_WHY])
{
    int len = 0;

    if (a->standing != STANDING_OPEN)
        len = snprintf(why, STATUS_WHY, "%s", word_text(&standings, (int)a->standing));
    for (int i = 0; i < REASON_COUNT; i++)
        if (a->reasons >> i & 1)
            len += snprintf(why + len, STATUS_WHY - (size_t)len, "%s%s", len ? ", " : "",
                            word_text(&reasons, i));
    why[len] = '\0';
}

static void
reasons_cell(struct listing *l, const struct listed *a)
{
    char why[STATUS_WHY];

    status_why(a, why);
    listing_cell(l, "%s", why);
}

/* The day; and what it was, or as it is written where it is none. */
static void
due_cell(struct listing *l, const struct listed *a)
{
    char day[DAY_TEXT];
    char was[DAY_TEXT];

    if (!a->has.due) {
        listing_cell(l, "%.*s", a->has.due_printed ? (int)a->due_printed.len : 0,
                     a->has.due_printed ? a->due_printed.at : "");
        return;
    }
    day_format(a->due, day);
    if (!a->has.due_was) {
        listing_cell(l, "%s", day);
        return;
    }
    day_format(a->due_was, was);
    listing_cell(l, "%s (was %s)", day, was);
}

/* "1/2 police health": how many of the leads claim completion. */
static void
leads_cell(struct listing *l, const struct listed *a)
{
    char who[WHO];
    int len = snprintf(who, sizeof who, "%" PRId64 "/%" PRId64 "%s", a->claimed, a->lead_count,
                       a->leads.all ? " of all" : "");

    for (uint32_t i = 0; i < a->leads.list.count && i < LEADS_SHOWN; i++)
        len += snprintf(who + len, sizeof who - (size_t)len, " %.*s", (int)a->leads.list.at[i].len,
                        a->leads.list.at[i].at);
    if (a->leads.list.count > LEADS_SHOWN)
        (void)snprintf(who + len, sizeof who - (size_t)len, " and %u more",
                       a->leads.list.count - LEADS_SHOWN);
    listing_cell(l, "%s", who);
}

static void
list_action(struct listing *l, const void *row)
{
    const struct listed *a = row;

    listing_text(l, a->id);
    listing_rating(l, a->rating);
    reasons_cell(l, a);
    due_cell(l, a);
    leads_cell(l, a);
    listing_cell(l, "%s",
                 a->marking == MARKING_SENSITIVE ? word_text(&markings, MARKING_SENSITIVE) : "");
    listing_text(l, a->title);
}

static const char *const headings[] = {"action", "rating",  "why",   "due",
                                       "claims", "marking", "title", NULL};

static struct list
shown_of(const struct result *page)
{
    return (struct list){&page->shown.listed, page->has.shown};
}

const struct rows status_of_shown = {&listed_record, shown_of, headings, list_action, ""};

static struct list
actions_of(const struct result *page)
{
    return (struct list){page->actions.at, page->actions.count};
}

const struct rows status_rows = {&listed_record, actions_of, headings, list_action,
                                 "No action of a plan that you may see is so."};

/* --- the command ------------------------------------------------------------------- */

static struct query
query_of(const struct invocation *in, const struct status_option *o)
{
    struct query q = {.what = QUERY_STATUS};

    if (in->words.count) {
        q.plan = text_of(in->words.at[0]);
        q.has.plan = 1;
    }
    KEEP(&q, o, agency);
    KEEP(&q, o, theme);
    KEEP(&q, o, silent_since);
    KEEP(&q, o, as_at);
    q.rating = o->rag;
    q.has.rating = o->has.rag;
    return q;
}

int
status(const struct invocation *in, struct arena *arena)
{
    struct status_option o;
    struct talk t;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE || (rc = talk_begin(&t, in, arena)) != EXIT_DONE)
        return rc;
    struct query q = query_of(in, &o);
    rc = rows_print(&t, &q, in->words.count ? in->words.at[0] : "status", &status_rows);
    talk_close(&t);
    return rc;
}
