#include "schema/cells.h"
#include "schema/submission_line.h"
#include "tests/t.h"

/* Cells are separated by a bar. */
static unsigned
cut(const char *row, struct text cells[20])
{
    unsigned count = 0;

    for (const char *at = row;; at++) {
        size_t len = strcspn(at, "|");
        cells[count++] = (struct text){at, (uint32_t)len};
        at += len;
        if (!*at)
            return count;
    }
}

/* What a row says as JSON, or the fault's field and reason. */
static const char *
convert(const char *headings, const char *cells)
{
    static char said[2000];
    struct text heading[20], cell[20];
    struct arena *arena = arena_new();
    struct fault fault;
    struct text json;
    unsigned heading_count = cut(headings, heading);
    unsigned count = cut(cells, cell);

    if (cells_to_json(arena, heading, heading_count, cell, count, &json, &fault))
        snprintf(said, sizeof said, "%.*s", (int)json.len, json.at);
    else
        snprintf(said, sizeof said, "%s: %s", fault.field, fault.reason);
    arena_destroy(&arena);
    return said;
}

TEST(cells_are_what_json_would_have)
{
    static const struct {
        const char *headings, *cells, *want;
    } rows[] = {
        {"action|percent", "da/1|40", "{\"kind\":\"progress\",\"action\":\"da/1\",\"percent\":40}"},
        {" action |note", " da/1 | two  words ",
         "{\"kind\":\"progress\",\"action\":\"da/1\",\"note\":\" two  words \"}"},
        {"kind|id|leads|themes", "action|da/1|all|a; b;;c",
         "{\"kind\":\"action\",\"id\":\"da/1\",\"leads\":\"all\",\"themes\":[\"a\",\"b\",\"c\"]}"},
        {"kind|leads", "action|police;health",
         "{\"kind\":\"action\",\"leads\":[\"police\",\"health\"]}"},
        {"evidence.title|evidence.held|value.amount", "Audit||12.5",
         "{\"kind\":\"progress\",\"evidence\":{\"title\":\"Audit\"},\"value\":{\"amount\":\"12.5\"}"
         "}"},
        {"kind|override|seen", "decision|true|7",
         "{\"kind\":\"decision\",\"override\":true,\"seen\":7}"},
        {"kind|override", "decision|yes", "{\"kind\":\"decision\",\"override\":\"yes\"}"},
        {"percent", "4o", "{\"kind\":\"progress\",\"percent\":\"4o\"}"},
        {"percent", "99999999999999999999",
         "{\"kind\":\"progress\",\"percent\":\"99999999999999999999\"}"},
        {"action|x", "|", "{\"kind\":\"progress\"}"},
        {"action|note", "da/1", "{\"kind\":\"progress\",\"action\":\"da/1\"}"},
        {"statsu", "paused", "{\"kind\":\"progress\",\"statsu\":\"paused\"}"},
        {"note.x", "y", "{\"kind\":\"progress\",\"note.x\":\"y\"}"},
        {"kind|x", "rubbish|1", "{\"kind\":\"rubbish\",\"x\":\"1\"}"},
        {"action", "da/1|more", ": cell 2 has no heading"},
        {"action|(title)|(x|percent|()", "da/1|=A1|y|40|z",
         "{\"kind\":\"progress\",\"action\":\"da/1\",\"(x\":\"y\",\"percent\":40}"},
        {"action|note|post", "'-a/1|'=B2|'tis",
         "{\"kind\":\"progress\",\"action\":\"-a/1\",\"note\":\"=B2\",\"post\":\"'tis\"}"},
        {"note|opinion", "'|'+", "{\"kind\":\"progress\",\"note\":\"'\",\"opinion\":\"+\"}"},
        {"on|forecast|value.date", " 1/4/2016|31/12/2016|2016-03-31",
         "{\"kind\":\"progress\",\"on\":\"2016-04-01\",\"forecast\":\"2016-12-31\",\"value\":{"
         "\"date\":\"2016-03-31\"}}"},
        {"on|forecast", "1/4/16|30/2/2016",
         "{\"kind\":\"progress\",\"on\":\"1/4/16\",\"forecast\":\"2016-02-30\"}"},
        {"on|forecast|value.date", "1/4/20161|31-12-2016|+1/4/2016",
         "{\"kind\":\"progress\",\"on\":\"1/4/"
         "20161\",\"forecast\":\"31-12-2016\",\"value\":{\"date\":\"+1/4/2016\"}}"},
        {"note|note", "a|b", "note: is the heading of two columns"},
        {"evidence", "a", "evidence: is several fields: a column for each, named evidence.title"},
        {"kind|cells", "action|x", "cells: can't be said in CSV: use JSON Lines"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_STR(rows[i].want, convert(rows[i].headings, rows[i].cells));
}

TEST(cells_of_a_form_may_say_nothing)
{
    static const struct {
        const char *headings, *cells;
        bool nothing, blank;
    } rows[] = {
        {"action|agency|on|(status)|status", "da/1|police|2016-04-01|paused|", true, false},
        {"action|post|note", "da/1|Head of service|  ", true, false},
        {"action|status", "da/1|paused", false, false},
        {"action|(status)|x", "da/1|paused|y", false, false},
        {"action", "da/1|y", false, false},
        {"kind|action", "progress|da/1", true, false},
        {"kind|action", "action|da/1", false, false},
        {"kind|action", "rubbish|da/1", false, false},
        {"action|note", " |\t", true, true},
        {"action|note", "", true, true},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct text headings[20], cells[20];
        unsigned heading_count = cut(rows[i].headings, headings);
        unsigned count = cut(rows[i].cells, cells);
        CHECK_INT(rows[i].nothing, cells_say_nothing(headings, heading_count, cells, count));
        CHECK_INT(rows[i].blank, cells_are_blank(cells, count));
    }
}

TEST(cells_make_lines_that_are_decoded)
{
    struct text headings[] = {text_of("action"), text_of("on"), text_of("value.amount"),
                              text_of("value.date")};
    struct text cells[] = {text_of("da/1"), text_of("2016-04-01"), text_of("12.5"),
                           text_of("2016-03-31")};
    struct arena *arena = arena_new();
    struct submission_line line;
    struct fault fault;
    struct text json;

    CHECK(cells_to_json(arena, headings, 4, cells, 4, &json, &fault));
    CHECK(submission_from_json(arena, &line, json.at, json.len, &fault));
    CHECK_INT(KIND_PROGRESS, line.kind);
    CHECK_INT(12500, line.body.progress.value.amount);
    cells[1] = text_of("2016-02-30");
    CHECK(cells_to_json(arena, headings, 4, cells, 4, &json, &fault));
    CHECK(!submission_from_json(arena, &line, json.at, json.len, &fault));
    CHECK_STR("on", fault.field);
    arena_destroy(&arena);
}
