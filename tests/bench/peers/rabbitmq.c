/* RabbitMQ: a quorum queue with publisher confirms, of messages marked as persistent; a
   queue of its own for each follower, as its documents tell to do. It is a queue only: there
   are no last values to ask for. */
#include <stdlib.h>
#include <string.h>

#include "tests/bench/peers/amqp_methods.h"
#include "tests/bench/peers/stream_lane.h"
#include "tests/t.h"

enum {
    AT_ONCE = 2000,  /* messages that a follower is sent before it acknowledges some */
    CONFIRMS = 4096, /* more than can be unconfirmed */
    QUEUE_NAME = 32,
    MULTIPLE = 1, /* a bit of a confirm */
};

/* To a queue by its name; to all queues of followers. */
#define DIRECTLY ""
#define EXCHANGE "updates"
#define HISTORY "history"

struct peer_lane {
    struct stream_lane base;
    const char *exchange; /* that its updates go through */
    uint32_t awaited;     /* the method that answers what was asked */
    bool answered;
    bool confirmed[CONFIRMS];
    int64_t lowest;         /* n that is not confirmed */
    char queue[QUEUE_NAME]; /* of a follower; else empty */
    uint64_t delivered;     /* the last message's number */
};

/* --- what comes ------------------------------------------------------------------------- */

static void
confirm(struct peer_lane *lane, int64_t n)
{
    if (lane->confirmed[n % CONFIRMS])
        return;
    lane->confirmed[n % CONFIRMS] = true;
    lane->base.ear.acknowledged(lane->base.ear.context, n);
}

/* They are counted as they were published: from 1 on, as n is. */
static void
take_confirm(struct peer_lane *lane, const struct amqp_frame *f)
{
    int64_t n = (int64_t)amqp_number(f->at, 8);

    if (f->at[8] & MULTIPLE)
        for (int64_t i = lane->lowest; i < n; i++)
            confirm(lane, i);
    confirm(lane, n);
    while (lane->confirmed[lane->lowest % CONFIRMS])
        lane->confirmed[lane->lowest++ % CONFIRMS] = false;
}

static bool
refuse(struct peer_lane *lane, const struct amqp_frame *f)
{
    int words = f->len > 3 ? f->at[2] : 0; /* of a close: after its code */

    return server_trouble(lane->base.server, "RabbitMQ says %u.%u in a frame of kind %u: %.*s",
                          f->method >> 16, f->method & UINT16_MAX, f->kind, words, f->at + 3);
}

static bool
take_method(struct peer_lane *lane, const struct amqp_frame *f)
{
    if (f->method == AMQP_BASIC_ACK && f->len == 9)
        take_confirm(lane, f);
    else if (f->method == AMQP_BASIC_DELIVER && f->len > 9)
        lane->delivered = amqp_number(f->at + 1 + f->at[0], 8); /* after the consumer's tag */
    else if (f->method == lane->awaited)
        lane->answered = true;
    else
        return refuse(lane, f);
    return true;
}

static bool
take_frame(struct peer_lane *lane, const struct amqp_frame *f)
{
    switch (f->kind) {
    case AMQP_A_METHOD: return take_method(lane, f);
    case AMQP_A_HEADER: return true;
    case AMQP_A_BODY:
        if (f->len == PEER_UPDATE && lane->base.ear.followed) {
            lane->base.ear.followed(lane->base.ear.context, f->at);
            return true;
        }
        return refuse(lane, f);
    default: return refuse(lane, f);
    }
}

static bool
take_all(struct peer_lane *lane)
{
    size_t len;
    size_t taken = 0;
    struct amqp_frame f;
    const uint8_t *at = (const uint8_t *)stream_bytes(lane->base.stream, &len);

    for (; amqp_read(at + taken, len - taken, &f); taken += f.whole)
        if (!take_frame(lane, &f))
            return false;
    stream_take(lane->base.stream, taken);
    return true;
}

