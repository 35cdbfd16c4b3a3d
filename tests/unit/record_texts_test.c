#include "schema/record.h"
#include "tests/t.h"

TEST(texts_are_copied_with_their_ends)
{
    const struct text list[] = {{"police/crm", 6}, {"health", 6}, {NULL, 0}};
    struct arena *arena = arena_new();
    const char **strings = text_strings(arena, (struct texts){list, 3});

    CHECK_STR("police", strings[0]);
    CHECK_STR("health", strings[1]);
    CHECK_STR("", strings[2]);
    CHECK(!strings[3]);
    struct text copy = text_copy(arena, list[0]);
    CHECK(text_is(copy, "police"));
    CHECK(copy.at != list[0].at);
    CHECK_STR("police", copy.at);
    arena_destroy(&arena);
}
