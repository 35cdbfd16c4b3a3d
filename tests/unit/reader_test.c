/* The reader against msgpack-c itself: whatever the first byte, both read the same. */
#include "schema/reader.h"

#include <string.h>

#include "tests/t.h"

enum { ROOM = 4096 };

static void
check_same(const msgpack_object *want, const msgpack_object *got)
{
    CHECK_INT(want->type, got->type);
    switch (want->type) {
    case MSGPACK_OBJECT_BOOLEAN: CHECK_INT(want->via.boolean, got->via.boolean); break;
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
    case MSGPACK_OBJECT_NEGATIVE_INTEGER: CHECK_INT(want->via.i64, got->via.i64); break;
    case MSGPACK_OBJECT_STR:
    case MSGPACK_OBJECT_BIN:
        CHECK_INT(want->via.str.size, got->via.str.size);
        CHECK(!want->via.str.size || want->via.str.ptr == got->via.str.ptr);
        break;
    case MSGPACK_OBJECT_ARRAY:
    case MSGPACK_OBJECT_MAP: CHECK_INT(want->via.array.size, got->via.array.size); break;
    case MSGPACK_OBJECT_NIL:
    case MSGPACK_OBJECT_FLOAT32:
    case MSGPACK_OBJECT_FLOAT64:
    case MSGPACK_OBJECT_EXT: break;
    }
}

/* The byte, and then nothing but `fill`. */
static void
try_first_byte(uint8_t first, uint8_t fill)
{
    uint8_t buf[ROOM];
    struct reader r = {buf, buf + sizeof buf};
    struct reader skipping = r;
    msgpack_unpacked unpacked;
    msgpack_object got;
    size_t end = 0;

    memset(buf, fill, sizeof buf);
    buf[0] = first;
    msgpack_unpacked_init(&unpacked);
    bool whole = msgpack_unpack_next(&unpacked, (const char *)buf, sizeof buf, &end)
                     == MSGPACK_UNPACK_SUCCESS
                 && unpacked.data.type != MSGPACK_OBJECT_EXT;
    CHECK_INT(whole, reader_skip(&skipping) == READING_DONE);
    if (whole) {
        CHECK_INT(READING_DONE, reader_take(&r, &got));
        check_same(&unpacked.data, &got);
        CHECK_INT(end, skipping.at - buf);
    }
    msgpack_unpacked_destroy(&unpacked);
}

TEST(reader_reads_what_msgpack_reads)
{
    for (int first = 0; first < 256; first++) {
        try_first_byte((uint8_t)first, 0x00);
        try_first_byte((uint8_t)first, 0x05);
        if (first < 0xdc || first > 0xdf) /* msgpack-c takes memory for what they promise */
            try_first_byte((uint8_t)first, 0xff);
    }
}

TEST(reader_stops_where_the_bytes_end)
{
    static const struct {
        enum reading want;
        uint8_t len, bytes[8];
    } rows[] = {
        {READING_SHORT, 0, {0}},
        {READING_DONE, 3, {0xa2, 'a', 'b'}},
        {READING_SHORT, 2, {0xa2, 'a'}},
        {READING_SHORT, 1, {0xd9}},
        {READING_SHORT, 2, {0xcd, 0x01}},
        {READING_SHORT, 2, {0x92, 0x01}}, /* a member is missing */
        {READING_SHORT, 5, {0xdd, 0xff, 0xff, 0xff, 0xff}},
        {READING_DONE, 4, {0x81, 0x01, 0x91, 0x02}},
        {READING_SHORT, 3, {0x81, 0x01, 0x91}},
        {READING_WRONG, 3, {0x92, 0x01, 0xc1}},
        {READING_WRONG, 3, {0xd4, 0x01, 0x01}},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct reader r = {rows[i].bytes, rows[i].bytes + rows[i].len};
        CHECK_INT(rows[i].want, reader_skip(&r));
        CHECK(r.at <= r.end);
    }
}
