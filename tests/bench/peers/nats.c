/* NATS JetStream: a stream on disk, a subject for each key. Its protocol is lines of text,
   spoken here: libnats would start two threads for each connection. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/peers/load.h"
#include "tests/bench/peers/stream_lane.h"
#include "tests/t.h"

enum { ITS_DEFAULTS, SYNCED_DIRECTORY };

/* What messages come for, as the number of a subscription. */
enum { ACKNOWLEDGEMENTS = 1, UPDATES, REPLIES };

enum { LINE = 1024, INBOX = 32 };

struct peer_lane {
    struct stream_lane base;
    char inbox[INBOX];
    bool greeted, connected, replied, complete; /* what was answered so far */
};

/* --- what is sent ---------------------------------------------------------------- */

static void put_line(struct peer_lane *lane, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void
put_line(struct peer_lane *lane, const char *format, ...)
{
    char line[LINE];
    va_list args;

    va_start(args, format);
    int len = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    stream_put(lane->base.stream, line, (size_t)len);
}

static bool
update(struct peer_lane *lane, const struct peer_update *u)
{
    char key[PEER_KEY];

    peer_key(u->key, key);
    put_line(lane, "PUB u.%s %s.a.%" PRId64 " %d\r\n", key, lane->inbox, u->n, PEER_UPDATE);
    stream_put(lane->base.stream, u->body, PEER_UPDATE);
    stream_put(lane->base.stream, "\r\n", 2);
    return true;
}

/* --- what comes -------------------------------------------------------------------- */

struct message {
    const char *subject, *answer_to; /* "" if none */
    long subscription;
    size_t head, size; /* size includes the head */
    const char *at;
};

static bool
refuse(struct peer_lane *lane, const char *words, size_t len)
{
    return server_trouble(lane->base.server, "NATS answers %.*s", len > 200 ? 200 : (int)len,
                          words);
}

static bool
take_acknowledgement(struct peer_lane *lane, const struct message *m)
{
    if (m->head || !memmem(m->at, m->size, "\"seq\":", 6))
        return refuse(lane, m->at, m->size);
    lane->base.ear.acknowledged(lane->base.ear.context,
                                strtoll(strrchr(m->subject, '.') + 1, NULL, 10));
    return true;
}

/* "$JS.ACK.STREAM.CONSUMER.DELIVERED.NUMBER.NUMBER.TIME.PENDING" */
static bool
is_last(const struct message *m)
{
    const char *dot = strrchr(m->answer_to, '.');
    return dot && strcmp(dot, ".0") == 0;
}

/* A message with a head is the server's own: that it waits for an answer before it goes on,
   or that it has nothing to say. */
static bool
take_update(struct peer_lane *lane, const struct message *m)
{
    if (m->head) {
        if (*m->answer_to)
            put_line(lane, "PUB %s 0\r\n\r\n", m->answer_to);
        return true;
    }
    if (m->size != PEER_UPDATE)
        return refuse(lane, m->at, m->size);
    lane->base.rows++;
    lane->complete = is_last(m);
    if (lane->base.ear.followed)
        lane->base.ear.followed(lane->base.ear.context, (const uint8_t *)m->at);
    return true;
}

static bool
take_message(struct peer_lane *lane, const struct message *m)
{
    switch (m->subscription) {
    case ACKNOWLEDGEMENTS: return take_acknowledgement(lane, m);
    case UPDATES: return take_update(lane, m);
    case REPLIES:
        lane->replied = true;
        return !memmem(m->at, m->size, "\"error\":", 8) || refuse(lane, m->at, m->size);
    default: return refuse(lane, m->subject, strlen(m->subject));
    }
}

/* "MSG subject subscription [answer-to] size", or "HMSG ... head size". */
static bool
read_message(char *line, struct message *m)
{
    char *word[6];
    size_t words = 0;
    char *rest = line;

    while (words < 6 && (word[words] = strsep(&rest, " ")))
        words++;
    bool has_head = *line == 'H';
    size_t least = has_head ? 5 : 4;
    if (words < least || words > least + 1)
        return false;
    *m = (struct message){.subject = word[1],
                          .subscription = strtol(word[2], NULL, 10),
                          .answer_to = words > least ? word[3] : "",
                          .head = has_head ? strtoul(word[words - 2], NULL, 10) : 0,
                          .size = strtoul(word[words - 1], NULL, 10)};
    return true;
}

/* Takes what begins at `at`, of `len` bytes, and says how many those were: 0 if it is not
   all there. */
static bool
take_one(struct peer_lane *lane, const char *at, size_t len, size_t *taken)
{
    const char *end = len ? memchr(at, '\n', len) : NULL;
    char line[LINE];
    struct message m;

    *taken = 0;
    if (!end)
        return true;
    size_t line_len = (size_t)(end - at) + 1;
    if (strncmp(at, "INFO ", 5) == 0)
        lane->greeted = true;
    else if (strncmp(at, "PING", 4) == 0)
        put_line(lane, "PONG\r\n");
    else if (strncmp(at, "PONG", 4) == 0)
        lane->connected = true;
    else if (line_len < LINE && (strncmp(at, "MSG ", 4) == 0 || strncmp(at, "HMSG ", 5) == 0)) {
        memcpy(line, at, line_len - 2);
        line[line_len - 2] = '\0';
        if (!read_message(line, &m))
            return refuse(lane, at, line_len);
        if (len < line_len + m.size + 2)
            return true;
        m.at = at + line_len;
        *taken = line_len + m.size + 2;
        return take_message(lane, &m);
    } else
        return refuse(lane, at, line_len);
    *taken = line_len;
    return true;
}

static bool
take_all(struct peer_lane *lane)
{
    size_t len;
    size_t taken;
    size_t so_far = 0;
    const char *at = stream_bytes(lane->base.stream, &len);

    do {
        if (!take_one(lane, at + so_far, len - so_far, &taken))
            return false;
        so_far += taken;
    } while (taken);
    stream_take(lane->base.stream, so_far);
    return true;
}

static bool
hear(struct peer_lane *lane)
{
    bool more;

    return stream_receive(lane->base.stream) && take_all(lane)
           && stream_send(lane->base.stream, &more);
}

static bool
wait_for(struct peer_lane *lane, const bool *that)
{
    return stream_lane_until(lane, that, take_all);
}

/* --- lanes --------------------------------------------------------------------------- */

static bool
greet(struct peer_lane *lane)
{
    static unsigned inboxes;

    (void)snprintf(lane->inbox, INBOX, "_INBOX.%u", ++inboxes);
    /* The server speaks first, before TLS. */
    if (!wait_for(lane, &lane->greeted)
        || (lane->base.server->setting->tls && !stream_secure(lane->base.stream)))
        return false;
    put_line(lane,
             "CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true,"
             "\"tls_required\":%s,\"protocol\":1,\"lang\":\"C\",\"version\":\"1\"}\r\n"
             "SUB %s.a.* %d\r\nSUB %s.u %d\r\nSUB %s.r %d\r\nPING\r\n",
             lane->base.server->setting->tls ? "true" : "false", lane->inbox, ACKNOWLEDGEMENTS,
             lane->inbox, UPDATES, lane->inbox, REPLIES);
    return wait_for(lane, &lane->connected);
}

static struct peer_lane *
join(struct server *s, const struct peer_ear *ear)
{
    return stream_lane_after(
        stream_lane_new(sizeof(struct peer_lane), s, stream_open_plain(s), ear), greet);
}

static bool
request(struct peer_lane *lane, const char *what, const char *json)
{
    lane->replied = false;
    put_line(lane, "PUB $JS.API.%s %s.r %zu\r\n%s\r\n", what, lane->inbox, strlen(json), json);
    return wait_for(lane, &lane->replied);
}

/* As the libraries' "ordered consumers": the server waits for us now and then, so that it
   does not cut us off as too slow. */
static bool
consume(struct peer_lane *lane, const char *from)
{
    char json[LINE];

    (void)snprintf(json, sizeof json,
                   "{\"stream_name\":\"UPDATES\",\"config\":{\"deliver_subject\":\"%s.u\","
                   "\"deliver_policy\":\"%s\",\"ack_policy\":\"none\",\"max_deliver\":1,"
                   "\"flow_control\":true,\"idle_heartbeat\":5000000000,\"mem_storage\":true,"
                   "\"num_replicas\":1,\"filter_subject\":\"u.*\"}}",
                   lane->inbox, from);
    return request(lane, "CONSUMER.CREATE.UPDATES", json);
}

static bool
follow(struct peer_lane *lane)
{
    return consume(lane, "new");
}

static struct peer_lane *
open_lane(struct server *s, bool follows, const struct peer_ear *ear)
{
    struct peer_lane *lane = join(s, ear);

    return follows ? stream_lane_after(lane, follow) : lane;
}

static bool
receive_last(struct peer_lane *lane)
{
    return consume(lane, "last_per_subject") && wait_for(lane, &lane->complete);
}

static bool
snapshot(struct server *s, int64_t *rows)
{
    return stream_lane_snapshot(join(s, NULL), receive_last, rows);
}

/* --- the server ------------------------------------------------------------------------ */

static bool
create_updates(struct peer_lane *lane)
{
    return request(lane, "STREAM.CREATE.UPDATES",
                   "{\"name\":\"UPDATES\",\"subjects\":[\"u.*\"],\"retention\":\"limits\","
                   "\"storage\":\"file\",\"discard\":\"old\",\"num_replicas\":1}");
}

static bool
create_stream(struct server *s)
{
    return stream_lane_once(join(s, NULL), create_updates);
}

static bool
create_anew(struct peer_lane *lane)
{
    return request(lane, "STREAM.DELETE.UPDATES", "") && create_updates(lane);
}

static bool
start(struct server *s)
{
    return server_write(s, "nats.conf",
                        "listen: \"127.0.0.1:%d\"\n"
                        "jetstream { store_dir: \"%s\" }\n"
                        "tls { cert_file: \"server.crt\", key_file: \"server.key\" }\n"
                        "allow_non_tls: true\n",
                        s->port, server_path(s, "store"))
           && server_do(s, "mkdir store")
           && (s->setting->variant != SYNCED_DIRECTORY || server_do(s, "chattr +S store"))
           && server_run(s, "exec /usr/sbin/nats-server -c nats.conf")
           && server_until(s, server_listens) && create_stream(s);
}

/* Filled anew: in a stream that was cut to the last of each subject, with gaps where the
   others were, it looks for them twice as long. */
static bool
forget(struct server *s)
{
    return stream_lane_once(join(s, NULL), create_anew)
           && (!s->peer->snapshots[0].how || load_fill(s));
}

#define NATS                                                                                 \
    .package = "nats-server", .start = start, .open = open_lane, .close = stream_lane_close, \
    .socket = stream_lane_socket, .update = update, .send = stream_lane_send, .hear = hear,  \
    .forget = forget

#define DEFAULTS \
    "written to the kernel, which is flushed every 2 minutes: not durable", .variant = ITS_DEFAULTS
#define SYNCED "in the stream's file and synced", .variant = SYNCED_DIRECTORY

const struct peer nats = {NATS, .name = "nats", .snapshots = {{"last per subject", snapshot}},
                          .settings = {{"nats", "JetStream, file, defaults", DEFAULTS},
                                       {"nats-tls", "the same, TLS", DEFAULTS, .tls = true}}};

/* It would give its snapshot as the other does, and take half a minute to be filled. */
const struct peer nats_synced = {
    NATS, .name = "nats-synced", .each_write_syncs = true,
    .settings = {{"nats-synced", "JetStream, directory chattr +S", SYNCED},
                 {"nats-synced-tls", "the same, TLS", SYNCED, .tls = true}}};
