#include "schema/wire/peer.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>

#include <czmq.h>

/* ENDING: the connection is gone, but what came before is not all read. */
enum state { DOWN, DIALLING, SHAKING, OPEN, ENDING, STATES };

struct peer {
    struct identity me;
    size_t turn; /* the address last dialled */
    bool dialled;
    enum state state;
    zsock_t *socket; /* these two are NULL when down */
    zsock_t *monitor;
    int epoll; /* borrowed; -1: none */
    /* Ours, for libzmq gives no sign of a name that can't be resolved, nor until
       minutes later of a host that does not answer. */
    int patience;
    int64_t deadline; /* of DIALLING and SHAKING, by zclock_mono */
};

#define TEXT(symbol, text) [symbol] = (text),
static const char *const event_texts[PEER_EVENT_COUNT] = {PEER_EVENTS(TEXT)};
#undef TEXT

const char *
peer_event_text(enum peer_event event)
{
    assert(event < PEER_EVENT_COUNT);
    return event_texts[event];
}

/* --- the connection's life, as libzmq's monitor tells it ------------------- */

enum signal { NOISE, CONNECTED, LET_IN, DENIED, ENDED, SIGNALS };

enum {
    WATCHED = ZMQ_EVENT_CONNECTED | ZMQ_EVENT_CLOSED | ZMQ_EVENT_DISCONNECTED
              | ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH
              | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL
};

static enum signal
signal_of(uint16_t event, uint32_t value)
{
    switch (event) {
    case ZMQ_EVENT_CONNECTED: return CONNECTED;
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: return LET_IN;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: return value == 400 ? DENIED : ENDED;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
    case ZMQ_EVENT_CLOSED:
    case ZMQ_EVENT_DISCONNECTED: return ENDED;
    default: return NOISE;
    }
}

/* Whoever holds another key than the server key can't read our first command,
   and hangs up: so does a program of another kind. */
/* clang-format off */
static const struct move {
    enum state next;
    enum peer_event event;
} moves[STATES][SIGNALS] = {
    [DIALLING] = {
        [NOISE]     = {DIALLING, PEER_QUIET},
        [CONNECTED] = {SHAKING,  PEER_QUIET},
        [LET_IN]    = {OPEN,     PEER_OPENED},
        [DENIED]    = {DOWN,     PEER_REFUSED},
        [ENDED]     = {DOWN,     PEER_UNREACHABLE},
    },
    [SHAKING] = {
        [NOISE]     = {SHAKING,  PEER_QUIET},
        [CONNECTED] = {SHAKING,  PEER_QUIET},
        [LET_IN]    = {OPEN,     PEER_OPENED},
        [DENIED]    = {DOWN,     PEER_REFUSED},
        [ENDED]     = {DOWN,     PEER_STRANGER},
    },
    [OPEN] = {
        [NOISE]     = {OPEN,     PEER_QUIET},
        [CONNECTED] = {OPEN,     PEER_QUIET},
        [LET_IN]    = {OPEN,     PEER_QUIET},
        [DENIED]    = {ENDING,   PEER_QUIET},
        [ENDED]     = {ENDING,   PEER_QUIET},
    },
};
/* clang-format on */

