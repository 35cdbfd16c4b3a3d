#include "agents/cli/showing/rows.h"

#include <stdio.h>

#include "schema/json.h"

struct printing {
    const struct talk *talk;
    const struct rows *rows;
    struct listing *listing; /* NULL: JSON */
};

void
rows_print_json(const struct rows *rows, const void *row)
{
    struct arena *arena = arena_new();
    struct text json = record_to_json(arena, rows->record, row);

    printf("%.*s\n", (int)json.len, json.at);
    arena_destroy(&arena);
}

static bool
print_page(void *context, const struct result *page)
{
    const struct printing *p = context;
    struct list list = p->rows->of(page);

    for (uint32_t i = 0; i < list.count; i++) {
        const void *row = (const char *)list.at + i * p->rows->record->size;
        if (p->listing) {
            p->rows->cells(p->listing, row);
            listing_row(p->listing);
        } else {
            rows_print_json(p->rows, row);
        }
    }
    return true;
}

int
rows_print(struct talk *t, const struct query *q, const char *what, const struct rows *rows)
{
    struct printing p = {t, rows, NULL};

    if (!t->options.json)
        p.listing = listing_begin(rows->headings, t->options.csv);
    int rc = talk_ask(t, q, what, print_page, &p);
    if (p.listing && rc == EXIT_DONE)
        listing_end(&p.listing, rows->none);
    else if (p.listing)
        listing_drop(&p.listing);
    return rc;
}

int
rows_list(const struct invocation *in, struct arena *arena, const struct query *q, const char *what,
          const struct rows *rows)
{
    struct talk t;
    int rc = talk_begin(&t, in, arena);

    if (rc != EXIT_DONE)
        return rc;
    rc = rows_print(&t, q, what, rows);
    talk_close(&t);
    return rc;
}
