/* What is a table must, written again, be the same table; its rows are in
   order; and every cell can be read as a heading, a date, leads or progress,
   without a day or a text that was not printed. */
#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "agents/cli/import/suggested_agency.h"
#include "agents/cli/printed/date.h"
#include "agents/cli/printed/headings.h"
#include "agents/cli/printed/lead.h"
#include "agents/cli/printed/progress.h"
#include "schema/days.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check(bool holds)
{
    if (!holds)
        abort();
}

static bool
is_plausible(int32_t day)
{
    int year = day_to_civil(day).year;
    return year >= 1990 && year <= 2100; /* a week may end in the next year */
}

static void
check_leads(const char *cell)
{
    static const struct registered registry[] = {
        {"police", "Police"},
        {"childrens-social-care", "Children's Social Care"},
        {"hsct", "Health & Social Care Trust"},
        {"homes", "Housing, Homes (and so on)"},
    };
    static struct printed_leads leads;
    char command[4096];

    printed_lead_read(&leads, cell, registry, sizeof registry / sizeof *registry);
    check(leads.count <= PRINTED_LEADS);
    for (size_t i = 0; i < leads.count; i++) {
        const struct printed_lead *lead = &leads.leads[i];
        check(lead->agency < sizeof registry / sizeof *registry);
        check(lead->text.len > 0 && lead->text.at >= cell
              && lead->text.at + lead->text.len <= cell + strlen(cell));
        if (suggested_agency_command(command, sizeof command, lead->text))
            check(strncmp(command, "maat agency add ", 16) == 0);
    }
}

static void
check_cell(const char *cell)
{
    struct printed_date date;
    struct printed_progress progress;
    enum heading_note note;

    enum column column = heading_column(cell, &note);
    check(column < COLUMN_COUNT && (column == COLUMN_PRINTED) == (note != HEADING_KNOWN));
    printed_date_read(&date, cell);
    check(date.kind != DATE_DAY || is_plausible(date.day));
    check(memchr(date.how, '\0', sizeof date.how) && *date.how);
    printed_progress_read(&progress, cell);
    check(!progress.dated || (progress.kind == PROGRESS_COMPLETE && is_plausible(progress.day)));
    check_leads(cell);
}

/* The table as CSV with this between the cells, every one quoted; each of its bytes is two at most.
 */
static char *
written(const struct table *t, char separator, size_t cap, size_t *len)
{
    char *out = malloc(cap);

    *len = 0;
    check(out != NULL);
    for (size_t row = 0; row < table_rows(t); row++)
        for (size_t i = 0; i < table_cells(t, row); i++) {
            const char *cell = table_cell(t, row, i);
            *len += csv_write(out + *len, cap - *len, cell, strlen(cell));
            check(*len < cap);
            out[(*len)++] = i + 1 < table_cells(t, row) ? separator : '\n';
        }
    return out;
}

static void
check_same(const struct table *a, const struct table *b)
{
    check(table_rows(a) == table_rows(b));
    for (size_t row = 0; row < table_rows(a); row++) {
        check(table_line(a, row) > (row ? table_line(a, row - 1) : 0));
        check(table_cells(a, row) > 0 && table_cells(a, row) == table_cells(b, row));
        for (size_t i = 0; i < table_cells(a, row); i++) {
            check(strcmp(table_cell(a, row, i), table_cell(b, row, i)) == 0);
            check_cell(table_cell(a, row, i));
        }
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct table *t;
    struct table *again;
    struct headings headings;
    struct fault why;
    size_t written_len;

    if (table_parse(&t, data, len, &why) != 1) {
        check(*why.reason);
        return 0;
    }
    if (headings_find(&headings, t, &why))
        check(headings.row < table_rows(t) && headings.count == table_cells(t, headings.row));
    /* of which one is seen by the first row */
    bool is_seen = table_rows(t) && table_cells(t, 0) > 1;
    char *csv = written(t, is_seen ? ",;\t"[data[0] % 3] : ',', 5 * len + 8, &written_len);
    check(table_parse(&again, csv, written_len, &why) == 1);
    check_same(t, again);
    free(csv);
    table_free(&again);
    table_free(&t);
    return 0;
}
