#include "agents/cli/whoami.h"

#include <inttypes.h>
#include <stdio.h>

#include "agents/cli/printable.h"
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
           client_state(t->client), w->number, w->epoch, day);
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
    } else {
        print(&t);
    }
    talk_close(&t);
    return rc;
}
