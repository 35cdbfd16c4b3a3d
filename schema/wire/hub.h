/* The broker's end of the wire: one ROUTER socket, CURVE only, behind the
   handler of zap.h, which is started first. Messages are whole frames; what
   they say is not known here. Nothing here ever waits for a peer. A hub belongs
   to one thread.

       hub_open -> hub_bind ... -> hub_self_test
                -> hub_receive, hub_release, hub_send, hub_hand ... -> hub_close */
#ifndef SCHEMA_WIRE_HUB_H
#define SCHEMA_WIRE_HUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <czmq.h>

#include "schema/wire/curve.h"

enum {
    HUB_MESSAGE_MAX = 66 * 1024, /* 65 KiB, and what CURVE adds; who sends more is cut off */
    HUB_ADDRESSES = 8,
    HUB_ENDPOINT = 255,
    HUB_ORIGIN = 64, /* bytes of the network address that a peer came from */
    HUB_PARTS = 256, /* frames of a message of several that one call looks at */
};

struct hub;

/* Which connection. Bytes to compare and hand back, no more: a peer may choose
   its own, also one that another had before. So a session is a route *and* a
   key. */
struct hub_route {
    uint8_t len;
    uint8_t bytes[255];
};

struct hub_frame {
    const uint8_t *data; /* until hub_release */
    size_t len;
    struct hub_route route;
    uint8_t key[CURVE_KEY]; /* the public key that it was sent under */
    zmq_msg_t message;      /* what holds `data` */
};

/* `secret` is the board's CURVE key; `window` how many messages are taken in,
   or kept for sending, for each peer. 0 or a negative errno. */
int hub_open(struct hub **out, const uint8_t secret[CURVE_KEY], int window);
void hub_close(struct hub **hub);

/* "tcp://HOST:PORT", where `*` as HOST is all of this host's addresses and as
   PORT any that is free; an IPv6 host in brackets; or "ipc://PATH". 0; -EINVAL;
   -EADDRINUSE; -ENOSPC after HUB_ADDRESSES; or another negative errno. */
int hub_bind(struct hub *hub, const char *address);

/* What was bound, with the actual port; 0.0.0.0 stands for all of the host's
   addresses. NULL past the last. */
const char *hub_endpoint(const struct hub *hub, size_t i);

/* Before serving: knocks at every endpoint with a random key. 0: turned away, as
   it must be. HUB_UNGUARDED: it was let in, so anyone is. Negative: can't tell,
   -ETIMEDOUT (after `ms`), -EPROTO (hung up on: no handler) or another errno.
   Serve after nothing but 0. */
enum { HUB_UNGUARDED = 1 };
int hub_self_test(const struct hub *hub, int ms);

/* The same at one address of a board with this public key, from any process. */
int hub_knock(const uint8_t board[CURVE_KEY], const char *address, int ms);

/* For zloop or zpoller; level-triggered. */
zsock_t *hub_socket(const struct hub *hub);

/* HUB_EMPTY: nothing is waiting. HUB_FRAME: `out` holds a message, until
   hub_release. HUB_STRIKE: something other than one frame was sent by
   out->route under out->key, and dropped; once more for each further HUB_PARTS
   of it; nothing to release. -EACCES: a message without a key: the handler was
   passed by, so stop. Or another negative errno. */
enum hub_result { HUB_EMPTY, HUB_FRAME, HUB_STRIKE };
int hub_receive(struct hub *hub, struct hub_frame *out);
void hub_release(struct hub_frame *frame);

/* The network address that a frame came from, as this host sees it, without the port;
   "" where there is none, as of "ipc://". */
void hub_origin(const struct hub_frame *frame, char out[HUB_ORIGIN + 1]);

/* One message; `data` is copied. HUB_SENT; HUB_GONE: no such connection (any
   more); HUB_FULL: its queue is full, so keep it and come back; or a negative
   errno, after which the hub is of no more use. */
enum hub_sent { HUB_SENT, HUB_GONE, HUB_FULL };
int hub_send(struct hub *hub, const struct hub_route *route, const void *data, size_t len);

/* The same of data that is not copied: it stays as it is until `done` is called with it
   and `hint`, once, whatever is returned; at once or later, by another thread. */
typedef void hub_done(void *data, void *hint);
int hub_hand(struct hub *hub, const struct hub_route *route, void *data, size_t len, hub_done *done,
             void *hint);

bool hub_same_route(const struct hub_route *a, const struct hub_route *b);

#endif
