#include "agents/cli/counts.h"

#include <inttypes.h>

#include "agents/cli/showing/rows.h"
#include "schema/days.h"

COUNTS_OPTIONS(RECORD_TABLE)

static void
list_day(struct listing *l, const void *row)
{
    const struct counted *c = row;
    char day[DAY_TEXT];

    day_format(c->day, day);
    listing_cell(l, "%s", day);
    listing_cell(l, "%" PRId64, c->actions);
    listing_cell(l, "%" PRId64, c->red);
    listing_cell(l, "%" PRId64, c->amber);
    listing_cell(l, "%" PRId64, c->green);
    listing_cell(l, "%" PRId64, c->blue);
    listing_cell(l, "%" PRId64, c->grey);
}

static struct list
days_of(const struct result *page)
{
    return (struct list){page->counts.at, page->counts.count};
}

static const char *const headings[] = {"day",   "actions", "red",  "amber",
                                       "green", "blue",    "grey", NULL};

int
counts(const struct invocation *in, struct arena *arena)
{
    static const struct rows rows = {&counted_record, days_of, headings, list_day,
                                     "There was no such plan yet on those days."};
    struct query q = {.what = QUERY_OVER_TIME, .plan = text_of(in->words.at[0])};
    struct counts_option o;
    struct talk t;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE || (rc = talk_begin(&t, in, arena)) != EXIT_DONE)
        return rc;
    q.has.plan = 1;
    KEEP(&q, &o, since);
    KEEP(&q, &o, until);
    KEEP(&q, &o, every);
    rc = rows_print(&t, &q, in->words.at[0], &rows);
    talk_close(&t);
    return rc;
}
