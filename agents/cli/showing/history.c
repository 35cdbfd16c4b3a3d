#include "agents/cli/showing/history.h"

#include <inttypes.h>
#include <stdio.h>

#include "agents/cli/showing/entries.h"
#include "agents/cli/showing/wording.h"
#include "schema/days.h"

void
history_begin(struct history *h)
{
    *h = (struct history){.arena = arena_new()};
}

static void
print_waiting(struct history *h)
{
    char again[64] = "";
    char since[DAY_TEXT];

    if (!h->said.len)
        return;
    day_format(h->since, since);
    if (h->times > 1)
        (void)snprintf(again, sizeof again, " (%" PRId64 " times since %s)", h->times, since);
    entry_print_line(&h->newest, h->said, again);
    arena_reset(h->arena);
    h->said.len = 0;
}

void
history_take(struct history *h, const struct entry *entry)
{
    struct arena *reading = arena_new();
    struct text said = wording_of_entry(reading, entry);

    if (h->said.len && text_equal(said, h->said) && text_equal(entry->client, h->newest.client)) {
        h->times++;
    } else {
        print_waiting(h);
        h->newest = *entry;
        h->newest.client.at = arena_copy(h->arena, entry->client.at, entry->client.len);
        h->said = (struct text){arena_copy(h->arena, said.at, said.len), said.len};
        h->times = 1;
    }
    h->since = entry->day;
    arena_destroy(&reading);
}

void
history_end(struct history *h)
{
    print_waiting(h);
    arena_destroy(&h->arena);
}
