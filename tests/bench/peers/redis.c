/* Redis: each update is an entry of a stream, which is the history, and a field of a hash,
   which is what is so now; both commands pipelined, and in the append-only file before
   either is answered. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/peers/resp.h"
#include "tests/bench/peers/stream_lane.h"
#include "tests/t.h"

enum { ENTRY_ID = 48 };

struct peer_lane {
    struct stream_lane base;
    bool follows;
    int64_t replies;       /* whole ones; a producer gets two an update */
    struct resp reply;     /* that has begun */
    char newest[ENTRY_ID]; /* the id of the entry that came last */
};

/* --- the server --------------------------------------------------------------------------- */

/* When its file has doubled it is rewritten, in a second or so: seldom in a long history,
   but most of a benchmark's short works. So not below 4 GB, which favours it. */
static bool
start(struct server *s)
{
    return server_write(s, "redis.conf",
                        "bind 127.0.0.1\nport %d\ntls-port %d\ntls-cert-file server.crt\n"
                        "tls-key-file server.key\ntls-ca-cert-file ca.crt\ntls-auth-clients no\n"
                        "daemonize no\nsave \"\"\nappendonly yes\nappendfsync always\n"
                        "auto-aof-rewrite-min-size 4gb\n",
                        s->port, s->tls_port)
           && server_run(s, "exec redis-server redis.conf") && server_until(s, server_listens);
}

/* --- replies ------------------------------------------------------------------------------- */

/* Bodies are told by their length, and entries' ids by their first letter, from what else
   an entry has: names and keys. */
static void
take_text(struct peer_lane *lane, const struct resp_token *t)
{
    if (t->len == PEER_UPDATE) {
        lane->base.rows++;
        if (lane->follows)
            lane->base.ear.followed(lane->base.ear.context, (const uint8_t *)t->text);
    } else if (t->len && t->len < ENTRY_ID && t->text[0] >= '0' && t->text[0] <= '9') {
        memcpy(lane->newest, t->text, t->len);
        lane->newest[t->len] = '\0';
    }
}

/* Takes what is whole, up to the end of one reply: was there one? */
static bool
take_reply(struct peer_lane *lane, bool *one)
{
    struct resp_token t;
    size_t len;
    const char *at = stream_bytes(lane->base.stream, &len);

    *one = false;
    for (; !*one && resp_read(at, len, &t); at = stream_bytes(lane->base.stream, &len)) {
        if (t.kind == '-')
            return server_trouble(lane->base.server, "it answered %.*s", (int)t.len, t.text);
        if (t.kind == '$')
            take_text(lane, &t);
        stream_take(lane->base.stream, t.whole);
        *one = resp_ends(&lane->reply, &t);
    }
    lane->replies += *one;
    return true;
}

/* --- commands ------------------------------------------------------------------------------ */

static void
put_text(struct peer_lane *lane, const void *text, size_t len)
{
    char head[16];

    stream_put(lane->base.stream, head, (size_t)snprintf(head, sizeof head, "$%zu\r\n", len));
    stream_put(lane->base.stream, text, len);
    stream_put(lane->base.stream, "\r\n", 2);
}

/* Its words by spaces, and so many texts that are put after them. */
static void
put_command(struct peer_lane *lane, const char *words, unsigned more)
{
    char head[16];
    unsigned count = more + 1;

    for (const char *at = words; (at = strchr(at, ' ')); at++)
        count++;
    stream_put(lane->base.stream, head, (size_t)snprintf(head, sizeof head, "*%u\r\n", count));
    for (const char *at = words; *at; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        put_text(lane, at, len);
        at += len;
    }
}

/* Sends it and waits for the reply. */
static bool
command(struct peer_lane *lane, const char *words)
{
    bool replied = false;
    bool more = false;

    put_command(lane, words, 0);
    lane->base.rows = 0;
    while (!replied) {
        size_t before;
        if (!stream_send(lane->base.stream, &more) || !take_reply(lane, &replied))
            return false;
        (void)stream_bytes(lane->base.stream, &before);
        if (!replied && !stream_wait(lane->base.stream, before))
            return false;
    }
    return true;
}

/* The entries after the newest, as soon as there are any. */
static bool
read_on(struct peer_lane *lane)
{
    bool more;

    put_command(lane, "XREAD COUNT 1000 BLOCK 0 STREAMS updates", 1);
    put_text(lane, lane->newest, strlen(lane->newest));
    return stream_send(lane->base.stream, &more);
}

/* --- lanes ----------------------------------------------------------------------------------- */

/* The newest there is, and what comes after it. */
static bool
follow(struct peer_lane *lane)
{
    if (!command(lane, "XREVRANGE updates + - COUNT 1") || !read_on(lane))
        return false;
    lane->follows = true;
    return true;
}

static struct peer_lane *
join(struct server *s, const struct peer_ear *ear)
{
    struct peer_lane *lane = stream_lane_new(sizeof *lane, s, stream_open(s), ear);

    if (lane)
        (void)strcpy(lane->newest, "0-0");
    return lane;
}

static struct peer_lane *
open_lane(struct server *s, bool follows, const struct peer_ear *ear)
{
    struct peer_lane *lane = join(s, ear);

    return follows ? stream_lane_after(lane, follow) : lane;
}

static bool
update(struct peer_lane *lane, const struct peer_update *u)
{
    char key[PEER_KEY];

    peer_key(u->key, key);
    put_command(lane, "XADD updates * action", 3);
    put_text(lane, key, strlen(key));
    put_text(lane, "update", strlen("update"));
    put_text(lane, u->body, sizeof u->body);
    put_command(lane, "HSET state", 2);
    put_text(lane, key, strlen(key));
    put_text(lane, u->body, sizeof u->body);
    return true;
}

static bool
hear(struct peer_lane *lane)
{
    bool one;

    if (!stream_receive(lane->base.stream))
        return false;
    do {
        if (!take_reply(lane, &one))
            return false;
        if (one && lane->follows && !read_on(lane))
            return false;
        if (one && !lane->follows && lane->replies % 2 == 0)
            lane->base.ear.acknowledged(lane->base.ear.context, lane->replies / 2);
    } while (one);
    return true;
}

static bool
receive_all(struct peer_lane *lane)
{
    return command(lane, "HGETALL state");
}

static bool
snapshot(struct server *s, int64_t *rows)
{
    return stream_lane_snapshot(join(s, NULL), receive_all, rows);
}

static bool
cut(struct peer_lane *lane)
{
    return command(lane, "XTRIM updates MAXLEN 0");
}

static bool
forget(struct server *s)
{
    return stream_lane_once(join(s, NULL), cut);
}

#define MEANS "both are in the append-only file, synced"

const struct peer redis = {
    .name = "redis",
    .package = "redis-server",
    .settings = {{.name = "redis", .words = "XADD + HSET, appendfsync always", .means = MEANS},
                 {.name = "redis-tls", .words = "the same, TLS", .means = MEANS, .tls = true}},
    .snapshots = {{"HGETALL", snapshot}},
    .start = start,
    .open = open_lane,
    .close = stream_lane_close,
    .socket = stream_lane_socket,
    .update = update,
    .send = stream_lane_send,
    .hear = hear,
    .forget = forget,
};
