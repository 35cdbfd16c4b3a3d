#include "schema/plain.h"

#include <stdint.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "tests/t.h"

/* clang-format off */
TEST(plain_gives_what_a_reader_sees)
{
    static const struct { const char *text, *plain; } rows[] = {
        {"", ""},
        {"as it is, 100%", "as it is, 100%"},
        {"caf\xc3\xa9", "cafe"},
        {"cafe\xcc\x81", "cafe"},
        {"a\xe2\x80\x8b" "b\xef\xbb\xbf", "ab"},
        {"\xef\xbc\x91\xc2\xb2\xf0\x9d\x9f\x91", "123"},
        {"\xc2\xbd", "1/2"},
        {"\xef\xac\x81", "fi"},
        {"\xe2\x80\x98x\xe2\x80\x99 \xe2\x80\x94\xe2\x80\x83.", "'x' - ."},
        {"a\xe2\x80\xa8" "b", "a\nb"},
        {"1\xc2\xb7" "2", "1.2"},
        {"\xd0\xb6\xd0\xb7", "\1\1"},
        {"\xd9\xa3", "\1"},                       /* a digit of another script */
        {"\xe2\x82\xac", "\2"},
        {"\xef\xb7\xba", "\1 \1 \1 \1"},          /* one character, a sentence */
        {"\xff", "\2"},
        {"\xe2\x82", "\2\2"},                     /* cut short */
        {"\xed\xa0\x80", "\2\2\2"},               /* a surrogate */
        {"a%20b%2Bc%2bd%2De%2df%2Eg%2eh%2Fi%2fj%28k%29l%40m", "a b+c+d-e-f.g.h/i/j(k)l@m"},
        {"%2", "%2"}, {"%", "%"}, {"%4", "%4"},
        {"%39%41%25%27%2c%4a", "%39%41%25%27%2c%4a"}, /* no digits or letters */
        {"%2520%2%20", "%2520%2 "},
        {"%\xe2\x80\x8b" "2\xe2\x80\x8b" "0", " "},
        {"%%20%20", "%  "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[256] = "";
        size_t len = plain_from(rows[i].text, strlen(rows[i].text), out);
        out[len] = 0; /* decoding writes past it */
        CHECK_INT(strlen(rows[i].plain), len);
        CHECK_STR(rows[i].plain, out);
        if (plain_is(rows[i].text, strlen(rows[i].text)))
            CHECK_STR(rows[i].text, out);
    }
}
/* clang-format on */

TEST(plain_knows_what_is_plain)
{
    char text[40];
    for (size_t len = 0; len < sizeof text; len++) {
        memset(text, 'x', sizeof text);
        CHECK(plain_is(text, len));
        for (size_t at = 0; at < len; at++) {
            memset(text, 'x', sizeof text);
            text[at] = (char)0x80;
            CHECK(!plain_is(text, len));
            text[at] = '%';
            CHECK(plain_is(text, len));
            text[at + 1] = '2';
            CHECK_INT(at + 1 == len, plain_is(text, len));
            text[at + 1] = '4';
            CHECK_INT(at + 1 == len, plain_is(text, len));
            text[at + 1] = '%';
            text[at + 2 < sizeof text ? at + 2 : at] = '2';
            CHECK_INT(at + 2 >= len, plain_is(text, len));
        }
    }
}

TEST(plain_remembers_where_it_came_from)
{
    static const char text[] = "\xc3\xa9\xe2\x80\x8b"
                               "1%20\xc2\xbd%2";
    static const size_t origins[] = {0, 5, 6, 9, 9, 9, 11, 12};
    char out[3 * sizeof text] = "";

    CHECK_INT(8, plain_from(text, sizeof text - 1, out));
    out[8] = 0;
    CHECK_STR("e1 1/2%2", out);
    for (size_t i = 0; i < 8; i++)
        CHECK_INT(origins[i], plain_origin(text, sizeof text - 1, i));
}

/* Every character there is: ASCII comes out, and no more of it than promised. */
TEST(plain_holds_its_promise_for_every_character)
{
    for (utf8proc_int32_t code = 1; code < 0x110000; code++) {
        utf8proc_uint8_t text[4];
        char out[256];
        if (code >= 0xd800 && code < 0xe000)
            continue;
        size_t len = (size_t)utf8proc_encode_char(code, text);
        size_t got = plain_from((const char *)text, len, out);
        CHECK(got <= PLAIN_GROWTH * len);
        for (size_t i = 0; i < got; i++)
            CHECK((uint8_t)out[i] < 0x80);
        CHECK(code >= 0x80 || (got == 1 && out[0] == (char)code));
    }
}
