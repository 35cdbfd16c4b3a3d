/* How many digits a text has decides what the guard looks for in it. Digits far behind
   all else must change nothing: with many of them it looks for everything. */
#include "schema/guard.h"

#include "schema/survey.h"
#include "tests/t.h"

enum { ROUNDS = 60000, TEXT = 400 };

static const char *const pieces[] = {
    "943",   "476",     "5919", "4505577104", "9434765919", "AB",          "QQ",    "12",   "34",
    "56",    "C",       "d",    "07700",      "900123",     "0151",        "496",   "0000", "+44",
    "(0)",   "0044",    "0800", "1111",       "08001111",   "01744",       "12345", "born", "DOB",
    "D.O.B", "birth",   "date", "of",         "3",          "04",          "2010",  "10",   "April",
    "3rd",   "030410",  "isbn", "978",        "no",         "NHS",         "@",     "a@b",  "uk",
    "x",     "between", "%20",  "é",          "²",          "12345678901", "101",
};
static const char *const gaps[] = {" ", "", "-", ".", " - ", "/", ", ", "\n", "(", ")", "    "};

#define ONE_OF(list) ((list)[random_below(sizeof(list) / sizeof *(list))])

static size_t
make_text(char text[TEXT])
{
    size_t len = 0;

    for (uint64_t count = 1 + random_below(9); count; count--)
        len += (size_t)snprintf(text + len, TEXT - len, "%s%s", ONE_OF(pieces), ONE_OF(gaps));
    return len;
}

TEST(guard_looks_for_what_so_many_digits_can_be)
{
    static const struct guard guard = {NULL, 0};
    static const char far[] = " ~~~~~ w w w w w w w w 1w1w1w1w1w1w1w1w1w1w1w1w1w1";
    unsigned finds = 0;

    for (int i = 0; i < ROUNDS; i++) {
        char text[TEXT + sizeof far];
        struct guard_find find = {"", 0};
        struct guard_find with_more = {"", 0};
        size_t len = make_text(text);

        bool clean = guard_check_text(&guard, text, len, &find);
        memcpy(text + len, far, sizeof far);
        if (guard_check_text(&guard, text, len + sizeof far - 1, &with_more) != clean
            || find.position != with_more.position || strcmp(find.what, with_more.what) != 0)
            FAIL_WITH("%s: found are \"%s\" and \"%s\"", text, find.what, with_more.what);
        finds += !clean;
    }
    CHECK(finds > ROUNDS / 20 && finds < ROUNDS);
}

/* Against a look at each byte. */
TEST(survey_sees_every_byte)
{
    static const char some[] = "0123456789:/@%a\x80\xff ";
    static char text[9000];

    for (int i = 0; i < 3000; i++) {
        size_t len = (size_t)random_below(i % 100 ? 100 : sizeof text);
        struct survey want = {.plain = true};
        struct survey got;
        for (size_t k = 0; k < len; k++) {
            text[k] = random_below(20) || i % 10 == 0 ? (i % 3 ? '7' : 'x') : ONE_OF(some);
            want.plain = want.plain && text[k] >= 0 && text[k] != '%';
            want.at = want.at || text[k] == '@';
            want.digits += text[k] >= '0' && text[k] <= '9';
        }
        survey_text(text, len, &got);
        CHECK_INT(want.plain, got.plain);
        CHECK_INT(want.at, got.at);
        CHECK_INT(want.digits, got.digits);
    }
}
