/* Who may come in. libzmq asks, for each new connection, whoever is bound to
   inproc://zeromq.zap.01 (ZeroMQ RFC 27); that is this handler, in a thread of
   its own. It knows a table of public keys, and lets in these and no others.

   Without a handler libzmq would let everybody in. So, in this order:

       zsys_handler_set(NULL)   by main: signals are the program's, not czmq's
       zap_start                before any other socket of the process
       hub_open, hub_bind, hub_self_test
       ...
       zap_swap                 whenever the registry has changed, and durably
       ...
       hub_close, zap_stop

   A swap bites at the next handshake. Connections that are there already stay:
   ask zap_client for each message in and each one out.                       */
#ifndef SCHEMA_WIRE_ZAP_H
#define SCHEMA_WIRE_ZAP_H

#include <stddef.h>
#include <stdint.h>

#include "schema/wire/curve.h"
#include "schema/wire/identity.h"

/* Sockets name it, and the handler answers for no other. */
#define ZAP_DOMAIN "maat"

enum { ZAP_ADDRESS = 64 };

struct zap;
struct zap_table;

struct zap_key {
    uint8_t key[CURVE_KEY];
    char client[IDENTITY_CLIENT + 1]; /* "police/crm"; may hold two keys */
};

/* A table never changes once made. 0, -ENOMEM, or -EEXIST if a key is there
   twice: it would be two clients. */
int zap_table_new(struct zap_table **out, const struct zap_key *keys, size_t count);
void zap_table_free(struct zap_table **table);

/* Takes the table. 0; -EADDRINUSE if the process has a handler already; or
   another negative errno. Whatever comes of it, *table is NULL after. */
int zap_start(struct zap **out, struct zap_table **table);
void zap_stop(struct zap **zap);

/* Takes the table and frees the one before: a handshake that begins after this
   returns is judged by it. */
void zap_swap(struct zap *zap, struct zap_table **table);

/* The client that holds this key, or NULL if it may not come in (any more).
   Only for the thread that swaps; valid until it does. */
const char *zap_client(const struct zap *zap, const uint8_t key[CURVE_KEY]);

/* How many handshakes were turned away since the start; and from which address the newest
   of them came, empty where there is none, or it has none. */
uint64_t zap_rejected(const struct zap *zap);
void zap_rejected_from(struct zap *zap, char address[ZAP_ADDRESS]);

#endif