/* A monitor's message: the event and its value in 6 bytes, then the address. */
static bool
next_signal(struct peer *peer, enum signal *out)
{
    void *monitor = zsock_resolve(peer->monitor);
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

static int
number_of(zsock_t *socket, int option)
{
    int number = 0;
    size_t len = sizeof number;

    int rc = zmq_getsockopt(zsock_resolve(socket), option, &number, &len);
    return rc ? 0 : number;
}

static bool
has_message(const struct peer *peer)
{
    return (peer->state == OPEN || peer->state == ENDING)
           && (number_of(peer->socket, ZMQ_EVENTS) & ZMQ_POLLIN);
}

static enum peer_event
go_down(struct peer *peer, enum peer_event why)
{
    peer_hang_up(peer);
    return why;
}

static enum peer_event
take_signal(struct peer *peer, enum signal signal)
{
    const struct move *move = &moves[peer->state][signal];

    if (peer->state == DIALLING && move->next == SHAKING)
        peer->deadline = zclock_mono() + peer->patience;
    peer->state = move->next;
    return move->next == DOWN ? go_down(peer, move->event) : move->event;
}

static bool
is_late(const struct peer *peer)
{
    return (peer->state == DIALLING || peer->state == SHAKING) && zclock_mono() >= peer->deadline;
}

enum peer_event
peer_next_event(struct peer *peer)
{
    enum peer_event event = PEER_QUIET;
    enum signal signal;

    while (event == PEER_QUIET && peer->state != DOWN) {
        if (has_message(peer))
            event = PEER_MESSAGE;
        else if (peer->state == ENDING)
            event = go_down(peer, PEER_LOST);
        else if (next_signal(peer, &signal))
            event = take_signal(peer, signal);
        else if (is_late(peer))
            event = go_down(peer, PEER_UNREACHABLE);
        else
            break;
    }
    return event;
}

enum peer_event
peer_wait(struct peer *peer, int ms)
{
    const int64_t until = zclock_mono() + ms;

    for (;;) {
        zmq_pollitem_t items[PEER_POLL_ITEMS];
        enum peer_event event = peer_next_event(peer);
        int64_t left = until - zclock_mono();
        int own = peer_poll_timeout(peer);
        if (event != PEER_QUIET || peer->state == DOWN || left <= 0)
            return event;
        if (own >= 0 && own < left)
            left = own;
        if (zmq_poll(items, peer_poll_items(peer, items), (long)left) < 0)
            return PEER_QUIET;
    }
}

/* --- making it, and taking it down ----------------------------------------- */

/* One socket is one attempt, so that what the monitor tells is about this
   address: it would try again after an hour. (Never, -1, and ZMQ_IMMEDIATE have
   libzmq drop what came in and was not read yet when the connection ends.
   peer_send sees to it that nothing is queued before there is one.) What czmq
   would take from ZSYS_* variables is set here. */
/* clang-format off */
static const struct {
    int option;
    int value;
} settings[] = {
    {ZMQ_LINGER,              0},
    {ZMQ_RECONNECT_IVL,       3600 * 1000},
    {ZMQ_SNDHWM,              PEER_SEND_LIMIT},
    {ZMQ_RCVHWM,              PEER_RECEIVE_LIMIT},
    {ZMQ_HEARTBEAT_IVL,       2000},
    {ZMQ_HEARTBEAT_TIMEOUT,   6000},
    {ZMQ_HEARTBEAT_TTL,       6000},
    {ZMQ_TCP_KEEPALIVE,       1},
    {ZMQ_TCP_KEEPALIVE_IDLE,  60},
    {ZMQ_TCP_KEEPALIVE_INTVL, 15},
    {ZMQ_TCP_KEEPALIVE_CNT,   4},
};
/* clang-format on */

static void
set_up(const struct peer *peer)
{
    void *socket = zsock_resolve(peer->socket);
    int ipv6 = strchr(peer_address(peer), '[') != NULL;
    int64_t longest = PEER_MESSAGE_MAX;
    int rc = 0;

    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        rc |= zmq_setsockopt(socket, settings[i].option, &settings[i].value, sizeof(int));
    rc |= zmq_setsockopt(socket, ZMQ_IPV6, &ipv6, sizeof ipv6);
    rc |= zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &longest, sizeof longest);
    rc |= zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, peer->me.public, CURVE_KEY);
    rc |= zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, peer->me.secret, CURVE_KEY);
    rc |= zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, peer->me.server, CURVE_KEY);
    assert(rc == 0);
}

/* Under a name of its own each time: libzmq lets go of the last one's in a
   thread of its own, some time after. */
static int
watch(struct peer *peer)
{
    char name[64];
    uint64_t unique;

    if (getrandom(&unique, sizeof unique, 0) != sizeof unique)
        return -1;
    (void)snprintf(name, sizeof name, "inproc://peer-%016" PRIx64, unique);
    peer->monitor = zsock_new(ZMQ_PAIR);
    if (!peer->monitor || zmq_socket_monitor(zsock_resolve(peer->socket), name, WATCHED) != 0)
        return -1;
    return zmq_connect(zsock_resolve(peer->monitor), name);
}

/* A socket's descriptor, as long as there is the socket. */
static int
join(const struct peer *peer, zsock_t *socket, int what)
{
    struct epoll_event readable = {.events = EPOLLIN};

    return peer->epoll < 0 ? 0 : epoll_ctl(peer->epoll, what, number_of(socket, ZMQ_FD), &readable);
}

static int
start(struct peer *peer)
{
    peer->socket = zsock_new(ZMQ_DEALER);
    if (!peer->socket)
        return -1;
    set_up(peer);
    if (watch(peer) != 0 || join(peer, peer->socket, EPOLL_CTL_ADD) != 0
        || join(peer, peer->monitor, EPOLL_CTL_ADD) != 0)
        return -1;
    return zmq_connect(zsock_resolve(peer->socket), peer_address(peer));
}

