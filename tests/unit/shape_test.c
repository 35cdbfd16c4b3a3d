#include "schema/shape.h"

#include <msgpack.h>
#include <stdbool.h>
#include <stdlib.h>

#include "tests/t.h"

#define BYTES(literal) (literal), sizeof(literal) - 1

static const char *
fault_of(const msgpack_sbuffer *buf)
{
    return shape_fault(buf->data, buf->size);
}

/* "" stands for no fault. */
#define CHECK_SHAPE(want, fault) CHECK_STR(want, (fault) ? (fault) : "")

/* clang-format off */
TEST(shape_names_what_is_wrong)
{
    static const struct { const char *bytes; size_t len; const char *wrong; } rows[] = {
        {BYTES(""), "is cut short"},
        {BYTES("\xc0"), ""},
        {BYTES("\xc2"), ""},
        {BYTES("\xc3"), ""},
        {BYTES("\x7f"), ""},
        {BYTES("\xe0"), ""},
        {BYTES("\x80"), ""},
        {BYTES("\x90"), ""},
        {BYTES("\xa0"), ""},
        {BYTES("\x82\xa1" "a\x01\xa1" "b\x93\x01\x02\x03"), ""},

        /* each first byte that says a size, whole and one byte short */
        {BYTES("\xc4\x01\x00"), ""},             {BYTES("\xc4\x01"), "is cut short"},
        {BYTES("\xc5\x00\x01\x00"), ""},         {BYTES("\xc5\x00\x01"), "is cut short"},
        {BYTES("\xc6\x00\x00\x00\x01\x00"), ""}, {BYTES("\xc6\x00\x00\x00\x01"), "is cut short"},
        {BYTES("\xc6\x00\x00\x00"), "is cut short"},
        {BYTES("\xca\x00\x00\x00\x00"), ""},     {BYTES("\xca\x00\x00\x00"), "is cut short"},
        {BYTES("\xcb\0\0\0\0\0\0\0\0"), ""},     {BYTES("\xcb\0\0\0\0\0\0\0"), "is cut short"},
        {BYTES("\xcc\x01"), ""},                 {BYTES("\xcc"), "is cut short"},
        {BYTES("\xcd\x01\x01"), ""},             {BYTES("\xcd\x01"), "is cut short"},
        {BYTES("\xce\x01\x01\x01\x01"), ""},     {BYTES("\xce\x01\x01\x01"), "is cut short"},
        {BYTES("\xcf\1\1\1\1\1\1\1\1"), ""},     {BYTES("\xcf\1\1\1\1\1\1\1"), "is cut short"},
        {BYTES("\xd0\x01"), ""},                 {BYTES("\xd0"), "is cut short"},
        {BYTES("\xd1\x01\x01"), ""},             {BYTES("\xd1\x01"), "is cut short"},
        {BYTES("\xd2\x01\x01\x01\x01"), ""},     {BYTES("\xd2\x01\x01\x01"), "is cut short"},
        {BYTES("\xd3\1\1\1\1\1\1\1\1"), ""},     {BYTES("\xd3\1\1\1\1\1\1\1"), "is cut short"},
        {BYTES("\xd9\x01" "a"), ""},             {BYTES("\xd9\x01"), "is cut short"},
        {BYTES("\xda\x00\x01" "a"), ""},         {BYTES("\xda\x00\x01"), "is cut short"},
        {BYTES("\xdb\0\0\0\x01" "a"), ""},       {BYTES("\xdb\0\0\0\x01"), "is cut short"},
        {BYTES("\xdc\x00\x01\xc0"), ""},         {BYTES("\xdc\x00\x01"), "is cut short"},
        {BYTES("\xdd\0\0\0\x01\xc0"), ""},       {BYTES("\xdd\0\0\0\x01"), "is cut short"},
        {BYTES("\xde\x00\x01\xa0\xc0"), ""},     {BYTES("\xde\x00\x01\xa0"), "is cut short"},
        {BYTES("\xdf\0\0\0\x01\xa0\xc0"), ""},   {BYTES("\xdf\0\0\0\x01\xa0"), "is cut short"},
        {BYTES("\xa3" "ab"), "is cut short"},
        {BYTES("\x92\xc0"), "is cut short"},

        /* four thousand million of anything */
        {BYTES("\xdd\xff\xff\xff\xff\xc0"), "is cut short"},
        {BYTES("\xdf\xff\xff\xff\xff\xc0"), "is cut short"},
        {BYTES("\xdb\xff\xff\xff\xff\xc0"), "is cut short"},
        {BYTES("\xc6\xff\xff\xff\xff\xc0"), "is cut short"},

        {BYTES("\xc1"), "is not MessagePack, or uses an extension type"},
        {BYTES("\xc7\x01\x01\x00"), "is not MessagePack, or uses an extension type"},
        {BYTES("\xc9\x00\x00\x00\x01\x01\x00"), "is not MessagePack, or uses an extension type"},
        {BYTES("\xd4\x01\x00"), "is not MessagePack, or uses an extension type"},
        {BYTES("\xd8\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
         "is not MessagePack, or uses an extension type"},

        {BYTES("\x81\x01\x01"), "has a key that is not a string"},
        {BYTES("\x81\xc4\x01" "a\x01"), "has a key that is not a string"},
        {BYTES("\x81\xc0\x01"), "has a key that is not a string"},
        {BYTES("\x81\x80\x01"), "has a key that is not a string"},
        {BYTES("\x81\xa1\xff\x01"), "holds text that is not UTF-8"},
        {BYTES("\x82\xa1" "a\x01\xa1" "a\x02"), "gives a key twice"},
        {BYTES("\x83\xa1" "a\x01\xa1" "b\x01\xa1" "a\x02"), "gives a key twice"},
        {BYTES("\x83\xa1" "b\x01\xa1" "a\x01\xa1" "a\x02"), "gives a key twice"},
        {BYTES("\x82\xa0\x01\xa0\x02"), "gives a key twice"},
        {BYTES("\x82\xa1" "a\x01\xd9\x01" "a\x02"), "gives a key twice"}, /* written in two ways */
        {BYTES("\x82\xa1" "a\x01\xa2" "ab\x02"), ""},
        {BYTES("\x82\xa2" "aa\x01\xa2" "ab\x02"), ""},
        {BYTES("\x82\xa1" "a\x81\xa1" "a\x01\xa1" "b\x02"), ""}, /* the same in two maps */
        {BYTES("\x91\x82\xa1" "a\x01\xa1" "a\x02"), "gives a key twice"},

        {BYTES("\x01\x02"), "has bytes after its end"},
        {BYTES("\x80\x80"), "has bytes after its end"},
        {BYTES("\xa1" "ab"), "has bytes after its end"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_SHAPE(rows[i].wrong, shape_fault(rows[i].bytes, rows[i].len));
}

static const struct { const char *text; size_t len; const char *wrong; } texts[] = {
    {BYTES("caf\xc3\xa9"), ""},
    {BYTES("\x7f"), ""},
    {BYTES("\x01"), ""},
    {BYTES("\xc2\x80"), ""},         /* the least of two bytes */
    {BYTES("\xdf\xbf"), ""},
    {BYTES("\xe0\xa0\x80"), ""},     /* of three */
    {BYTES("\xed\x9f\xbf"), ""},     /* before the surrogates */
    {BYTES("\xee\x80\x80"), ""},     /* after them */
    {BYTES("\xef\xbf\xbf"), ""},
    {BYTES("\xf0\x90\x80\x80"), ""}, /* of four */
    {BYTES("\xf4\x8f\xbf\xbf"), ""}, /* the greatest */
    {BYTES("\0"), "holds a NUL in a text"},
    {BYTES("\xc3\xa9\xff"), "holds text that is not UTF-8"},
    {BYTES("\xe2\x82\xac\x80"), "holds text that is not UTF-8"},
    {BYTES("\xc3\xa9\0"), "holds a NUL in a text"},
    {BYTES("\x80"), "holds text that is not UTF-8"},
    {BYTES("\xbf"), "holds text that is not UTF-8"},
    {BYTES("\xff"), "holds text that is not UTF-8"},
    {BYTES("\xf8\x88\x80\x80\x80"), "holds text that is not UTF-8"},
    {BYTES("\xc2"), "holds text that is not UTF-8"},
    {BYTES("\xe0\xa0"), "holds text that is not UTF-8"},
    {BYTES("\xf0\x90\x80"), "holds text that is not UTF-8"},
    {BYTES("\xc2" "a"), "holds text that is not UTF-8"},
    {BYTES("\xc2\xc0"), "holds text that is not UTF-8"},
    {BYTES("\xe0\xa0" "a"), "holds text that is not UTF-8"},
    {BYTES("\xc0\x80"), "holds text that is not UTF-8"}, /* NUL in two bytes */
    {BYTES("\xc1\xbf"), "holds text that is not UTF-8"}, /* overlong */
    {BYTES("\xe0\x9f\xbf"), "holds text that is not UTF-8"},
    {BYTES("\xf0\x8f\xbf\xbf"), "holds text that is not UTF-8"},
    {BYTES("\xed\xa0\x80"), "holds text that is not UTF-8"}, /* surrogates */
    {BYTES("\xed\xbf\xbf"), "holds text that is not UTF-8"},
    {BYTES("\xf4\x90\x80\x80"), "holds text that is not UTF-8"}, /* out of range */
    {BYTES("\xf7\xbf\xbf\xbf"), "holds text that is not UTF-8"},
};
/* clang-format on */

/* At each place of a text, so that reading eight bytes at once hides nothing;
   in a buffer of exactly its size, so that a sanitizer sees a read past it. */
TEST(shape_reads_text_to_its_last_byte)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (size_t before = 0; before <= 17; before++)
            for (size_t after = 0; after <= 9; after++) {
                size_t len = before + texts[i].len + after;
                uint8_t *buf = malloc(len + 2);
                CHECK(buf);
                buf[0] = 0xd9;
                buf[1] = (uint8_t)len;
                memset(buf + 2, 'x', len);
                memcpy(buf + 2 + before, texts[i].text, texts[i].len);
                CHECK_SHAPE(texts[i].wrong, shape_fault(buf, len + 2));
                free(buf);
            }
}

/* Bins are not looked into: a body is checked by a call of its own. */
TEST(shape_leaves_bins_alone)
{
    CHECK_SHAPE("", shape_fault(BYTES("\xc4\x03\xff\x00\xc1")));
}

static const char *
fault_of_nested(unsigned depth, bool map)
{
    msgpack_sbuffer buf;
    msgpack_packer pk;

    msgpack_sbuffer_init(&buf);
    msgpack_packer_init(&pk, &buf, msgpack_sbuffer_write);
    for (unsigned i = 0; i < depth; i++) {
        if (map) {
            msgpack_pack_map(&pk, 1);
            msgpack_pack_str_with_body(&pk, "k", 1);
        } else {
            msgpack_pack_array(&pk, 1);
        }
    }
    msgpack_pack_nil(&pk);
    const char *wrong = fault_of(&buf);
    msgpack_sbuffer_destroy(&buf);
    return wrong;
}

TEST(shape_holds_nesting_to_its_limit)
{
    CHECK_SHAPE("", fault_of_nested(SHAPE_DEPTH, true));
    CHECK_SHAPE("", fault_of_nested(SHAPE_DEPTH, false));
    CHECK_SHAPE("is nested too deep", fault_of_nested(SHAPE_DEPTH + 1, true));
    CHECK_SHAPE("is nested too deep", fault_of_nested(SHAPE_DEPTH + 1, false));
    CHECK_SHAPE("is nested too deep", fault_of_nested(5000, true));
    CHECK_SHAPE("", shape_fault(BYTES("\x91\x91\x91\x91\x91\x91\x91\x80")));
    CHECK_SHAPE("is nested too deep", shape_fault(BYTES("\x91\x91\x91\x91\x91\x91\x91\x91\x80")));
    CHECK_SHAPE("is nested too deep", shape_fault(BYTES("\x91\x91\x91\x91\x91\x91\x91\x91\x90")));
}

static const char *
fault_of_array(unsigned members)
{
    msgpack_sbuffer buf;
    msgpack_packer pk;

    msgpack_sbuffer_init(&buf);
    msgpack_packer_init(&pk, &buf, msgpack_sbuffer_write);
    msgpack_pack_array(&pk, members);
    for (unsigned i = 0; i < members; i++)
        msgpack_pack_nil(&pk);
    const char *wrong = fault_of(&buf);
    msgpack_sbuffer_destroy(&buf);
    return wrong;
}

static const char *
fault_of_map(unsigned keys)
{
    msgpack_sbuffer buf;
    msgpack_packer pk;

    msgpack_sbuffer_init(&buf);
    msgpack_packer_init(&pk, &buf, msgpack_sbuffer_write);
    msgpack_pack_map(&pk, keys);
    for (unsigned i = 0; i < keys; i++) {
        char key[2] = {(char)('a' + i / 26), (char)('a' + i % 26)};
        msgpack_pack_str_with_body(&pk, key, sizeof key);
        msgpack_pack_nil(&pk);
    }
    const char *wrong = fault_of(&buf);
    msgpack_sbuffer_destroy(&buf);
    return wrong;
}

TEST(shape_holds_counts_to_their_limits)
{
    CHECK_SHAPE("", fault_of_array(SHAPE_ITEMS - 1)); /* the array is an item too */
    CHECK_SHAPE("holds too many items", fault_of_array(SHAPE_ITEMS));
    CHECK_SHAPE("holds too many items", fault_of_array(65536));
    CHECK_SHAPE("", fault_of_map(SHAPE_KEYS));
    CHECK_SHAPE("has a map of too many keys", fault_of_map(SHAPE_KEYS + 1));
}

/* The largest body that DESIGN.md allows: 256 members, 64 recommendations of
   7 fields, 64 cells of two. */
TEST(shape_has_room_for_the_largest_body)
{
    unsigned items = 3;
    items += 1 + 1 + 256;
    items += 1 + 1 + 256 * (1 + 2 * 2); /* excepted agencies, each with a reason */
    items += 1 + 1 + 64 * (1 + 7 * 2);
    items += 1 + 1 + 64 * (1 + 2 * 2);
    items += 60 * 2;
    CHECK(items <= SHAPE_ITEMS);
}

TEST(shape_refuses_every_truncation)
{
    static const char whole[] = "\x83\xa2id\xa9neglect/2\xa4list\x93\x01\xcd\x01\x00\xc0\xa3"
                                "bin\xc4\x02\x01\x02";
    CHECK_SHAPE("", shape_fault(whole, sizeof whole - 1));
    for (size_t cut = 0; cut < sizeof whole - 1; cut++) {
        char *part = malloc(cut + 1);
        CHECK(part);
        memcpy(part + 1, whole, cut); /* ends where the buffer does */
        CHECK_SHAPE("is cut short", shape_fault(part + 1, cut));
        free(part);
    }
}
