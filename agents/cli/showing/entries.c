#include "agents/cli/showing/entries.h"

#include <csv.h>
#include <inttypes.h>
#include <stdio.h>

#include "agents/cli/showing/printable.h"
#include "agents/cli/showing/wording.h"
#include "schema/codec.h"
#include "schema/days.h"
#include "schema/json.h"

enum { CLIENT_WIDTH = 18, HEADING = 64 + PATH_MAX_LEN };

struct text
entry_members(struct arena *arena, const struct entry *entry)
{
    const struct record *r = body_records[entry->kind];
    struct entry plain = *entry;
    struct text json[2] = {{0}};
    struct fault fault;
    union body body;

    plain.has.body = plain.has.nonce = 0;
    json[0] = record_to_json(arena, &entry_record, &plain);
    if (entry->has.body && r
        && record_decode(arena, r, &body, entry->body.at, entry->body.len, &fault))
        json[1] = record_to_json(arena, r, &body);
    const size_t cap = json[0].len + json[1].len + 24;
    char *members = arena_take(arena, cap);
    int len =
        snprintf(members, cap, "\"entry\":%.*s%s%.*s", (int)json[0].len, json[0].at,
                 json[1].len ? ",\"body\":" : "", (int)json[1].len, json[1].len ? json[1].at : "");
    return (struct text){members, (uint32_t)len};
}

static void
print_json(struct arena *arena, const struct entry *entry)
{
    struct text members = entry_members(arena, entry);

    printf("{%.*s}\n", (int)members.len, members.at);
}

struct text
entry_heading(struct arena *arena, const struct entry *entry)
{
    char *heading = arena_take(arena, HEADING);
    char time[TIME_TEXT];

    time_format_in_london(entry->time, time);
    int len = snprintf(heading, HEADING, "%6" PRId64 "  %s  %-*.*s  ", entry->number, time,
                       (int)CLIENT_WIDTH, (int)entry->client.len, entry->client.at);
    return (struct text){heading, (uint32_t)len};
}

void
entry_print_line(const struct entry *entry, struct text said, const char *more)
{
    struct arena *arena = arena_new();
    struct text heading = entry_heading(arena, entry);

    printf("%.*s", (int)heading.len, heading.at);
    printable_print(said);
    printf("%s\n", more);
    arena_destroy(&arena);
}

void
entry_print(const struct entry *entry, bool json)
{
    struct arena *arena = arena_new();

    if (json)
        print_json(arena, entry);
    else
        entry_print_line(entry, wording_of_entry(arena, entry), "");
    arena_destroy(&arena);
}

/* --- for programs ------------------------------------------------------------------- */

static void
print_cells(const struct text *cells, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        (void)csv_fwrite(stdout, cells[i].at, cells[i].len);
        (void)fputs(i + 1 < count ? "," : "\r\n", stdout);
    }
}

void
entry_print_headings(void)
{
    const struct text headings[] = {text_of("entry"), text_of("time"), text_of("client"),
                                    text_of("kind"), text_of("what")};

    print_cells(headings, sizeof headings / sizeof *headings);
}

void
entry_print_cells(const struct entry *entry)
{
    struct arena *arena = arena_new();
    char number[24];
    char time[TIME_TEXT];

    (void)snprintf(number, sizeof number, "%" PRId64, entry->number);
    time_format_in_london(entry->time, time);
    const struct text cells[] = {text_of(number), text_of(time), entry->client,
                                 text_of(word_text(&submission_kinds, (int)entry->kind)),
                                 wording_of_entry(arena, entry)};
    print_cells(cells, sizeof cells / sizeof *cells);
    arena_destroy(&arena);
}