/* --- what is sent -------------------------------------------------------------------------- */

static void
put(struct peer_lane *lane, const struct amqp *a)
{
    stream_put(lane->base.stream, a->bytes, a->len);
}

/* What the server answers with another method. */
static bool
ask(struct peer_lane *lane, const struct amqp *a, uint32_t answer)
{
    put(lane, a);
    lane->awaited = answer;
    lane->answered = false;
    return stream_lane_until(lane, &lane->answered, take_all);
}

static bool
update(struct peer_lane *lane, const struct peer_update *u)
{
    struct amqp a = {.len = 0};
    char key[PEER_KEY];

    peer_key(u->key, key);
    amqp_publish(&a, lane->exchange, HISTORY, key, u->body, PEER_UPDATE);
    put(lane, &a);
    return true;
}

/* A follower acknowledges all that came at once. */
static bool
hear(struct peer_lane *lane)
{
    struct amqp a = {.len = 0};
    uint64_t before = lane->delivered;
    bool more;

    if (!stream_receive(lane->base.stream) || !take_all(lane))
        return false;
    if (lane->delivered == before)
        return true;
    amqp_acknowledge(&a, lane->delivered);
    put(lane, &a);
    return stream_send(lane->base.stream, &more);
}

/* --- queues ----------------------------------------------------------------------------------- */

static bool
declare_exchange(struct peer_lane *lane)
{
    struct amqp a = {.len = 0};

    amqp_declare_fanout(&a, EXCHANGE);
    return ask(lane, &a, AMQP_EXCHANGE_DECLARE_OK);
}

static bool
declare_queue(struct peer_lane *lane, const char *queue)
{
    struct amqp a = {.len = 0};

    amqp_declare_quorum_queue(&a, queue);
    return ask(lane, &a, AMQP_QUEUE_DECLARE_OK);
}

static bool
delete_queue(struct peer_lane *lane, const char *queue)
{
    struct amqp a = {.len = 0};

    amqp_delete_queue(&a, queue);
    return ask(lane, &a, AMQP_QUEUE_DELETE_OK);
}

static bool
bind_and_consume(struct peer_lane *lane)
{
    struct amqp binds = {.len = 0};
    struct amqp limits = {.len = 0};
    struct amqp consumes = {.len = 0};

    amqp_bind(&binds, lane->queue, EXCHANGE);
    amqp_set_prefetch(&limits, AT_ONCE);
    amqp_consume(&consumes, lane->queue);
    return ask(lane, &binds, AMQP_QUEUE_BIND_OK) && ask(lane, &limits, AMQP_BASIC_QOS_OK)
           && ask(lane, &consumes, AMQP_BASIC_CONSUME_OK);
}

/* --- lanes ----------------------------------------------------------------------------------- */

static bool
log_in(struct peer_lane *lane)
{
    struct amqp a = {.len = 0};

    stream_put(lane->base.stream, "AMQP\0\0\011\001", 8);
    lane->awaited = AMQP_CONNECTION_START;
    if (!stream_lane_until(lane, &lane->answered, take_all))
        return false;
    amqp_log_in(&a, "guest", "guest");
    return ask(lane, &a, AMQP_CONNECTION_TUNE);
}

static bool
open_channel(struct peer_lane *lane)
{
    struct amqp opens = {.len = 0};
    struct amqp channel = {.len = 0};
    struct amqp confirms = {.len = 0};

    amqp_tune(&opens);
    amqp_open_connection(&opens);
    amqp_open_channel(&channel);
    amqp_select_confirms(&confirms);
    return ask(lane, &opens, AMQP_CONNECTION_OPEN_OK) && ask(lane, &channel, AMQP_CHANNEL_OPEN_OK)
           && ask(lane, &confirms, AMQP_CONFIRM_SELECT_OK);
}

/* How many there are: who publishes while there are some, publishes to them only. */
static unsigned followers;

