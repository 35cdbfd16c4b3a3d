#include "agents/cli/show.h"

#include <stdio.h>

#include "agents/cli/showing/entries.h"
#include "agents/cli/showing/history.h"
#include "agents/cli/showing/shown.h"
#include "agents/cli/status.h"
#include "agents/cli/talk.h"
#include "schema/days.h"
#include "schema/json.h"

SHOW_OPTIONS(RECORD_TABLE)

static bool
print_shown(void *context, const struct result *page)
{
    const struct talk *t = context;

    if (!page->has.shown)
        return true;
    if (t->options.json) {
        struct text json = record_to_json(t->arena, &shown_record, &page->shown);
        printf("%.*s\n", (int)json.len, json.at);
    } else {
        shown_print(&page->shown, page->day);
    }
    return true;
}

static bool
print_entries(void *context, const struct result *page)
{
    for (uint32_t i = 0; i < page->entries.count; i++)
        if (context)
            history_take(context, &page->entries.at[i]);
        else
            entry_print(&page->entries.at[i], true);
    return true;
}

static int
print_history(struct talk *t, struct text action, const struct show_option *o, const char *what)
{
    struct query q = {.what = QUERY_HISTORY, .action = action};
    struct history history;

    q.has.action = 1;
    if (o->has.as_at) {
        q.until = o->as_at;
        q.has.until = 1;
    }
    if (t->options.json)
        return talk_ask(t, &q, what, print_entries, NULL);
    printf("\nHistory, newest first\n");
    history_begin(&history);
    int rc = talk_ask(t, &q, what, print_entries, &history);
    history_end(&history);
    return rc;
}

static int
show_whole(struct talk *t, const struct query *q, const struct show_option *o, const char *what)
{
    int rc = talk_ask(t, q, what, print_shown, t);

    return rc == EXIT_DONE && !o->no_history ? print_history(t, q->action, o, what) : rc;
}

int
show_action(const struct invocation *in, struct arena *arena)
{
    const char *what = in->words.at[0];
    struct query q = {.what = QUERY_SHOW, .action = text_of(what)};
    struct show_option o;
    struct talk t;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE || (rc = talk_begin(&t, in, arena)) != EXIT_DONE)
        return rc;
    q.has.action = 1;
    KEEP(&q, &o, as_at);
    rc = t.options.csv && !t.options.json ? rows_print(&t, &q, what, &status_of_shown)
                                          : show_whole(&t, &q, &o, what);
    talk_close(&t);
    return rc;
}