int
peer_dial(struct peer *peer)
{
    const unsigned needs = HAS_ALL & ~HAS_CLIENT;

    assert((peer->me.has & needs) == needs);
    peer_hang_up(peer);
    if (peer->dialled)
        peer->turn = (peer->turn + 1) % peer->me.address_count;
    peer->dialled = true;
    if (start(peer) != 0) {
        int error = errno;
        peer_hang_up(peer);
        return error ? -error : -EMFILE;
    }
    peer->state = DIALLING;
    peer->deadline = zclock_mono() + peer->patience;
    return 0;
}

/* The monitor first: libzmq's I/O thread tells it of the socket's end, and waits
   for ever once there is nobody to read that. */
void
peer_hang_up(struct peer *peer)
{
    if (peer->socket)
        (void)join(peer, peer->socket, EPOLL_CTL_DEL);
    if (peer->monitor)
        (void)join(peer, peer->monitor, EPOLL_CTL_DEL);
    if (peer->socket)
        (void)zmq_socket_monitor(zsock_resolve(peer->socket), NULL, 0);
    zsock_destroy(&peer->socket);
    zsock_destroy(&peer->monitor);
    peer->state = DOWN;
}

int
peer_new(struct peer **out, const struct identity *me, int patience)
{
    *out = calloc(1, sizeof **out);
    if (!*out)
        return -ENOMEM;
    (*out)->me = *me;
    (*out)->patience = patience;
    (*out)->epoll = -1;
    return 0;
}

void
peer_use(struct peer *peer, const struct identity *me)
{
    peer_hang_up(peer);
    peer->me = *me;
    peer->turn = 0;
    peer->dialled = false;
}

void
peer_free(struct peer **peer)
{
    if (*peer) {
        peer_hang_up(*peer);
        identity_wipe(&(*peer)->me);
        free(*peer);
    }
    *peer = NULL;
}

/* --- what the loop around it asks ------------------------------------------ */

bool
peer_is_down(const struct peer *peer)
{
    return peer->state == DOWN;
}

bool
peer_is_open(const struct peer *peer)
{
    return peer->state == OPEN;
}

const char *
peer_address(const struct peer *peer)
{
    return peer->me.address[peer->turn];
}

int
peer_poll_items(const struct peer *peer, zmq_pollitem_t items[PEER_POLL_ITEMS])
{
    int count = 0;

    if (peer->state == OPEN || peer->state == ENDING)
        items[count++] = (zmq_pollitem_t){zsock_resolve(peer->socket), 0, ZMQ_POLLIN, 0};
    if (peer->state != DOWN)
        items[count++] = (zmq_pollitem_t){zsock_resolve(peer->monitor), 0, ZMQ_POLLIN, 0};
    return count;
}

int
peer_poll_timeout(const struct peer *peer)
{
    if (peer->state == ENDING)
        return 0;
    if (peer->state == DOWN || peer->state == OPEN)
        return -1;
    int64_t left = peer->deadline - zclock_mono();
    return left > 0 ? (int)left : 0;
}

void
peer_join(struct peer *peer, int epoll)
{
    peer->epoll = epoll;
}

bool
peer_is_ready(const struct peer *peer, bool to_send)
{
    const int wanted = ZMQ_POLLIN | (to_send ? ZMQ_POLLOUT : 0);

    if (peer->state == DOWN)
        return false;
    if (peer->state == ENDING
        || (peer->state == OPEN && (number_of(peer->socket, ZMQ_EVENTS) & wanted)))
        return true;
    return number_of(peer->monitor, ZMQ_EVENTS) & ZMQ_POLLIN;
}

int
peer_send(struct peer *peer, const void *data, size_t len)
{
    if (peer->state != OPEN)
        return PEER_FULL;
    if (zmq_send(zsock_resolve(peer->socket), data, len, ZMQ_DONTWAIT) >= 0)
        return 0;
    return errno == EAGAIN || errno == EINTR ? PEER_FULL : -errno;
}

int
peer_receive(struct peer *peer, zmq_msg_t *message)
{
    if (peer->state != OPEN && peer->state != ENDING)
        return 0;
    void *socket = zsock_resolve(peer->socket);
    if (zmq_msg_recv(message, socket, ZMQ_DONTWAIT) < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : -errno;
    if (!zmq_msg_more(message))
        return 1;
    while (zmq_msg_more(message)
           && (zmq_msg_recv(message, socket, ZMQ_DONTWAIT) >= 0 || errno == EINTR))
        ;
    return -EBADMSG;
}

uint32_t
peer_backoff(unsigned failed, uint64_t random)
{
    enum { FIRST = 400, LAST = 30000 };
    unsigned doublings = failed < 7 ? failed : 7;
    uint32_t most = (uint32_t)FIRST << doublings;

    if (most > LAST)
        most = LAST;
    return most / 2 + (uint32_t)(random % (most / 2 + 1));
}
