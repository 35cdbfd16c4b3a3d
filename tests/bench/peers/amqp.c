#include "tests/bench/peers/amqp.h"

#include <assert.h>
#include <string.h>

enum { HEAD = 7, END = 0xce, LEN_AT = 3 };

/* --- out ------------------------------------------------------------------------------ */

static void
add_number(struct amqp *a, uint64_t value, size_t size)
{
    assert(a->len + size <= sizeof a->bytes);
    for (size_t i = size; i > 0; i--)
        a->bytes[a->len++] = (uint8_t)(value >> 8 * (i - 1));
}

void
amqp_u8(struct amqp *a, uint8_t value)
{
    add_number(a, value, 1);
}

void
amqp_u16(struct amqp *a, uint16_t value)
{
    add_number(a, value, 2);
}

void
amqp_u32(struct amqp *a, uint32_t value)
{
    add_number(a, value, 4);
}

void
amqp_u64(struct amqp *a, uint64_t value)
{
    add_number(a, value, 8);
}

void
amqp_bytes(struct amqp *a, const void *bytes, size_t len)
{
    assert(a->len + len <= sizeof a->bytes);
    memcpy(a->bytes + a->len, bytes, len);
    a->len += len;
}

void
amqp_text(struct amqp *a, const char *text)
{
    size_t len = strlen(text);

    assert(len <= UINT8_MAX);
    amqp_u8(a, (uint8_t)len);
    amqp_bytes(a, text, len);
}

void
amqp_begin(struct amqp *a, uint8_t kind, uint16_t channel)
{
    a->begun = a->len;
    amqp_u8(a, kind);
    amqp_u16(a, channel);
    amqp_u32(a, 0); /* its length, at the end */
}

void
amqp_begin_method(struct amqp *a, uint16_t channel, uint32_t method)
{
    amqp_begin(a, AMQP_A_METHOD, channel);
    amqp_u32(a, method);
}

void
amqp_end(struct amqp *a)
{
    size_t end = a->len;

    a->len = a->begun + LEN_AT;
    amqp_u32(a, (uint32_t)(end - a->begun - HEAD));
    a->len = end;
    amqp_u8(a, END);
}

/* --- in ------------------------------------------------------------------------------- */

uint64_t
amqp_number(const uint8_t *at, size_t size)
{
    uint64_t value = 0;

    while (size--)
        value = value << 8 | *at++;
    return value;
}

bool
amqp_read(const uint8_t *at, size_t len, struct amqp_frame *out)
{
    if (len < HEAD)
        return false;
    size_t inside = amqp_number(at + LEN_AT, 4);
    if (len < HEAD + inside + 1)
        return false;
    *out = (struct amqp_frame){
        .kind = at[0], .at = at + HEAD, .len = inside, .whole = HEAD + inside + 1};
    if (out->kind == AMQP_A_METHOD && inside >= 4) {
        out->method = (uint32_t)amqp_number(out->at, 4);
        out->at += 4;
        out->len -= 4;
    }
    return true;
}
