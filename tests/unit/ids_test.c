#include "schema/ids.h"

#include "tests/t.h"

#define SIXTY "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff"

/* clang-format off */
TEST(ids_are_made_of_what_is_printed)
{
    static const struct { const char *printed, *id; } rows[] = {
        {"2.1", "2.1"}, {"1(a)", "1-a"}, {"1.a", "1.a"}, {"Rec 3 (b)", "rec-3-b"}, {"A_1", "a_1"},
        {"  7 ", "7"}, {"--7--", "7"}, {"7 - 8", "7-8"}, {"\xc3\xa9t\xc3\xa9 1", "t-1"},
        {"", ""}, {"()", ""}, {"-", ""},
        {SIXTY "1234", SIXTY "1234"}, {SIXTY "12345", ""}, /* 64 and 65 */
        {SIXTY "12 4", SIXTY "12-4"}, {SIXTY "123 5", ""}, {SIXTY "1234)", SIXTY "1234"},
    };
    char id[ID_MAX + 1];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned len = id_from_printed(text_of(rows[i].printed), id);
        CHECK_INT(strlen(rows[i].id), len);
        if (len)
            CHECK_STR(rows[i].id, id);
    }
}
/* clang-format on */

TEST(ids_of_a_path)
{
    struct text path = text_of("neglect/2.1");

    CHECK(text_is(path_first(path), "neglect") && text_is(path_second(path), "2.1"));
    CHECK(text_is(path_first(text_of("broker")), "broker"));
    CHECK_INT(0, path_second(text_of("broker")).len);
    CHECK(!path_valid(text_of("broker")) && !path_valid(text_of("a/b/c")));
}
