#include "agents/cli/entries.h"

#include <inttypes.h>
#include <stdio.h>

#include "agents/cli/printable.h"
#include "agents/cli/wording.h"
#include "schema/codec.h"
#include "schema/days.h"

/* The entry, and the submission in it as an object of its own: {"entry": {...},
   "body": {...}}. */
static void
print_json(struct arena *arena, const struct entry *entry)
{
    const struct record *r = body_records[entry->kind];
    struct entry plain = *entry;
    struct fault fault;
    union body body;

    plain.has.body = plain.has.nonce = 0;
    struct text json = record_to_json(arena, &entry_record, &plain);
    printf("{\"entry\":%.*s", (int)json.len, json.at);
    if (entry->has.body && r
        && record_decode(arena, r, &body, entry->body.at, entry->body.len, &fault)) {
        json = record_to_json(arena, r, &body);
        printf(",\"body\":%.*s", (int)json.len, json.at);
    }
    printf("}\n");
}

void
entry_print(const struct entry *entry, bool json)
{
    struct arena *arena = arena_new();
    char time[TIME_TEXT];

    if (json) {
        print_json(arena, entry);
    } else {
        time_format_in_london(entry->time, time);
        printf("%6" PRId64 "  %s  %-*.*s  ", entry->number, time, 18, (int)entry->client.len,
               entry->client.at);
        printable_print(wording_of_entry(arena, entry));
        printf("\n");
    }
    arena_destroy(&arena);
}
