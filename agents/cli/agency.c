#include "agents/cli/agency.h"

#include "agents/cli/change.h"
#include "agents/cli/fetch.h"
#include "agents/cli/sending/sending.h"
#include "agents/cli/showing/listing.h"
#include "agents/cli/showing/rows.h"

AGENCY_OPTIONS(RECORD_TABLE)

int
agency_add(const struct invocation *in, struct arena *arena)
{
    const struct view nothing = {0};
    struct agency_add_option o;
    struct agency a = {.id = text_of(in->words.at[0])};
    struct talk t;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE || (rc = talk_begin(&t, in, arena)) != EXIT_DONE)
        return rc;
    a.has.id = 1;
    KEEP(&a, &o, name);
    KEEP(&a, &o, sector);
    FETCH_SEEN(&a, &nothing);
    a.epoch = t.welcome.epoch;
    const union body body = {.agency = a};
    rc = sending_one(&t, KIND_AGENCY, &body, in->words.at[0]);
    talk_close(&t);
    return rc;
}

static struct agency
agency_of_row(const struct agency_row *row, const struct view *seen)
{
    struct agency a = {0};

    KEEP(&a, row, id);
    KEEP(&a, row, name);
    KEEP(&a, row, sector);
    KEEP(&a, row, succeeded_by);
    KEEP(&a, row, closed);
    FETCH_SEEN(&a, seen);
    return a;
}

/* Closed stays closed: there is no way back that would say so by mistake. */
static void
amend(struct agency *a, const struct agency_amend_option *o)
{
    if (o->has.name)
        KEEP(a, o, name);
    if (o->has.sector)
        KEEP(a, o, sector);
    if (o->has.succeeded_by)
        KEEP(a, o, succeeded_by);
    if (o->has.closed)
        KEEP(a, o, closed);
    KEEP(a, o, reason);
}

int
agency_amend(const struct invocation *in, struct arena *arena)
{
    struct agency_amend_option o;
    struct agency_row row;
    struct view seen;
    struct talk t;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE || (rc = talk_begin(&t, in, arena)) != EXIT_DONE)
        return rc;
    rc = fetch_agency(&t, text_of(in->words.at[0]), &row, &seen);
    if (rc == EXIT_DONE) {
        const union body from = {.agency = agency_of_row(&row, &seen)};
        union body to = from;
        struct change change = {KIND_AGENCY, in->words.at[0], &from, &to, false};
        amend(&to.agency, &o);
        rc = change_send(&t, &change);
    }
    talk_close(&t);
    return rc;
}

static void
list_agency(struct listing *l, const void *row)
{
    const struct agency_row *a = row;

    listing_text(l, a->id);
    listing_cell(l, "%s", word_text(&sectors, (int)a->sector));
    if (a->has.succeeded_by)
        listing_cell(l, "succeeded by %.*s", (int)a->succeeded_by.len, a->succeeded_by.at);
    else
        listing_cell(l, "%s", a->closed ? "closed" : "");
    listing_text(l, a->name);
}

static struct list
agencies_of(const struct result *page)
{
    return (struct list){page->agencies.at, page->agencies.count};
}

int
agency_list(const struct invocation *in, struct arena *arena)
{
    static const char *const headings[] = {"agency", "sector", "state", "name", NULL};
    static const struct rows rows = {&agency_row_record, agencies_of, headings, list_agency,
                                     "There are no agencies yet: maat agency add."};
    const struct query q = {.what = QUERY_AGENCIES};

    return rows_list(in, arena, &q, "agencies", &rows);
}
