#include "schema/wire/hub.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/wire/peer.h"
#include "schema/wire/socket_settings.h"
#include "schema/wire/zap.h"

/* In the draft part of libzmq's header, and compiled into every build. */
enum { ENFORCE_DOMAIN = 93 };

struct hub {
    zsock_t *socket;
    void *handle; /* of `socket` */
    uint8_t public[CURVE_KEY];
    size_t endpoint_count;
    char endpoint[HUB_ADDRESSES][HUB_ENDPOINT + 1];
    bool striking; /* amid a message of several frames */
    struct hub_route strike_route;
    uint8_t strike_key[CURVE_KEY];
};

/* --- opening --------------------------------------------------------------- */

/* HANDSHAKE_IVL and BACKLOG: connections that say nothing cost at most 2 s. What
   czmq would take from ZSYS_* variables is set here. */
/* clang-format off */
static const struct socket_setting settings[] = {
    {ZMQ_ROUTER_MANDATORY, 1},
    {ZMQ_ROUTER_HANDOVER,  0},
    {ZMQ_CURVE_SERVER,     1},
    {ENFORCE_DOMAIN,       1},
    {ZMQ_HANDSHAKE_IVL,    2000},
    {ZMQ_BACKLOG,          1024},
};
/* clang-format on */

static void
set_up(void *socket, const uint8_t secret[CURVE_KEY], int window)
{
    const int64_t longest = HUB_MESSAGE_MAX;
    int rc = socket_settings_give(socket, settings, sizeof settings / sizeof *settings);

    rc |= zmq_setsockopt(socket, ZMQ_SNDHWM, &window, sizeof window);
    rc |= zmq_setsockopt(socket, ZMQ_RCVHWM, &window, sizeof window);
    rc |= zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &longest, sizeof longest);
    rc |= zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, secret, CURVE_KEY);
    rc |= zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, ZAP_DOMAIN, strlen(ZAP_DOMAIN));
    assert(rc == 0);
}

int
hub_open(struct hub **out, const uint8_t secret[CURVE_KEY], int window)
{
    struct hub *hub = calloc(1, sizeof *hub);
    int rc = hub ? curve_public_of(secret, hub->public) : -ENOMEM;

    *out = hub;
    if (rc == 0) {
        hub->socket = zsock_new(ZMQ_ROUTER);
        rc = hub->socket ? 0 : -EMFILE;
    }
    if (rc != 0) {
        hub_close(out);
        return rc;
    }
    hub->handle = zsock_resolve(hub->socket);
    set_up(hub->handle, secret, window);
    return 0;
}

void
hub_close(struct hub **hub)
{
    if (*hub)
        zsock_destroy(&(*hub)->socket);
    free(*hub);
    *hub = NULL;
}

int
hub_bind(struct hub *hub, const char *address)
{
    size_t size = sizeof hub->endpoint[0];
    int ipv6 = strchr(address, '[') != NULL;

    if (hub->endpoint_count == HUB_ADDRESSES)
        return -ENOSPC;
    char *endpoint = hub->endpoint[hub->endpoint_count];
    if (zmq_setsockopt(hub->handle, ZMQ_IPV6, &ipv6, sizeof ipv6) != 0
        || zmq_bind(hub->handle, address) != 0
        || zmq_getsockopt(hub->handle, ZMQ_LAST_ENDPOINT, endpoint, &size) != 0)
        return errno == ENOCOMPATPROTO || errno == EPROTONOSUPPORT ? -EINVAL : -errno;
    hub->endpoint_count++;
    return 0;
}

const char *
hub_endpoint(const struct hub *hub, size_t i)
{
    return i < hub->endpoint_count ? hub->endpoint[i] : NULL;
}

zsock_t *
hub_socket(const struct hub *hub)
{
    return hub->socket;
}

/* --- the self-test --------------------------------------------------------- */

static int
knock(const struct identity *nobody, int ms)
{
    struct peer *peer;
    enum peer_event event = PEER_QUIET;
    int rc = peer_new(&peer, nobody, ms);

    if (rc == 0)
        rc = peer_dial(peer);
    if (rc == 0)
        event = peer_wait(peer, ms);
    peer_free(&peer);
    if (rc != 0)
        return rc;
    switch (event) {
    case PEER_REFUSED: return 0;
    case PEER_OPENED: return HUB_UNGUARDED;
    case PEER_QUIET: return -ETIMEDOUT;
    case PEER_UNREACHABLE:
    case PEER_STRANGER:
    case PEER_LOST:
    case PEER_MESSAGE:
    case PEER_EVENT_COUNT: break;
    }
    return -EPROTO;
}

int
hub_knock(const uint8_t board[CURVE_KEY], const char *address, int ms)
{
    struct identity nobody = {.has = HAS_ALL & ~HAS_CLIENT, .address_count = 1};
    int rc = curve_generate(nobody.public, nobody.secret);

    memcpy(nobody.server, board, CURVE_KEY);
    (void)snprintf(nobody.address[0], sizeof nobody.address[0], "%s", address);
    return rc ? rc : knock(&nobody, ms);
}

int
hub_self_test(const struct hub *hub, int ms)
{
    int rc = 0;

    assert(hub->endpoint_count > 0);
    for (size_t i = 0; i < hub->endpoint_count && rc == 0; i++)
        rc = hub_knock(hub->public, hub->endpoint[i], ms);
    return rc;
}

/* --- receiving ------------------------------------------------------------- */

