/* Mosquitto: retained messages of QoS 1, a topic for each key. MQTT 5, spoken here: it
   is small, and libmosquitto would take a system call for each message. */
#include <stdlib.h>
#include <string.h>

#include "tests/bench/peers/stream_lane.h"
#include "tests/t.h"

enum {
    CONNECT = 1,
    CONNACK,
    PUBLISH,
    PUBACK,
    SUBSCRIBE = 8,
    SUBACK,
    PINGREQ = 12,
    PINGRESP,

    IDS = 65535, /* of messages, from 1 on */
    QOS_1 = 2,   /* in the first byte of a PUBLISH */
    RETAIN = 1,
    NO_PROPERTIES = 0,
    PACKET_MAX = 1024,

    RETAINED_TOO = 0, /* of subscriptions */
    ONLY_NEW = 2 << 4 | 1,
};

struct peer_lane {
    struct stream_lane base;
    int64_t sent;                         /* n */
    bool connected, subscribed, complete; /* what was answered so far */
};

static bool
start(struct server *s)
{
    /* Without the three limits, Mosquitto would drop what a follower is slow to take. */
    if (!server_write(s, "mosquitto.conf",
                      "allow_anonymous true\n"
                      "persistence true\n"
                      "persistence_location %s/\n"
                      "max_inflight_messages 0\n"
                      "max_queued_messages 0\n"
                      "max_queued_bytes 0\n"
                      "set_tcp_nodelay true\n"
                      "log_type error\n"
                      "listener %d 127.0.0.1\n"
                      "listener %d 127.0.0.1\n"
                      "cafile ca.crt\ncertfile server.crt\nkeyfile server.key\n",
                      s->folder.path, s->port, s->tls_port))
        return false;
    return server_run(s, "exec /usr/sbin/mosquitto -c mosquitto.conf")
           && server_until(s, server_listens);
}

/* --- what is sent --------------------------------------------------------------- */

struct packet {
    uint8_t bytes[PACKET_MAX];
    size_t len;
};

static void
add_u16(struct packet *p, unsigned value)
{
    p->bytes[p->len++] = (uint8_t)(value >> 8);
    p->bytes[p->len++] = (uint8_t)value;
}

static void
add_text(struct packet *p, const char *text)
{
    size_t len = strlen(text);

    add_u16(p, (unsigned)len);
    memcpy(p->bytes + p->len, text, len);
    p->len += len;
}

/* The packet, after its kind and its length in groups of 7 bits. */
static void
put_packet(struct peer_lane *lane, unsigned kind, unsigned flags, const struct packet *p)
{
    uint8_t head[5] = {(uint8_t)(kind << 4 | flags)};
    size_t heads = 1;

    for (size_t left = p->len; heads == 1 || left; left >>= 7)
        head[heads++] = (uint8_t)(left > 127 ? (left & 127) | 128 : left);
    stream_put(lane->base.stream, head, heads);
    stream_put(lane->base.stream, p->bytes, p->len);
}

static unsigned
id_of(int64_t n)
{
    return (unsigned)((n - 1) % IDS) + 1;
}

static bool
update(struct peer_lane *lane, const struct peer_update *u)
{
    struct packet p = {.len = 0};
    char topic[2 + PEER_KEY] = "a/";

    peer_key(u->key, topic + 2);
    add_text(&p, topic);
    add_u16(&p, id_of(u->n));
    p.bytes[p.len++] = NO_PROPERTIES;
    memcpy(p.bytes + p.len, u->body, PEER_UPDATE);
    p.len += PEER_UPDATE;
    put_packet(lane, PUBLISH, QOS_1 | RETAIN, &p);
    lane->sent = u->n;
    return true;
}

static void
put_connect(struct peer_lane *lane)
{
    static const uint8_t version_5_clean_no_keepalive[] = {5, 2, 0, 0, NO_PROPERTIES};
    struct packet p = {.len = 0};

    add_text(&p, "MQTT");
    memcpy(p.bytes + p.len, version_5_clean_no_keepalive, sizeof version_5_clean_no_keepalive);
    p.len += sizeof version_5_clean_no_keepalive;
    add_text(&p, ""); /* the server names it */
    put_packet(lane, CONNECT, 0, &p);
}

static void
put_subscribe(struct peer_lane *lane, uint8_t options)
{
    struct packet p = {.len = 0};

    add_u16(&p, 1);
    p.bytes[p.len++] = NO_PROPERTIES;
    add_text(&p, "a/#");
    p.bytes[p.len++] = options;
    put_packet(lane, SUBSCRIBE, 2, &p);
}

