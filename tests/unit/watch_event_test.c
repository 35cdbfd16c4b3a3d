/* What a watch tells of an entry, as a line and as an object. */
#include "agents/cli/watch/event.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "schema/codec.h"
#include "tests/held_feed.h"
#include "tests/t.h"

struct bench {
    struct held_feed feed;
    struct arena *arena;
    struct entry entry;
    uint8_t body[1000];
    struct watch_event event;
};

static struct listed
row_of(const char *id, enum rating rating, uint32_t why)
{
    struct listed row = {.id = text_of(id),
                         .ref = text_of("1"),
                         .title = text_of("T"),
                         .marking = MARKING_SENSITIVE,
                         .rating = rating,
                         .reasons = why};

    row.has.id = row.has.ref = row.has.title = row.has.marking = 1;
    row.has.rating = row.has.reasons = 1;
    return row;
}

static void
bench_open(struct bench *b)
{
    const struct listed rows[] = {row_of("p/1", RED, 1u << WHY_OVERDUE | 1u << WHY_SILENT),
                                  row_of("p/2", AMBER, 1u << WHY_SILENT)};

    *b = (struct bench){.arena = arena_new()};
    held_feed_open(&b->feed);
    for (int i = 0; i < 2; i++)
        held_feed_put_action(&b->feed, &rows[i], 30);
    b->entry = (struct entry){.number = 17,
                              .time = INT64_C(1459674900000000), /* 2016-04-03 10:15 in London */
                              .day = 16894,
                              .client = text_of("police/crm"),
                              .outcome = ACCEPTED};
    b->entry.has.number = b->entry.has.time = b->entry.has.day = b->entry.has.client = 1;
    b->entry.has.kind = b->entry.has.outcome = 1;
}

static void
bench_close(struct bench *b)
{
    held_feed_close(&b->feed);
    arena_destroy(&b->arena);
}

static void
say(struct bench *b, enum submission_kind kind, const void *body)
{
    size_t len = record_encode(body_records[kind], body, b->body, sizeof b->body);

    CHECK(len > 0);
    b->entry.kind = kind;
    b->entry.body = (struct bytes){b->body, (uint32_t)len};
    b->entry.has.body = 1;
}

static const char *
line(struct bench *b, const struct feed_change *changes, size_t count)
{
    const struct feed_happening h = {&b->entry, changes, count};

    watch_event_make(&b->event, b->arena, b->feed.feed, &h);
    struct text text = watch_event_line(b->arena, &b->event);
    return text_string(b->arena, text);
}

static void
say_progress(struct bench *b, const char *note)
{
    struct progress p = {.action = text_of("p/1"), .on = 16894, .note = text_of(note)};

    p.has.action = p.has.on = p.has.note = 1;
    say(b, KIND_PROGRESS, &p);
}

TEST(watch_event_tells_the_rating_before_and_after)
{
    const struct listed before = row_of("p/1", GREEN, 0), worse = row_of("p/1", RED, 1),
                        after = row_of("p/1", RED, 1u << WHY_OVERDUE | 1u << WHY_SILENT);
    const struct feed_change moved = {text_of("p/1"), &before, &after, 17},
                             other = {text_of("p/1"), &worse, &after, 17},
                             same = {text_of("p/1"), &after, &after, 17},
                             unknown = {text_of("p/1"), NULL, &after, 17},
                             gone = {text_of("p/1"), &before, NULL, 17};
    struct bench b;

    bench_open(&b);
    say_progress(&b, "a\nb \033[2J");
#define BEGIN "    17  2016-04-03 10:15  police/crm          p/1: note \"a b ?[2J\"  ["
    CHECK_STR(BEGIN "green -> red (overdue, silent)]  OFFICIAL-SENSITIVE\n", line(&b, &moved, 1));
    struct watch_only only = {.has.rating = true, .rating = RED};
    CHECK(watch_event_is(&b.event, &only));
    only.rating = GREEN;
    CHECK(watch_event_is(&b.event, &only));
    only.rating = AMBER;
    CHECK(!watch_event_is(&b.event, &only));
    only = (struct watch_only){.has.silent_since = true, .silent_since = INT32_MAX};
    CHECK(!watch_event_is(&b.event, &only)); /* nobody leads it */
    CHECK_STR(BEGIN "red -> red (overdue, silent)]  OFFICIAL-SENSITIVE\n", line(&b, &other, 1));
    CHECK_STR(BEGIN "red (overdue, silent)]  OFFICIAL-SENSITIVE\n", line(&b, &same, 1));
    CHECK_STR(BEGIN "red (overdue, silent)]  OFFICIAL-SENSITIVE\n", line(&b, &unknown, 1));
    CHECK_STR(BEGIN "red (overdue, silent)]  OFFICIAL-SENSITIVE\n", line(&b, NULL, 0));
    CHECK_STR(BEGIN "no longer among these]\n", line(&b, &gone, 1));
    bench_close(&b);
}

