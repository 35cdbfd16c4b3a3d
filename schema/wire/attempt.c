#include "schema/wire/attempt.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>

#include "schema/wire/peer.h"
#include "schema/wire/socket_settings.h"

/* --- as libzmq's monitor tells it ------------------------------------------ */

enum {
    WATCHED = ZMQ_EVENT_CONNECTED | ZMQ_EVENT_CLOSED | ZMQ_EVENT_DISCONNECTED
              | ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH
              | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL
};

static enum attempt_signal
signal_of(uint16_t event, uint32_t value)
{
    switch (event) {
    case ZMQ_EVENT_CONNECTED: return ATTEMPT_CONNECTED;
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: return ATTEMPT_LET_IN;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: return value == 400 ? ATTEMPT_DENIED : ATTEMPT_ENDED;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
    case ZMQ_EVENT_CLOSED:
    case ZMQ_EVENT_DISCONNECTED: return ATTEMPT_ENDED;
    default: return ATTEMPT_NOISE;
    }
}

/* A monitor's message: the event and its value in 6 bytes, then the address. */
bool
attempt_next(struct attempt *a, enum attempt_signal *out)
{
    void *monitor = zsock_resolve(a->monitor);
    uint8_t what[6];
    uint16_t event;
    uint32_t value;

    if (zmq_recv(monitor, what, sizeof what, ZMQ_DONTWAIT) != sizeof what)
        return false;
    while (zmq_recv(monitor, NULL, 0, ZMQ_DONTWAIT) < 0 && errno == EINTR)
        ;
    memcpy(&event, what, sizeof event);
    memcpy(&value, what + sizeof event, sizeof value);
    *out = signal_of(event, value);
    return true;
}

/* --- beginning and end ----------------------------------------------------- */

/* One socket is one attempt, so that what the monitor tells is about this
   address: it would try again after an hour. (Never, -1, and ZMQ_IMMEDIATE have
   libzmq drop what came in and was not read yet when the connection ends.
   peer_send sees to it that nothing is queued before there is one.) What czmq
   would take from ZSYS_* variables is set here. */
/* clang-format off */
static const struct socket_setting settings[] = {
    {ZMQ_RECONNECT_IVL, 3600 * 1000},
    {ZMQ_SNDHWM,        PEER_SEND_LIMIT},
    {ZMQ_RCVHWM,        PEER_RECEIVE_LIMIT},
};
/* clang-format on */

static void
set_up(const struct attempt *a, const struct identity *me, const char *address)
{
    void *socket = zsock_resolve(a->socket);
    int ipv6 = strchr(address, '[') != NULL;
    int64_t longest = PEER_MESSAGE_MAX;
    int rc = socket_settings_give(socket, settings, sizeof settings / sizeof *settings);

    rc |= zmq_setsockopt(socket, ZMQ_IPV6, &ipv6, sizeof ipv6);
    rc |= zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &longest, sizeof longest);
    rc |= zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, me->public, CURVE_KEY);
    rc |= zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, me->secret, CURVE_KEY);
    rc |= zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, me->server, CURVE_KEY);
    assert(rc == 0);
}

/* Under a name of its own each time: libzmq lets go of the last one's in a
   thread of its own, some time after. */
static int
watch(struct attempt *a)
{
    char name[64];
    uint64_t unique;

    if (getrandom(&unique, sizeof unique, 0) != sizeof unique)
        return -1;
    (void)snprintf(name, sizeof name, "inproc://peer-%016" PRIx64, unique);
    a->monitor = zsock_new(ZMQ_PAIR);
    if (!a->monitor || zmq_socket_monitor(zsock_resolve(a->socket), name, WATCHED) != 0)
        return -1;
    return zmq_connect(zsock_resolve(a->monitor), name);
}

static int
number_of(zsock_t *socket, int option)
{
    int number = 0;
    size_t len = sizeof number;

    int rc = zmq_getsockopt(zsock_resolve(socket), option, &number, &len);
    return rc ? 0 : number;
}

/* A socket's descriptor, as long as there is the socket. */
static int
join(const struct attempt *a, zsock_t *socket, int what)
{
    struct epoll_event readable = {.events = EPOLLIN};

    return a->epoll < 0 ? 0 : epoll_ctl(a->epoll, what, number_of(socket, ZMQ_FD), &readable);
}

static int
start(struct attempt *a, const struct identity *me, const char *address)
{
    a->socket = zsock_new(ZMQ_DEALER);
    if (!a->socket)
        return -1;
    set_up(a, me, address);
    if (watch(a) != 0 || join(a, a->socket, EPOLL_CTL_ADD) != 0
        || join(a, a->monitor, EPOLL_CTL_ADD) != 0)
        return -1;
    return zmq_connect(zsock_resolve(a->socket), address);
}

int
attempt_begin(struct attempt *a, const struct identity *me, const char *address)
{
    if (start(a, me, address) == 0)
        return 0;
    int error = errno;
    attempt_end(a);
    return error ? -error : -EMFILE;
}

/* The monitor first: libzmq's I/O thread tells it of the socket's end, and waits
   for ever once there is nobody to read that. */
void
attempt_end(struct attempt *a)
{
    if (a->socket)
        (void)join(a, a->socket, EPOLL_CTL_DEL);
    if (a->monitor)
        (void)join(a, a->monitor, EPOLL_CTL_DEL);
    if (a->socket)
        (void)zmq_socket_monitor(zsock_resolve(a->socket), NULL, 0);
    zsock_destroy(&a->socket);
    zsock_destroy(&a->monitor);
}

int
attempt_events(zsock_t *socket)
{
    return number_of(socket, ZMQ_EVENTS);
}