/* --- what comes ------------------------------------------------------------------- */

static void
take_published(struct peer_lane *lane, const uint8_t *at, size_t len, bool wants_ack)
{
    size_t topic = (size_t)at[0] << 8 | at[1];
    struct packet ack = {.len = 0};

    if (wants_ack) {
        add_u16(&ack, (unsigned)(at[2 + topic] << 8 | at[3 + topic]));
        put_packet(lane, PUBACK, 0, &ack);
    }
    lane->base.rows++;
    if (lane->base.ear.followed)
        lane->base.ear.followed(lane->base.ear.context, at + len - PEER_UPDATE);
}

static bool
take_packet(struct peer_lane *lane, uint8_t first, const uint8_t *at, size_t len)
{
    switch (first >> 4) {
    case PUBACK: {
        unsigned behind = id_of(lane->sent) + IDS - (unsigned)(at[0] << 8 | at[1]);
        lane->base.ear.acknowledged(lane->base.ear.context, lane->sent - behind % IDS);
        return true;
    }
    case PUBLISH:
        if (len < 4 + PEER_UPDATE)
            break;
        take_published(lane, at, len, first & QOS_1);
        return true;
    case CONNACK:
        lane->connected = at[1] == 0;
        if (lane->connected)
            return true;
        break;
    case SUBACK: lane->subscribed = true; return true;
    case PINGRESP: lane->complete = true; return true;
    default: break;
    }
    return server_trouble(lane->base.server, "Mosquitto answers 0x%02x, of %zu bytes", first, len);
}

/* A whole packet is at the front of `len` bytes: the length of its head, and of the rest. */
static bool
is_whole(const uint8_t *at, size_t len, size_t *head, size_t *rest)
{
    *rest = 0;
    for (*head = 1; *head < len && *head < 5; (*head)++) {
        *rest |= (size_t)(at[*head] & 127) << 7 * (*head - 1);
        if (at[*head] < 128)
            return len - ++*head >= *rest;
    }
    return false;
}

static bool
take_packets(struct peer_lane *lane)
{
    size_t len, head, rest;
    size_t taken = 0;
    const uint8_t *at = (const uint8_t *)stream_bytes(lane->base.stream, &len);

    for (; is_whole(at + taken, len - taken, &head, &rest); taken += head + rest)
        if (!take_packet(lane, at[taken], at + taken + head, rest))
            return false;
    stream_take(lane->base.stream, taken);
    return true;
}

static bool
hear(struct peer_lane *lane)
{
    bool more;

    return stream_receive(lane->base.stream) && take_packets(lane)
           && stream_send(lane->base.stream, &more);
}

/* --- lanes ------------------------------------------------------------------------- */

static bool
wait_for(struct peer_lane *lane, const bool *that)
{
    return stream_lane_until(lane, that, take_packets);
}

static bool
greet(struct peer_lane *lane)
{
    put_connect(lane);
    return wait_for(lane, &lane->connected);
}

static struct peer_lane *
join(struct server *s, const struct peer_ear *ear)
{
    return stream_lane_after(stream_lane_new(sizeof(struct peer_lane), s, stream_open(s), ear),
                             greet);
}

static bool
subscribe(struct peer_lane *lane)
{
    put_subscribe(lane, ONLY_NEW);
    return wait_for(lane, &lane->subscribed);
}

static struct peer_lane *
open_lane(struct server *s, bool follows, const struct peer_ear *ear)
{
    struct peer_lane *lane = join(s, ear);

    return follows ? stream_lane_after(lane, subscribe) : lane;
}

/* Retained messages come before the answer to a ping that was sent after the subscription. */
static bool
receive_retained(struct peer_lane *lane)
{
    put_subscribe(lane, RETAINED_TOO);
    put_packet(lane, PINGREQ, 0, &(struct packet){.len = 0});
    return wait_for(lane, &lane->complete);
}

static bool
snapshot(struct server *s, int64_t *rows)
{
    return stream_lane_snapshot(join(s, NULL), receive_retained, rows);
}

#define MEANS "in memory, in a file every 30 minutes and at its end: not durable, whatever is set"

const struct peer mosquitto = {
    .name = "mosquitto",
    .package = "mosquitto",
    .settings = {{"mosquitto", "QoS 1, retained, persistence", MEANS, .tls = false},
                 {"mosquitto-tls", "the same, TLS", MEANS, .tls = true}},
    .snapshots = {{"retained messages", snapshot}},
    .start = start,
    .open = open_lane,
    .close = stream_lane_close,
    .socket = stream_lane_socket,
    .update = update,
    .send = stream_lane_send,
    .hear = hear,
};
