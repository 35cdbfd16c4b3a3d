/* A connection to a server that never waits, with TLS where the setting has it: bytes to be
   sent are put and sent as the socket takes them, bytes that came are looked at and taken.
   For peers whose protocol is simple enough to be spoken without a library.           */
#ifndef TESTS_BENCH_PEERS_STREAM_H
#define TESTS_BENCH_PEERS_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/bench/peers/server.h"

struct stream;

/* Connected: to `port`, or with TLS to `tls_port` and shaken hands; the server's certificate is
   verified. NULL: trouble. */
struct stream *stream_open(struct server *s);

/* Connected to `port` only; and the handshake, for a server that speaks before it. */
struct stream *stream_open_plain(struct server *s);
bool stream_secure(struct stream *stream);

void stream_close(struct stream **stream);

int stream_socket(const struct stream *stream);

void stream_put(struct stream *stream, const void *bytes, size_t len);

/* Writes what the socket takes. `more`: some is left. */
bool stream_send(struct stream *stream, bool *more);

/* Reads what the socket has. */
bool stream_receive(struct stream *stream);

/* Waits until there is more than `before` bytes unread; for beginnings and snapshots. */
bool stream_wait(struct stream *stream, size_t before);

/* What came and was not taken. Valid until the next receive. */
const char *stream_bytes(const struct stream *stream, size_t *len);
void stream_take(struct stream *stream, size_t len);

#endif
