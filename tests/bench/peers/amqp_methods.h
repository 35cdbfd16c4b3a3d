/* The methods that a client of RabbitMQ sends, each whole; what answers one is named in its
   line. The first three are the connection's, the others those of the only channel.     */
#ifndef TESTS_BENCH_PEERS_AMQP_METHODS_H
#define TESTS_BENCH_PEERS_AMQP_METHODS_H

#include "tests/bench/peers/amqp.h"

enum { AMQP_CHANNEL = 1 };

void amqp_log_in(struct amqp *a, const char *user, const char *password); /* TUNE */
void amqp_tune(struct amqp *a);                                           /* nothing */
void amqp_open_connection(struct amqp *a);                                /* OPEN_OK */

void amqp_open_channel(struct amqp *a);                                  /* OPEN_OK */
void amqp_select_confirms(struct amqp *a);                               /* SELECT_OK */
void amqp_declare_fanout(struct amqp *a, const char *exchange);          /* DECLARE_OK */
void amqp_declare_quorum_queue(struct amqp *a, const char *queue);       /* DECLARE_OK */
void amqp_bind(struct amqp *a, const char *queue, const char *exchange); /* BIND_OK */
void amqp_delete_queue(struct amqp *a, const char *queue);               /* DELETE_OK */

/* Up to so many messages before one is acknowledged; and each is to be. */
void amqp_set_prefetch(struct amqp *a, uint16_t messages); /* QOS_OK */
void amqp_consume(struct amqp *a, const char *queue);      /* CONSUME_OK */

/* A persistent message, which is confirmed. */
void amqp_publish(struct amqp *a, const char *exchange, const char *routing_key, const char *id,
                  const void *body, size_t len);

/* All messages up to this one. */
void amqp_acknowledge(struct amqp *a, uint64_t delivered);

#endif
