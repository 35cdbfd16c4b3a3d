#include "tests/bench/peers/amqp_methods.h"

#include <string.h>

enum {
    CONNECTION = 0, /* the channel that is the connection itself */

    DURABLE = 2, /* bits of declarations */
    NO_BITS = 0,
    MULTIPLE = 1, /* a bit of an acknowledgement */

    HAS_MODE = 0x1000, /* a message's properties */
    HAS_ID = 0x80,
    PERSISTENT = 2, /* a mode */

    FRAME_MAX = 131072, /* the server's default */
    NO_HEARTBEATS = 0,
    NO_TABLE = 0, /* of arguments */
    RESERVED = 0,
};

void
amqp_log_in(struct amqp *a, const char *user, const char *password)
{
    amqp_begin_method(a, CONNECTION, AMQP_CONNECTION_START_OK);
    amqp_u32(a, NO_TABLE);
    amqp_text(a, "PLAIN");
    amqp_u32(a, (uint32_t)(2 + strlen(user) + strlen(password)));
    amqp_u8(a, 0);
    amqp_bytes(a, user, strlen(user));
    amqp_u8(a, 0);
    amqp_bytes(a, password, strlen(password));
    amqp_text(a, "en_US");
    amqp_end(a);
}

void
amqp_tune(struct amqp *a)
{
    amqp_begin_method(a, CONNECTION, AMQP_CONNECTION_TUNE_OK);
    amqp_u16(a, AMQP_CHANNEL); /* the highest */
    amqp_u32(a, FRAME_MAX);
    amqp_u16(a, NO_HEARTBEATS);
    amqp_end(a);
}

void
amqp_open_connection(struct amqp *a)
{
    amqp_begin_method(a, CONNECTION, AMQP_CONNECTION_OPEN);
    amqp_text(a, "/");
    amqp_text(a, "");
    amqp_u8(a, NO_BITS);
    amqp_end(a);
}

void
amqp_open_channel(struct amqp *a)
{
    amqp_begin_method(a, AMQP_CHANNEL, AMQP_CHANNEL_OPEN);
    amqp_text(a, "");
    amqp_end(a);
}

void
amqp_select_confirms(struct amqp *a)
{
    amqp_begin_method(a, AMQP_CHANNEL, AMQP_CONFIRM_SELECT);
    amqp_u8(a, NO_BITS);
    amqp_end(a);
}

/* --- exchanges and queues ------------------------------------------------------------- */

/* Methods of theirs begin with a number that means nothing any more. */
static void
begin(struct amqp *a, uint32_t method)
{
    amqp_begin_method(a, AMQP_CHANNEL, method);
    amqp_u16(a, RESERVED);
}

void
amqp_declare_fanout(struct amqp *a, const char *exchange)
{
    begin(a, AMQP_EXCHANGE_DECLARE);
    amqp_text(a, exchange);
    amqp_text(a, "fanout");
    amqp_u8(a, DURABLE);
    amqp_u32(a, NO_TABLE);
    amqp_end(a);
}

void
amqp_declare_quorum_queue(struct amqp *a, const char *queue)
{
    static const char quorum[] = "\014x-queue-typeS\0\0\0\006quorum";

    begin(a, AMQP_QUEUE_DECLARE);
    amqp_text(a, queue);
    amqp_u8(a, DURABLE);
    amqp_u32(a, sizeof quorum - 1);
    amqp_bytes(a, quorum, sizeof quorum - 1);
    amqp_end(a);
}

void
amqp_bind(struct amqp *a, const char *queue, const char *exchange)
{
    begin(a, AMQP_QUEUE_BIND);
    amqp_text(a, queue);
    amqp_text(a, exchange);
    amqp_text(a, "");
    amqp_u8(a, NO_BITS);
    amqp_u32(a, NO_TABLE);
    amqp_end(a);
}

void
amqp_delete_queue(struct amqp *a, const char *queue)
{
    begin(a, AMQP_QUEUE_DELETE);
    amqp_text(a, queue);
    amqp_u8(a, NO_BITS);
    amqp_end(a);
}

/* --- messages ---------------------------------------------------------------------------- */

void
amqp_set_prefetch(struct amqp *a, uint16_t messages)
{
    amqp_begin_method(a, AMQP_CHANNEL, AMQP_BASIC_QOS);
    amqp_u32(a, 0); /* bytes: no limit */
    amqp_u16(a, messages);
    amqp_u8(a, NO_BITS);
    amqp_end(a);
}

void
amqp_consume(struct amqp *a, const char *queue)
{
    begin(a, AMQP_BASIC_CONSUME);
    amqp_text(a, queue);
    amqp_text(a, ""); /* the server names the consumer */
    amqp_u8(a, NO_BITS);
    amqp_u32(a, NO_TABLE);
    amqp_end(a);
}

void
amqp_publish(struct amqp *a, const char *exchange, const char *routing_key, const char *id,
             const void *body, size_t len)
{
    begin(a, AMQP_BASIC_PUBLISH);
    amqp_text(a, exchange);
    amqp_text(a, routing_key);
    amqp_u8(a, NO_BITS);
    amqp_end(a);
    amqp_begin(a, AMQP_A_HEADER, AMQP_CHANNEL);
    amqp_u16(a, AMQP_BASIC_PUBLISH >> 16);
    amqp_u16(a, RESERVED);
    amqp_u64(a, len);
    amqp_u16(a, HAS_MODE | HAS_ID);
    amqp_u8(a, PERSISTENT);
    amqp_text(a, id);
    amqp_end(a);
    amqp_begin(a, AMQP_A_BODY, AMQP_CHANNEL);
    amqp_bytes(a, body, len);
    amqp_end(a);
}

void
amqp_acknowledge(struct amqp *a, uint64_t delivered)
{
    amqp_begin_method(a, AMQP_CHANNEL, AMQP_BASIC_ACK);
    amqp_u64(a, delivered);
    amqp_u8(a, MULTIPLE);
    amqp_end(a);
}
