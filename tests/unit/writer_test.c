/* The writer against msgpack-c itself: whatever the value, both write the same. */
#include "schema/writer.h"

#include <msgpack.h>

#include "tests/t.h"

enum { ROOM = 70000 };

struct both {
    msgpack_sbuffer theirs;
    msgpack_packer packer;
    uint8_t ours[ROOM];
    struct writer w;
};

static void
begin(struct both *b)
{
    msgpack_sbuffer_init(&b->theirs);
    msgpack_packer_init(&b->packer, &b->theirs, msgpack_sbuffer_write);
    b->w = (struct writer){b->ours, b->ours + ROOM, false};
}

static void
check_same(struct both *b)
{
    CHECK(!b->w.full);
    CHECK_INT(b->theirs.size, b->w.at - b->ours);
    CHECK(memcmp(b->theirs.data, b->ours, b->theirs.size) == 0);
    msgpack_sbuffer_destroy(&b->theirs);
}

static void
try_int(int64_t number)
{
    static struct both b;

    begin(&b);
    msgpack_pack_int64(&b.packer, number);
    writer_int(&b.w, number);
    check_same(&b);
}

TEST(writer_writes_numbers_as_msgpack_does)
{
    for (unsigned bit = 0; bit < 64; bit++)
        for (int64_t by = -1; by <= 1; by++) {
            int64_t number = (int64_t)((UINT64_C(1) << bit) + (uint64_t)by);
            try_int(number);
            try_int((int64_t)(0 - (uint64_t)number));
        }
    try_int(-32);
    try_int(-33);
}

TEST(writer_writes_lengths_as_msgpack_does)
{
    static const uint32_t lens[] = {0, 1, 15, 16, 31, 32, 255, 256, 65535, 65536};
    static const char content[65536];
    static struct both b;

    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        begin(&b);
        msgpack_pack_str(&b.packer, lens[i]);
        msgpack_pack_str_body(&b.packer, content, lens[i]);
        writer_text(&b.w, content, lens[i]);
        check_same(&b);
        begin(&b);
        msgpack_pack_bin(&b.packer, lens[i]);
        msgpack_pack_bin_body(&b.packer, content, lens[i]);
        writer_bin(&b.w, content, lens[i]);
        check_same(&b);
        begin(&b);
        msgpack_pack_array(&b.packer, lens[i]);
        msgpack_pack_map(&b.packer, lens[i]);
        msgpack_pack_true(&b.packer);
        msgpack_pack_false(&b.packer);
        writer_array(&b.w, lens[i]);
        writer_map(&b.w, lens[i]);
        writer_flag(&b.w, true);
        writer_flag(&b.w, false);
        check_same(&b);
    }
}

TEST(writer_writes_nothing_beyond_the_end)
{
    uint8_t buf[8];

    for (size_t cap = 0; cap < 6; cap++) {
        struct writer w = {buf, buf + cap, false};
        memset(buf, 0xee, sizeof buf);
        writer_text(&w, "abcde", 5);
        CHECK(w.full);
        CHECK(w.at <= w.end);
        for (size_t i = cap; i < sizeof buf; i++)
            CHECK_INT(0xee, buf[i]);
    }
    struct writer w = {buf, buf + 6, false};
    writer_text(&w, "abcde", 5);
    CHECK(!w.full && w.at == w.end);
}
