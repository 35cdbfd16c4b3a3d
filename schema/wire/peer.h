/* The client's end of the wire: one CURVE connection to a broker, over a DEALER
   socket. Messages are whole frames; what they say is not known here.

       peer_new -> peer_dial -> peer_wait ... PEER_OPENED
                -> peer_send, peer_receive, peer_wait ... PEER_LOST
                -> wait peer_backoff ms -> peer_dial ...

   Each attempt has a socket of its own, to the next of the identity's addresses
   in turn. Nothing is queued for a connection that is not there, and nothing
   survives it: the outbox is the queue. A peer belongs to one thread. main calls
   zsys_handler_set(NULL) before the first.                                   */
#ifndef SCHEMA_WIRE_PEER_H
#define SCHEMA_WIRE_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zmq.h>

#include "schema/wire/identity.h"

enum {
    PEER_MESSAGE_MAX = 257 * 1024, /* 256 KiB, and what CURVE adds */
    PEER_SEND_LIMIT = 64,          /* messages the socket takes before PEER_FULL */
    PEER_RECEIVE_LIMIT = 1000,
    PEER_PATIENCE = 5000, /* ms, as good a value as any */
    PEER_POLL_ITEMS = 2,
};

/* X(symbol, what to tell a person). Those that say that an attempt or a
   connection has ended leave the peer down. */
#define PEER_EVENTS(X)                                                           \
    X(PEER_QUIET, "nothing happened")                                            \
    X(PEER_OPENED, "connected")                                                  \
    X(PEER_MESSAGE, "a message has come")                                        \
    X(PEER_UNREACHABLE, "no broker answers there")                               \
    X(PEER_REFUSED, "the broker does not know this key, or it has been revoked") \
    X(PEER_STRANGER, "what answers there is not the broker of this server key")  \
    X(PEER_LOST, "the connection was lost")

#define AS_ENUM(symbol, text) symbol,
enum peer_event { PEER_EVENTS(AS_ENUM) PEER_EVENT_COUNT };
#undef AS_ENUM

const char *peer_event_text(enum peer_event event);

struct peer;

/* `me` is copied, and must have HAS_ALL but its client before peer_dial. An attempt is given up
   as PEER_UNREACHABLE when after `patience` ms there is no connection, or after
   as long again no handshake. 0 or -ENOMEM. */
int peer_new(struct peer **out, const struct identity *me, int patience);
void peer_free(struct peer **peer);

/* Gives up what there is; the next attempt is as `me`, to the first of its addresses. */
void peer_use(struct peer *peer, const struct identity *me);

/* Gives up what there is and begins an attempt. 0, or a negative errno: too
   many open files, or an address that libzmq can't use. */
int peer_dial(struct peer *peer);

/* Gives up the connection, and what it has not sent yet. */
void peer_hang_up(struct peer *peer);

/* The next thing that happened, without waiting. Messages that came before a
   connection was lost are shown before the loss. */
enum peer_event peer_next_event(struct peer *peer);

/* The same, waiting for at most `ms`. PEER_QUIET comes early at a signal, and
   at once where the peer is down. */
enum peer_event peer_wait(struct peer *peer, int ms);

bool peer_is_down(const struct peer *peer);
bool peer_is_open(const struct peer *peer);

/* The address last dialled, or the first before any. */
const char *peer_address(const struct peer *peer);

/* For a loop that waits for other things too: what to poll for (0 to 2 items, to
   be asked anew after each peer_dial and event), and for how many ms at most
   (-1 for ever). Then call peer_next_event until PEER_QUIET. While open, items[0]
   is the socket: after PEER_FULL, poll it for ZMQ_POLLOUT too. */
int peer_poll_items(const struct peer *peer, zmq_pollitem_t items[PEER_POLL_ITEMS]);
int peer_poll_timeout(const struct peer *peer);

/* For a loop that knows descriptors only: what the peer waits for is in this epoll
   descriptor from the next peer_dial on, of whichever socket it has by then. It is
   borrowed. Those of ZeroMQ say only that something is new: so before waiting for
   them, when all else was done, ask peer_is_ready, and don't wait while it is. */
void peer_join(struct peer *peer, int epoll);

/* Something can be done at once: there is an event or, where `to_send`, the socket
   takes a message. */
bool peer_is_ready(const struct peer *peer, bool to_send);

/* One message; `data` is copied. 0, or PEER_FULL: not now, or not open; else a
   negative errno. Never waits. */
enum { PEER_FULL = 1 };
int peer_send(struct peer *peer, const void *data, size_t len);

/* The same for the last one: it has PEER_PARTING_MS to leave once the peer was hung up. */
enum { PEER_PARTING_MS = 200 };
int peer_send_last(struct peer *peer, const void *data, size_t len);

/* The message that came, into `message`, which is initialised and is the
   caller's to close. 1; 0 if there is none; -EBADMSG for one of several frames,
   which is dropped; or another negative errno. */
int peer_receive(struct peer *peer, zmq_msg_t *message);

/* How long to wait before the next attempt, after `failed` of them in a row:
   200 to 30,000 ms, the longer the more have failed, spread by `random` so that
   clients that lost the same broker don't come back all at once. */
uint32_t peer_backoff(unsigned failed, uint64_t random);

#endif
