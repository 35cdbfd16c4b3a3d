/* Redis: each update is an entry of a stream, which is the history, and a field of a hash,
   which is what is so now; both commands pipelined, and in the append-only file before
   either is answered. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/peers/peer.h"
#include "tests/bench/peers/stream.h"
#include "tests/t.h"

struct peer_lane {
    struct server *server;
    struct stream *stream;
    struct peer_ear ear;
    int64_t replies; /* two an update */
};

/* --- the server --------------------------------------------------------------------------- */

static bool
start(struct server *s)
{
    return server_write(s, "redis.conf",
                        "bind 127.0.0.1\nport %d\ntls-port %d\ntls-cert-file server.crt\n"
                        "tls-key-file server.key\ntls-ca-cert-file ca.crt\ntls-auth-clients no\n"
                        "daemonize no\nsave \"\"\nappendonly yes\nappendfsync always\n",
                        s->port, s->tls_port)
           && server_run(s, "exec redis-server redis.conf") && server_until(s, server_listens);
}

/* --- lanes ----------------------------------------------------------------------------------- */

static struct peer_lane *
open(struct server *s, bool follows, const struct peer_ear *ear)
{
    struct peer_lane *lane = calloc(1, sizeof *lane);

    CHECK(lane != NULL);
    (void)follows;
    *lane = (struct peer_lane){.server = s, .stream = stream_open(s), .ear = *ear};
    if (!lane->stream) {
        free(lane);
        return NULL;
    }
    return lane;
}

static void
close_lane(struct peer_lane **lane)
{
    stream_close(&(*lane)->stream);
    free(*lane);
    *lane = NULL;
}

static int
socket_of(const struct peer_lane *lane)
{
    return stream_socket(lane->stream);
}

static bool
update(struct peer_lane *lane, const struct peer_update *u)
{
    char key[PEER_KEY];
    char commands[PEER_UPDATE];

    peer_key(u->key, key);
    int len = snprintf(commands, sizeof commands,
                       "*7\r\n$4\r\nXADD\r\n$7\r\nupdates\r\n$1\r\n*\r\n$6\r\naction\r\n"
                       "$%zu\r\n%s\r\n$6\r\nupdate\r\n$%d\r\n",
                       strlen(key), key, PEER_UPDATE);
    stream_put(lane->stream, commands, (size_t)len);
    stream_put(lane->stream, u->body, sizeof u->body);
    len = snprintf(commands, sizeof commands,
                   "\r\n*4\r\n$4\r\nHSET\r\n$5\r\nstate\r\n$%zu\r\n%s\r\n$%d\r\n", strlen(key), key,
                   PEER_UPDATE);
    stream_put(lane->stream, commands, (size_t)len);
    stream_put(lane->stream, u->body, sizeof u->body);
    stream_put(lane->stream, "\r\n", 2);
    return true;
}

static bool
send_all(struct peer_lane *lane, bool *more)
{
    return stream_send(lane->stream, more);
}

/* How many bytes the first reply has, 0 while it is not all there, or -1: it is none of
   those that an update has: the entry's id, and a number. */
static int64_t
reply_len(const char *at, size_t len)
{
    const char *end = memchr(at, '\n', len);

    if (!end)
        return 0;
    size_t line = (size_t)(end - at) + 1;
    if (*at == ':')
        return (int64_t)line;
    if (*at != '$')
        return -1;
    size_t whole = line + strtoul(at + 1, NULL, 10) + 2;
    return whole <= len ? (int64_t)whole : 0;
}

static bool
hear(struct peer_lane *lane)
{
    size_t len;
    int64_t reply;

    if (!stream_receive(lane->stream))
        return false;
    const char *at = stream_bytes(lane->stream, &len);
    while (len && (reply = reply_len(at, len)) != 0) {
        if (reply < 0)
            return server_trouble(lane->server, "it answered %.*s", len < 100 ? (int)len : 100, at);
        stream_take(lane->stream, (size_t)reply);
        if (++lane->replies % 2 == 0)
            lane->ear.acknowledged(lane->ear.context, lane->replies / 2);
        at = stream_bytes(lane->stream, &len);
    }
    return true;
}

#define MEANS "both are in the append-only file, synced"

const struct peer redis = {
    .name = "redis",
    .settings = {{.words = "XADD + HSET, appendfsync always", .means = MEANS},
                 {.words = "the same, TLS", .means = MEANS, .tls = true}},
    .start = start,
    .open = open,
    .close = close_lane,
    .socket = socket_of,
    .update = update,
    .send = send_all,
    .hear = hear,
};
