/* What decoding says of a record, to a person. That it finds every fault in its
   field is a property: tests/property/records_test.c. */
#include "schema/codec.h"

#include "schema/records.h"
#include "schema/wire/frame.h"
#include "tests/t.h"

#define BYTES(literal) (literal), sizeof(literal) - 1

/* clang-format off */
TEST(codec_says_what_is_wrong)
{
    static const struct { const struct record *r; const char *bytes; size_t len; const char *field, *reason; } rows[] = {
        {&cell_record, BYTES("\xc0"), "", "must be a map"},
        {&cell_record, BYTES("\x80"), "heading", "is missing"},
        {&cell_record, BYTES("\x80\x80"), "", "has bytes after its end"},
        {&cell_record, BYTES("\x81\xa7heading\xa0"), "heading", "must be 1 to 500 bytes long"},
        {&cell_record, BYTES("\x81\xa7heading\x01"), "heading", "must be a string"},
        {&cell_record, BYTES("\x81\xa3new\x01"), "new", "is not a field of this record"},
        /* a sender's text is repeated only where it is shaped like a name of ours */
        {&cell_record, BYTES("\x81\xa8J. Smith\x01"), "", "is not a field of this record"},
        {&cell_record, BYTES("\x81\xd9\x41" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" "\x01"), "", "is not a field of this record"},
        {&value_record, BYTES("\x81\xa6" "amount\xcb\0\0\0\0\0\0\0\0"), "amount", "must be an integer, or a string of digits with up to three places, as \"12.5\""},
        {&value_record, BYTES("\x81\xa4" "date\xaa" "2016-02-30"), "date", "must be a day of the calendar, as 2016-03-31"},
        {&value_record, BYTES("\x81\xa5label\xa1" "A"), "label", "must be an id: 1 to 64 of a-z 0-9 . _ -"},
        {&measure_record, BYTES("\x81\xa4unit\xa4many"), "unit", "must be one of: count percent"},
        {&plan_record, BYTES("\x81\xa7members\xa6police"), "members", "must be \"all\" or a list of agencies"},
        {&plan_record, BYTES("\x81\xa7members\x92\xa1" "a\xa1" "a"), "members", "names an id twice"},
        {&plan_record, BYTES("\x81\xabreview_days\xcd\x01\x6f"), "review_days", "must be 1 to 366"},
        {&client_record, BYTES("\x81\xa2id\xa6police"), "id", "must be two ids with / between them"},
        {&client_record, BYTES("\x81\xa3key\xc4\x01\x01"), "key", "must be 32 bytes long"},
        {&client_record, BYTES("\x81\xa7" "confirm\x01"), "confirm", "must be true or false"},
        {&rated_record, BYTES("\x81\xa7reasons\x92\xa6silent\xa6silent"), "reasons", "names a word twice"},
        {&action_record, BYTES("\x81\xa5" "cells\x91\xc0"), "cells[0]", "must be a map"},
        {&action_record, BYTES("\x81\xa5" "cells\x91\x81\xa7heading\xa1x"), "cells[0].text", "is missing"},
        {&action_record, BYTES("\x81\xa5" "cells\x91\x83\xa7heading\xa1x\xa4text\xa1x\xa3new\xc0"), "cells[0].new", "is not a field of this record"},
        {&action_record, BYTES("\x81\xa7measure\x81\xa6target\xc2"), "measure.target", "must be an integer, or a string of digits with up to three places, as \"12.5\""},
    };
    struct arena *arena = arena_new();
    union body out;
    struct fault fault;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK(!record_decode(arena, rows[i].r, &out, rows[i].bytes, rows[i].len, &fault));
        CHECK_STR(rows[i].reason, fault.reason);
        CHECK_STR(rows[i].field, fault.field);
    }
    arena_destroy(&arena);
}

TEST(codec_frames_say_what_is_wrong)
{
    static const struct { const char *bytes; size_t len; const char *field, *reason; } rows[] = {
        {BYTES("\x92\xa4PING\x80"), "", ""},
        {BYTES("\x92\xa4PING\x81\xa3new\xc0"), "", ""},
        {BYTES(""), "", "is cut short"},
        {BYTES("\x92\xa4PING\x80\x80"), "", "has bytes after its end"},
        {BYTES("\x80"), "", "must be an array of a command word and a map"},
        {BYTES("\x91\xa4PING"), "", "must be an array of a command word and a map"},
        {BYTES("\x93\xa4PING\x80\x80"), "", "must be an array of a command word and a map"},
        {BYTES("\x92\x01\x80"), "", "must be an array of a command word and a map"},
        {BYTES("\x92\xa4ping\x80"), "", "begins with an unknown command word"},
        {BYTES("\x92\xa3PIN\x80"), "", "begins with an unknown command word"},
        {BYTES("\x92\xa4PING\x90"), "", "must be a map"},
        {BYTES("\x92\xa4PING\x81\xa2id\xff"), "id", "must be 0 to 9223372036854775807"},
        {BYTES("\x92\xa6SUBMIT\x81\xa1n\x00"), "n", "must be 1 to 9223372036854775807"},
    };
    struct arena *arena = arena_new();
    enum message_kind kind;
    union message out;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fault fault = {.reason = ""};
        CHECK_INT(!*rows[i].reason, frame_decode(arena, rows[i].bytes, rows[i].len, &kind, &out, &fault));
        CHECK_STR(rows[i].reason, fault.reason);
        CHECK_STR(rows[i].field, fault.field);
    }
    arena_destroy(&arena);
}
/* clang-format on */

static bool
note_text(void *context, const char *field, struct text text)
{
    char *seen = context;
    size_t len = strlen(seen);

    snprintf(seen + len, 400 - len, "%s=%.*s ", field, (int)text.len, text.at);
    return !text_is(text, "stop");
}

/* Ids too, with their places; never bins. */
TEST(codec_walks_every_text)
{
    static const struct text agencies[] = {{"police", 6}, {"health", 6}};
    const struct cell cells[] = {{.heading = {"h", 1}, .text = {"t", 1}, .present = 3},
                                 {.heading = {"stop", 4}, .text = {"u", 1}, .present = 3}};
    struct action a = {.id = text_of("p/1"), .measure = {.counted = {"c", 1}, .present = 1}};
    char seen[400] = "";

    a.leads.list = (struct texts){agencies, 2};
    a.cells.at = cells;
    a.cells.count = 2;
    a.has.id = a.has.leads = a.has.measure = a.has.cells = 1;
    CHECK(!record_each_text(&action_record, &a, note_text, seen));
    CHECK_STR("id=p/1 leads[0]=police leads[1]=health measure.counted=c cells[0].heading=h "
              "cells[0].text=t cells[1].heading=stop ",
              seen);
}
