#include "tests/bench/peers/amqp_methods.h"
#include "tests/t.h"

enum { CHANNEL = 7 };

/* A method and a body, as a message is sent. */
static void
write_two(struct amqp *a)
{
    *a = (struct amqp){.len = 0};
    amqp_begin_method(a, CHANNEL, AMQP_BASIC_ACK);
    amqp_u64(a, UINT64_C(0x0102030405060708));
    amqp_u8(a, 1);
    amqp_end(a);
    amqp_begin(a, AMQP_A_BODY, CHANNEL);
    amqp_text(a, "key");
    amqp_u16(a, 0x1000);
    amqp_u32(a, 0xdeadbeef);
    amqp_end(a);
}

TEST(amqp_frames_are_as_the_protocol_has_them)
{
    static const uint8_t wanted[] = "\001\0\007\0\0\0\015\0\074\0\120\1\2\3\4\5\6\7\010\1\xce"
                                    "\003\0\007\0\0\0\012\3key\x10\0\xde\xad\xbe\xef\xce";
    struct amqp a;

    write_two(&a);
    CHECK_INT(sizeof wanted - 1, a.len);
    CHECK(memcmp(wanted, a.bytes, a.len) == 0);
}

TEST(amqp_frames_are_read_one_by_one)
{
    struct amqp a;
    struct amqp_frame ack;
    struct amqp_frame body;

    write_two(&a);
    CHECK(amqp_read(a.bytes, a.len, &ack));
    CHECK_INT(AMQP_A_METHOD, ack.kind);
    CHECK_INT(AMQP_BASIC_ACK, ack.method);
    CHECK_INT(9, ack.len);
    CHECK_INT(0x0102030405060708, amqp_number(ack.at, 8));
    CHECK(amqp_read(a.bytes + ack.whole, a.len - ack.whole, &body));
    CHECK_INT(AMQP_A_BODY, body.kind);
    CHECK_INT(0, body.method);
    CHECK_INT(10, body.len);
    CHECK_INT(a.len, ack.whole + body.whole);
}

TEST(amqp_frame_is_not_read_before_its_end_came)
{
    struct amqp a;
    struct amqp_frame f;

    write_two(&a);
    CHECK(amqp_read(a.bytes, a.len, &f));
    size_t whole = f.whole;
    for (size_t len = 0; len < whole; len++)
        CHECK(!amqp_read(a.bytes, len, &f));
    CHECK(amqp_read(a.bytes, whole, &f));
}

TEST(amqp_message_is_a_method_a_head_and_a_body)
{
    static const unsigned kinds[] = {AMQP_A_METHOD, AMQP_A_HEADER, AMQP_A_BODY};
    struct amqp a = {.len = 0};
    struct amqp_frame f;
    size_t at = 0;

    amqp_publish(&a, "", "history", "plan-007/00042", "body", 4);
    for (size_t i = 0; i < 3; i++, at += f.whole) {
        CHECK(amqp_read(a.bytes + at, a.len - at, &f));
        CHECK_INT(kinds[i], f.kind);
        if (f.kind == AMQP_A_HEADER)
            CHECK_INT(4, amqp_number(f.at + 4, 8));
    }
    CHECK_INT(a.len, at);
    CHECK_INT(4, f.len);
    CHECK(memcmp("body", f.at, 4) == 0);
}
