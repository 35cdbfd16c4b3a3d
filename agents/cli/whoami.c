#include "agents/cli/whoami.h"

#include <inttypes.h>
#include <stdio.h>

#include "agents/cli/showing/listing.h"
#include "agents/cli/showing/printable.h"
#include "agents/cli/talk.h"
#include "schema/days.h"
#include "schema/json.h"

static void
print(const struct talk *t)
{
    const struct welcome *w = &t->welcome;
    char day[DAY_TEXT];

    day_format(w->today, day);
    printf("client   ");
    printable_print(w->client);
    printf(" (%s)\nboard    ", word_text(&roles, (int)w->role));
    printable_print(w->board);
    printf(", ");
    printable_print(w->title);
    printf("\nbroker   ");
    printable_print(w->software);
    printf(", %s\njournal  entry %" PRId64 ", epoch %" PRId64 "\ntoday    %s\n",
           maat_link_text(t->broker), w->number, w->epoch, day);
}

static void
print_csv(const struct talk *t)
{
    static const char *const headings[] = {"client", "role",  "board", "title",
                                           "entry",  "epoch", "today", NULL};
    const struct welcome *w = &t->welcome;
    struct listing *l = listing_begin(headings, true);
    char day[DAY_TEXT];

    day_format(w->today, day);
    listing_text(l, w->client);
    listing_cell(l, "%s", word_text(&roles, (int)w->role));
    listing_text(l, w->board);
    listing_text(l, w->title);
    listing_cell(l, "%" PRId64, w->number);
    listing_cell(l, "%" PRId64, w->epoch);
    listing_cell(l, "%s", day);
    listing_row(l);
    listing_end(&l, "");
}

int
whoami(const struct invocation *in, struct arena *arena)
{
    struct talk t;
    int rc = talk_begin(&t, in, arena);

    if (rc != EXIT_DONE)
        return rc;
    if (t.options.json) {
        struct text json = record_to_json(arena, &welcome_record, &t.welcome);
        printf("%.*s\n", (int)json.len, json.at);
    } else if (t.options.csv) {
        print_csv(&t);
    } else {
        print(&t);
    }
    talk_close(&t);
    return rc;
}
