#include "schema/wire/peer.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "schema/wire/attempt.h"

/* ENDING: the connection is gone, but what came before is not all read. */
enum state { DOWN, DIALLING, SHAKING, OPEN, ENDING, STATES };

struct peer {
    struct identity me;
    size_t turn; /* the address last dialled */
    bool dialled;
    enum state state;
    struct attempt attempt; /* the last; none when down */
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

/* Whoever holds another key than the server key can't read our first command,
   and hangs up: so does a program of another kind. */
/* clang-format off */
static const struct move {
    enum state next;
    enum peer_event event;
} moves[STATES][ATTEMPT_SIGNALS] = {
    [DIALLING] = {
        [ATTEMPT_NOISE]     = {DIALLING, PEER_QUIET},
        [ATTEMPT_CONNECTED] = {SHAKING,  PEER_QUIET},
        [ATTEMPT_LET_IN]    = {OPEN,     PEER_OPENED},
        [ATTEMPT_DENIED]    = {DOWN,     PEER_REFUSED},
        [ATTEMPT_ENDED]     = {DOWN,     PEER_UNREACHABLE},
    },
    [SHAKING] = {
        [ATTEMPT_NOISE]     = {SHAKING,  PEER_QUIET},
        [ATTEMPT_CONNECTED] = {SHAKING,  PEER_QUIET},
        [ATTEMPT_LET_IN]    = {OPEN,     PEER_OPENED},
        [ATTEMPT_DENIED]    = {DOWN,     PEER_REFUSED},
        [ATTEMPT_ENDED]     = {DOWN,     PEER_STRANGER},
    },
    [OPEN] = {
        [ATTEMPT_NOISE]     = {OPEN,     PEER_QUIET},
        [ATTEMPT_CONNECTED] = {OPEN,     PEER_QUIET},
        [ATTEMPT_LET_IN]    = {OPEN,     PEER_QUIET},
        [ATTEMPT_DENIED]    = {ENDING,   PEER_QUIET},
        [ATTEMPT_ENDED]     = {ENDING,   PEER_QUIET},
    },
};
/* clang-format on */

static bool
has_message(const struct peer *peer)
{
    return (peer->state == OPEN || peer->state == ENDING)
           && (attempt_events(peer->attempt.socket) & ZMQ_POLLIN);
}

static enum peer_event
go_down(struct peer *peer, enum peer_event why)
{
    peer_hang_up(peer);
    return why;
}

static enum peer_event
take_signal(struct peer *peer, enum attempt_signal signal)
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
    enum attempt_signal signal;

    while (event == PEER_QUIET && peer->state != DOWN) {
        if (has_message(peer))
            event = PEER_MESSAGE;
        else if (peer->state == ENDING)
            event = go_down(peer, PEER_LOST);
        else if (attempt_next(&peer->attempt, &signal))
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

int
peer_dial(struct peer *peer)
{
    const unsigned needs = HAS_ALL & ~HAS_CLIENT;

    assert((peer->me.has & needs) == needs);
    peer_hang_up(peer);
    if (peer->dialled)
        peer->turn = (peer->turn + 1) % peer->me.address_count;
    peer->dialled = true;
    int rc = attempt_begin(&peer->attempt, &peer->me, peer_address(peer));
    if (rc)
        return rc;
    peer->state = DIALLING;
    peer->deadline = zclock_mono() + peer->patience;
    return 0;
}

void
peer_hang_up(struct peer *peer)
{
    attempt_end(&peer->attempt);
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
    (*out)->attempt.epoll = -1;
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
        items[count++] = (zmq_pollitem_t){zsock_resolve(peer->attempt.socket), 0, ZMQ_POLLIN, 0};
    if (peer->state != DOWN)
        items[count++] = (zmq_pollitem_t){zsock_resolve(peer->attempt.monitor), 0, ZMQ_POLLIN, 0};
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
    peer->attempt.epoll = epoll;
}

bool
peer_is_ready(const struct peer *peer, bool to_send)
{
    const int wanted = ZMQ_POLLIN | (to_send ? ZMQ_POLLOUT : 0);

    if (peer->state == DOWN)
        return false;
    if (peer->state == ENDING
        || (peer->state == OPEN && (attempt_events(peer->attempt.socket) & wanted)))
        return true;
    return attempt_events(peer->attempt.monitor) & ZMQ_POLLIN;
}

int
peer_send(struct peer *peer, const void *data, size_t len)
{
    if (peer->state != OPEN)
        return PEER_FULL;
    if (zmq_send(zsock_resolve(peer->attempt.socket), data, len, ZMQ_DONTWAIT) >= 0)
        return 0;
    return errno == EAGAIN || errno == EINTR ? PEER_FULL : -errno;
}

int
peer_send_last(struct peer *peer, const void *data, size_t len)
{
    int rc = peer_send(peer, data, len);

    if (!rc)
        zsock_set_linger(peer->attempt.socket, PEER_PARTING_MS);
    return rc;
}

int
peer_receive(struct peer *peer, zmq_msg_t *message)
{
    if (peer->state != OPEN && peer->state != ENDING)
        return 0;
    void *socket = zsock_resolve(peer->attempt.socket);
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
