/* AMQP 0-9-1, as much of it as a benchmark's client needs: methods are written field by
   field, and what comes is given out frame by frame. Spoken here, since librabbitmq takes
   three system calls for each message.

       amqp_begin (class, method) -> amqp_u16, amqp_text ... -> amqp_end               */
#ifndef TESTS_BENCH_PEERS_AMQP_H
#define TESTS_BENCH_PEERS_AMQP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A method's class and number as one. */
#define AMQP_METHOD(class, number) ((uint32_t)(class) << 16 | (number))

enum {
    AMQP_CONNECTION_START = AMQP_METHOD(10, 10),
    AMQP_CONNECTION_START_OK = AMQP_METHOD(10, 11),
    AMQP_CONNECTION_TUNE = AMQP_METHOD(10, 30),
    AMQP_CONNECTION_TUNE_OK = AMQP_METHOD(10, 31),
    AMQP_CONNECTION_OPEN = AMQP_METHOD(10, 40),
    AMQP_CONNECTION_OPEN_OK = AMQP_METHOD(10, 41),
    AMQP_CHANNEL_OPEN = AMQP_METHOD(20, 10),
    AMQP_CHANNEL_OPEN_OK = AMQP_METHOD(20, 11),
    AMQP_EXCHANGE_DECLARE = AMQP_METHOD(40, 10),
    AMQP_EXCHANGE_DECLARE_OK = AMQP_METHOD(40, 11),
    AMQP_QUEUE_DECLARE = AMQP_METHOD(50, 10),
    AMQP_QUEUE_DECLARE_OK = AMQP_METHOD(50, 11),
    AMQP_QUEUE_BIND = AMQP_METHOD(50, 20),
    AMQP_QUEUE_BIND_OK = AMQP_METHOD(50, 21),
    AMQP_QUEUE_DELETE = AMQP_METHOD(50, 40),
    AMQP_QUEUE_DELETE_OK = AMQP_METHOD(50, 41),
    AMQP_BASIC_QOS = AMQP_METHOD(60, 10),
    AMQP_BASIC_QOS_OK = AMQP_METHOD(60, 11),
    AMQP_BASIC_CONSUME = AMQP_METHOD(60, 20),
    AMQP_BASIC_CONSUME_OK = AMQP_METHOD(60, 21),
    AMQP_BASIC_PUBLISH = AMQP_METHOD(60, 40),
    AMQP_BASIC_DELIVER = AMQP_METHOD(60, 60),
    AMQP_BASIC_ACK = AMQP_METHOD(60, 80),
    AMQP_CONFIRM_SELECT = AMQP_METHOD(85, 10),
    AMQP_CONFIRM_SELECT_OK = AMQP_METHOD(85, 11),
};

enum { AMQP_A_METHOD = 1, AMQP_A_HEADER, AMQP_A_BODY };
enum { AMQP_FRAME = 1024, AMQP_TEXT = 128 };

/* What is being written: one or several frames. */
struct amqp {
    uint8_t bytes[AMQP_FRAME];
    size_t len, begun; /* where the last frame begins */
};

void amqp_begin(struct amqp *a, uint8_t kind, uint16_t channel);
void amqp_begin_method(struct amqp *a, uint16_t channel, uint32_t method);
void amqp_u8(struct amqp *a, uint8_t value);
void amqp_u16(struct amqp *a, uint16_t value);
void amqp_u32(struct amqp *a, uint32_t value);
void amqp_u64(struct amqp *a, uint64_t value);
void amqp_text(struct amqp *a, const char *text);               /* up to 255 bytes */
void amqp_bytes(struct amqp *a, const void *bytes, size_t len); /* as they are */
void amqp_end(struct amqp *a);

/* What came. */
struct amqp_frame {
    unsigned kind;
    uint32_t method;   /* of a method, else 0 */
    const uint8_t *at; /* after the method */
    size_t len;
    size_t whole; /* with all that is around it */
};

/* Is there a whole frame at the front of these bytes? */
bool amqp_read(const uint8_t *at, size_t len, struct amqp_frame *out);

uint64_t amqp_number(const uint8_t *at, size_t size);

#endif