/* What a day changed stands in its entry; rows of today may be others. */
TEST(watch_event_tells_what_a_new_day_changed)
{
    const struct rated changes[] = {{.action = text_of("p/1"), .before = AMBER, .after = GREEN},
                                    {.action = text_of("p/9"), .before = GREEN, .after = RED}};
    struct rating_change day = {.plan = text_of("p"), .day = 16893, .part = 1, .parts = 1};
    struct rated list[2];
    struct bench b;

    bench_open(&b);
    memcpy(list, changes, sizeof list);
    for (int i = 0; i < 2; i++)
        list[i].has.action = list[i].has.before = list[i].has.after = 1;
    day.changes.at = list;
    day.changes.count = 2;
    day.has.plan = day.has.day = day.has.part = day.has.parts = day.has.changes = 1;
    say(&b, KIND_RATING, &day);
    CHECK_STR("    17  2016-04-03 10:15  police/crm          new day 2016-04-02  [p/1 amber -> "
              "green]  OFFICIAL-SENSITIVE\n",
              line(&b, NULL, 0));
    bench_close(&b);
}

TEST(watch_event_names_each_action_where_it_moved_several)
{
    const struct listed was = row_of("p/1", GREEN, 0), one = row_of("p/1", AMBER, 0),
                        two = row_of("p/2", AMBER, 0);
    const struct feed_change changes[] = {{text_of("p/1"), &was, &one, 17},
                                          {text_of("p/2"), &was, &two, 17}};
    struct agency agency = {.id = text_of("police"), .name = text_of("P")};
    struct bench b;

    bench_open(&b);
    agency.has.id = agency.has.name = agency.has.sector = agency.has.seen = agency.has.epoch = 1;
    say(&b, KIND_AGENCY, &agency);
    CHECK(strstr(line(&b, changes, 2), "  [p/1 green -> amber; p/2 green -> amber]  OFFICIAL-"));
    struct text coloured = watch_event_brief(b.arena, &b.event, true);
    CHECK(strstr(text_string(b.arena, coloured), "p/1 \033[32mgreen\033[0m -> "
                                                 "\033[33mamber\033[0m; "));
    bench_close(&b);
}

TEST(watch_event_is_an_object_that_programs_read)
{
    const struct listed before = row_of("p/1", GREEN, 0), after = row_of("p/1", RED, 1);
    const struct feed_change moved = {text_of("p/1"), &before, &after, 17};
    struct bench b;

    bench_open(&b);
    say_progress(&b, "a\nb");
    (void)line(&b, &moved, 1);
    struct text text = watch_event_json(b.arena, &b.event);
    CHECK(text.len && text.at[text.len - 1] == '\n' && !memchr(text.at, '\n', text.len - 1));
    json_t *json = json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES, NULL);
    json_t *action = json_array_get(json_object_get(json, "actions"), 0);
    CHECK_INT(17, json_integer_value(json_object_get(json, "number")));
    CHECK_STR("a\nb", json_string_value(json_object_get(json_object_get(json, "body"), "note")));
    CHECK_STR("OFFICIAL-SENSITIVE", json_string_value(json_object_get(json, "marking")));
    CHECK_STR("green", json_string_value(json_object_get(action, "before")));
    CHECK_STR("red", json_string_value(json_object_get(action, "after")));
    CHECK_STR("overdue", json_string_value(json_array_get(json_object_get(action, "reasons"), 0)));
    CHECK_STR("T", json_string_value(json_object_get(json_object_get(action, "row"), "title")));
    json_decref(json);
    bench_close(&b);
}