static bool
follow(struct peer_lane *lane)
{
    (void)snprintf(lane->queue, sizeof lane->queue, "follower-%u", ++followers);
    return declare_queue(lane, lane->queue) && bind_and_consume(lane);
}

static void
close_lane(struct peer_lane **lane)
{
    if (*(*lane)->queue) {
        followers--;
        (void)(*(*lane)->base.server->trouble || delete_queue(*lane, (*lane)->queue));
    }
    stream_lane_close(lane);
}

static bool
begin(struct peer_lane *lane)
{
    lane->exchange = followers ? EXCHANGE : DIRECTLY;
    lane->lowest = 1;
    return log_in(lane) && open_channel(lane);
}

static struct peer_lane *
join(struct server *s, const struct peer_ear *ear)
{
    return stream_lane_after(stream_lane_new(sizeof(struct peer_lane), s, stream_open(s), ear),
                             begin);
}

static struct peer_lane *
open_lane(struct server *s, bool follows, const struct peer_ear *ear)
{
    struct peer_lane *lane = join(s, ear);

    return follows ? stream_lane_after(lane, follow) : lane;
}

/* --- the server ----------------------------------------------------------------------------- */

/* The nodes' name server is one of its own, and ends with it. */
static const char run[] =
    "setpriv --pdeathsig KILL epmd -port %d -address 127.0.0.1 &\n"
    "export ERL_EPMD_PORT=%d ERL_EPMD_ADDRESS=127.0.0.1 RABBITMQ_DIST_PORT=%d\n"
    "export RABBITMQ_NODENAME=peer@localhost RABBITMQ_CONFIG_FILE=$PWD/rabbitmq.conf\n"
    "export RABBITMQ_MNESIA_BASE=$PWD/data RABBITMQ_LOG_BASE=$PWD/logs\n"
    "export RABBITMQ_CONF_ENV_FILE=$PWD/environment RABBITMQ_ENABLED_PLUGINS_FILE=$PWD/plugins\n"
    "export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}'\n"
    "RABBITMQ_ALLOW_INPUT=1 exec /usr/lib/rabbitmq/bin/rabbitmq-server -noinput";

static bool
set_up(struct peer_lane *lane)
{
    return declare_exchange(lane) && declare_queue(lane, HISTORY);
}

static bool
start(struct server *s)
{
    int names = server_free_port();

    return server_write(s, "rabbitmq.conf",
                        "listeners.tcp.default = 127.0.0.1:%d\n"
                        "listeners.ssl.default = 127.0.0.1:%d\n"
                        "ssl_options.cacertfile = ca.crt\n"
                        "ssl_options.certfile = server.crt\n"
                        "ssl_options.keyfile = server.key\n"
                        "ssl_options.verify = verify_none\n" /* of clients */
                        "log.file.level = warning\n",
                        s->port, s->tls_port)
           && server_write(s, "environment", "%s", "") && server_write(s, "plugins", "[].\n")
           && server_run(s, run, names, names, server_free_port())
           && server_until(s, server_listens) && stream_lane_once(join(s, NULL), set_up);
}

static bool
empty_queue(struct peer_lane *lane)
{
    return delete_queue(lane, HISTORY) && declare_queue(lane, HISTORY);
}

static bool
forget(struct server *s)
{
    return stream_lane_once(join(s, NULL), empty_queue);
}

#define MEANS "in the queue's log and synced; a queue only, without last values"

const struct peer rabbitmq = {
    .name = "rabbitmq",
    .package = "rabbitmq-server",
    .settings = {{"rabbitmq", "quorum queue, confirms", MEANS, .tls = false},
                 {"rabbitmq-tls", "the same, TLS", MEANS, .tls = true}},
    .start = start,
    .open = open_lane,
    .close = close_lane,
    .socket = stream_lane_socket,
    .update = update,
    .send = stream_lane_send,
    .hear = hear,
    .forget = forget,
};
