#include <string.h>

#include "agents/cli/printed/title.h"
#include "schema/records.h"
#include "tests/t.h"

static char *
title_of(struct arena *arena, const char *cell, bool *whole)
{
    struct text title = printed_title(arena, printed_trimmed(cell), whole);
    char *out = arena_take(arena, title.len + 1);

    memcpy(out, title.at, title.len);
    out[title.len] = '\0';
    return out;
}

TEST(printed_title_is_the_first_sentence)
{
    /* clang-format off */
    static const struct { const char *cell, *title; bool whole; } rows[] = {
        {"Agree a pathway",                           "Agree a pathway",                     true},
        {"  Agree a pathway.\n",                      "Agree a pathway.",                    true},
        {"Agree a pathway\nto specialist support",    "Agree a pathway to specialist support", true},
        {"Agree a pathway. Publish it.",              "Agree a pathway.",                    false},
        {"Agree a pathway! Publish it.",              "Agree a pathway!",                    false},
        {"Is it read? Ask staff",                     "Is it read?",                         false},
        {"Report to the Board:\n- figures\n- cases",  "Report to the Board:",                false},
        {"Agree:\none pathway",                       "Agree:",                              false},
        {"Agree: one pathway",                        "Agree: one pathway",                  true},
        {"Agree one pathway;\nPublish it",            "Agree one pathway;",                  false},
        {"Audit e.g. Police files",                   "Audit e.g. Police files",             true},
        {"Ask St. Mary's school",                     "Ask St. Mary's school",               true},
        {"Train 3.5 posts. Report",                   "Train 3.5 posts.",                    false},
        {"Meet on the 3rd. then report",              "Meet on the 3rd. then report",        true},
        {"",                                          "",                                    true},
    };
    /* clang-format on */
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool whole;
        CHECK_STR(rows[i].title, title_of(arena, rows[i].cell, &whole));
        CHECK_INT(rows[i].whole, whole);
    }
    arena_destroy(&arena);
}

/* `len` bytes of words that end in "é", which is two. */
static char *
long_text(struct arena *arena, size_t len, bool spaces)
{
    char *text = arena_take(arena, len + 1);

    for (size_t i = 0; i < len; i++)
        text[i] = "bc\xc3\xa9 "[spaces ? i % 5 : 2 + i % 2];
    text[len] = '\0';
    return text;
}

TEST(printed_title_is_cut_between_words_and_characters)
{
    struct arena *arena = arena_new();
    bool whole;
    char *title = title_of(arena, long_text(arena, TITLE_MAX - 1, true), &whole);

    CHECK_INT(TITLE_MAX - 1, strlen(title));
    CHECK(whole);
    title = title_of(arena, long_text(arena, TITLE_MAX + 4, true), &whole);
    CHECK(!whole);
    CHECK(strlen(title) <= TITLE_MAX);
    CHECK_STR("bcé…", title + strlen(title) - strlen("bcé…"));
    title = title_of(arena, long_text(arena, TITLE_MAX + 2, false), &whole);
    CHECK(!whole);
    CHECK_STR("éé…", title + strlen(title) - strlen("éé…"));
    CHECK(strlen(title) > TITLE_MAX - 6 && strlen(title) <= TITLE_MAX);
    arena_destroy(&arena);
}