/* The handler's User-Id is on the body alone: after a poll, the frame with the
   route has lost it. */
static int
take_key(zmq_msg_t *body, uint8_t key[CURVE_KEY])
{
    const char *user = zmq_msg_gets(body, "User-Id");
    return user && curve_parse(user, key) ? 0 : -EACCES;
}

static int
take_route(void *socket, struct hub_route *route)
{
    int len = zmq_recv(socket, route->bytes, sizeof route->bytes, ZMQ_DONTWAIT);
    if (len < 0)
        return errno == EAGAIN || errno == EINTR ? HUB_EMPTY : -errno;
    route->len = (uint8_t)len;
    return HUB_FRAME;
}

/* The next frame of a message: libzmq hands one over when all of it is there, so
   that only a signal can come between. */
static int
take_part(void *socket, zmq_msg_t *part)
{
    int rc;

    do
        rc = zmq_msg_recv(part, socket, ZMQ_DONTWAIT);
    while (rc < 0 && errno == EINTR);
    return rc < 0 ? -errno : 0;
}

static int
strike(struct hub *hub, struct hub_frame *out)
{
    int rc = 0;

    for (int i = 0; i < HUB_PARTS && zmq_msg_more(&out->message) && rc == 0; i++)
        rc = take_part(hub->handle, &out->message);
    hub->striking = zmq_msg_more(&out->message);
    if (hub->striking) {
        hub->strike_route = out->route;
        memcpy(hub->strike_key, out->key, CURVE_KEY);
    }
    hub_release(out);
    return rc == 0 ? HUB_STRIKE : rc;
}

static int
go_on_striking(struct hub *hub, struct hub_frame *out)
{
    out->route = hub->strike_route;
    memcpy(out->key, hub->strike_key, CURVE_KEY);
    int rc = take_part(hub->handle, &out->message);
    return rc == 0 ? strike(hub, out) : rc;
}

static int
take_body(struct hub *hub, struct hub_frame *out)
{
    int rc = take_part(hub->handle, &out->message);
    if (rc == 0)
        rc = take_key(&out->message, out->key);
    if (rc != 0) {
        hub_release(out);
        return rc;
    }
    if (zmq_msg_more(&out->message))
        return strike(hub, out);
    out->data = zmq_msg_data(&out->message);
    out->len = zmq_msg_size(&out->message);
    return HUB_FRAME;
}

int
hub_receive(struct hub *hub, struct hub_frame *out)
{
    out->data = NULL;
    out->len = 0;
    (void)zmq_msg_init(&out->message);
    if (hub->striking)
        return go_on_striking(hub, out);
    int rc = take_route(hub->handle, &out->route);
    return rc == HUB_FRAME ? take_body(hub, out) : rc;
}

void
hub_release(struct hub_frame *frame)
{
    (void)zmq_msg_close(&frame->message);
    frame->data = NULL;
    frame->len = 0;
}

/* Of a peer on this host libzmq tells user, group and process, which are no address. */
void
hub_origin(const struct hub_frame *frame, char out[HUB_ORIGIN + 1])
{
    static const char mapped[] = "::ffff:"; /* an IPv4 address at a socket that takes both */
    const char *origin = zmq_msg_gets(&frame->message, "Peer-Address");
    size_t len = origin ? strspn(origin, "0123456789abcdef.:") : 0;
    bool is_address = len > 0 && len <= HUB_ORIGIN && (!origin[len] || origin[len] == '%');

    if (is_address && strncmp(origin, mapped, strlen(mapped)) == 0 && strchr(origin, '.')) {
        origin += strlen(mapped);
        len -= strlen(mapped);
    }
    (void)snprintf(out, HUB_ORIGIN + 1, "%.*s", is_address ? (int)len : 0,
                   is_address ? origin : "");
}

/* --- sending --------------------------------------------------------------- */

static int
send_part(void *socket, const void *data, size_t len, int flags)
{
    int rc;

    do
        rc = zmq_send(socket, data, len, flags | ZMQ_DONTWAIT);
    while (rc < 0 && errno == EINTR);
    return rc < 0 ? -errno : 0;
}

static int
send_route(struct hub *hub, const struct hub_route *route)
{
    int rc = send_part(hub->handle, route->bytes, route->len, ZMQ_SNDMORE);

    return rc == -EHOSTUNREACH ? HUB_GONE : rc == -EAGAIN ? HUB_FULL : rc;
}

int
hub_send(struct hub *hub, const struct hub_route *route, const void *data, size_t len)
{
    int rc = send_route(hub, route);

    return rc == HUB_SENT ? send_part(hub->handle, data, len, 0) : rc;
}

static int
send_message(void *socket, zmq_msg_t *message)
{
    int rc;

    do
        rc = zmq_msg_send(message, socket, ZMQ_DONTWAIT);
    while (rc < 0 && errno == EINTR);
    return rc < 0 ? -errno : 0;
}

int
hub_hand(struct hub *hub, const struct hub_route *route, void *data, size_t len, hub_done *done,
         void *hint)
{
    zmq_msg_t message;

    if (zmq_msg_init_data(&message, data, len, done, hint) != 0) {
        done(data, hint);
        return -ENOMEM;
    }
    int rc = send_route(hub, route);
    if (rc == HUB_SENT)
        rc = send_message(hub->handle, &message);
    if (rc != HUB_SENT)
        (void)zmq_msg_close(&message);
    return rc;
}

bool
hub_same_route(const struct hub_route *a, const struct hub_route *b)
{
    return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}
