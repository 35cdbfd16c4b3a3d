#include "agents/cli/given_text.h"

#include <stdio.h>
#include <string.h>

#include "schema/records_of.h"
#include "tests/scratch.h"
#include "tests/t.h"

/* clang-format off */
#define SPOKEN_FIELDS(F, S)                                                                        \
    F(S, title,  OPTIONAL, TEXT(1, 500),   "short: always the words themselves")                   \
    F(S, reason, OPTIONAL, TEXT(1, 8192),  "long")                                                 \
    F(S, note,   OPTIONAL, TEXT(1, 8192),  "long")
#define SPOKEN(X) X(spoken, SPOKEN_FIELDS, CLOSED, "Sample.")
/* clang-format on */
SPOKEN(RECORD_STRUCT)
SPOKEN(RECORD_EXTERN)
SPOKEN(RECORD_TABLE)

static void
write_file(const struct scratch *s, const char *name, const char *content)
{
    FILE *f = fopen(scratch_file(s, name), "w");

    CHECK(f != NULL);
    CHECK(fputs(content, f) >= 0);
    CHECK_INT(0, fclose(f));
}

/* What `typed` means, or the fault's reason; until the next call. */
static const char *
meant(const char *typed, int64_t most)
{
    static char said[400];
    struct arena *arena = arena_new();
    struct text text = text_of(typed);
    struct fault fault;

    if (given_text(arena, "reason", most, &text, &fault))
        snprintf(said, sizeof said, "%.*s", (int)text.len, text.at);
    else
        snprintf(said, sizeof said, "%s: %s", fault.field, fault.reason);
    arena_destroy(&arena);
    return said;
}

TEST(given_text_is_words_or_a_file)
{
    struct scratch s;
    char typed[300];

    CHECK_STR("as agreed", meant("as agreed", 9));
    CHECK_STR("@home", meant("@@home", 5));
    CHECK_STR("@", meant("@", 1));
    CHECK_STR("reason: is longer than 8 bytes", meant("as agreed", 8));
    CHECK_STR("reason: says nothing", meant(" \n", 8));
    scratch_make(&s);
    snprintf(typed, sizeof typed, "@%s", scratch_file(&s, "why"));
    CHECK(strstr(meant(typed, 100), "reason: the file ") && strstr(meant(typed, 100), "No such"));
    write_file(&s, "why", "\n  first\n\n@second  \n\n");
    CHECK_STR("first\n\n@second", meant(typed, 100));
    CHECK_STR("first\n\n@second", meant(typed, 14));
    CHECK_STR("reason: is longer than 13 bytes", meant(typed, 13));
    write_file(&s, "why", "\xef\xbb\xbfof\r\nWindows\r\n");
    CHECK_STR("of\nWindows", meant(typed, 100));
    write_file(&s, "why", "");
    CHECK_STR("reason: says nothing", meant(typed, 100));
    scratch_remove(&s);
}

TEST(given_texts_reads_long_options_only)
{
    struct arena *arena = arena_new();
    struct scratch s;
    struct fault fault;
    char typed[300];

    scratch_make(&s);
    snprintf(typed, sizeof typed, "@%s", scratch_file(&s, "why"));
    write_file(&s, "why", "because\n");
    struct spoken spoken = {
        .title = text_of(typed), .reason = text_of(typed), .note = text_of("@none")};
    spoken.has.title = spoken.has.reason = 1;
    CHECK(given_texts(arena, &spoken_record, &spoken, &fault));
    CHECK(text_is(spoken.title, typed));
    CHECK(text_is(spoken.reason, "because"));
    spoken.has.note = 1;
    CHECK(!given_texts(arena, &spoken_record, &spoken, &fault));
    CHECK_STR("note", fault.field);
    scratch_remove(&s);
    arena_destroy(&arena);
}
