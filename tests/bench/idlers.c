#include "tests/bench/idlers.h"

#include <czmq.h>
#include <pthread.h>
#include <stdatomic.h>

#include "schema/messages.h"
#include "schema/wire/frame.h"
#include "tests/bench/process.h"
#include "tests/t.h"

enum { FRAME = 256, LOOK_EVERY = 20 /* ms */, PING_EVERY = 2000, PATIENCE = 60000 };

struct idlers {
    unsigned count;
    pid_t broker;
    zsock_t *socket;
    pthread_t thread;
    _Atomic bool watching, over;
    _Atomic double most;
};

/* The socket hands what it sends to its connections in turn: so each gets one. */
static void
say_all(struct idlers *i, enum message_kind kind, const void *record)
{
    uint8_t frame[FRAME];
    size_t len = frame_encode(kind, record, frame, sizeof frame);

    CHECK(len > 0);
    for (unsigned k = 0; k < i->count; k++)
        CHECK(zmq_send(zsock_resolve(i->socket), frame, len, 0) == (int)len);
}

/* How many answers there were. */
static unsigned
hear(struct idlers *i)
{
    uint8_t frame[FRAME_OUT_MAX];
    unsigned count = 0;
    int len;

    while ((len = zmq_recv(zsock_resolve(i->socket), frame, sizeof frame, ZMQ_DONTWAIT)) > 0) {
        if (len > 7 && memcmp(frame + 2, "ERROR", 5) == 0)
            FAIL_WITH("the broker refuses one who idles: %.*s", len - 8, frame + 8);
        count++;
    }
    return count;
}

static void *
idle(void *context)
{
    struct idlers *i = context;
    const struct ping ping = {0};
    zmq_pollitem_t item = {.socket = zsock_resolve(i->socket), .events = ZMQ_POLLIN};

    for (int64_t turn = 1; !i->over; turn++) {
        if (turn % (PING_EVERY / LOOK_EVERY) == 0)
            say_all(i, SAY_PING, &ping);
        (void)zmq_poll(&item, 1, 0);
        (void)hear(i);
        double now = i->watching ? process_memory(i->broker).own : 0;
        if (now > i->most)
            i->most = now;
        (void)nanosleep(&(struct timespec){.tv_nsec = LOOK_EVERY * 1000000}, NULL);
    }
    return NULL;
}

static void
set_up(struct idlers *i, const struct identity *me)
{
    const int linger = 0;
    const int settled = 1; /* no message for a connection that is not there yet */
    const int patience = PATIENCE;
    void *socket;

    CHECK((i->socket = zsock_new(ZMQ_DEALER)) != NULL);
    socket = zsock_resolve(i->socket);
    CHECK_INT(0, zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, me->server, CURVE_KEY));
    CHECK_INT(0, zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, me->public, CURVE_KEY));
    CHECK_INT(0, zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, me->secret, CURVE_KEY));
    CHECK_INT(0, zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger));
    CHECK_INT(0, zmq_setsockopt(socket, ZMQ_IMMEDIATE, &settled, sizeof settled));
    CHECK_INT(0, zmq_setsockopt(socket, ZMQ_SNDTIMEO, &patience, sizeof patience));
}

/* From an address of loopback's of its own: a second connection between the same two
   ends would be none. */
static void
connect_from(struct idlers *i, unsigned k, const char *address)
{
    char both[IDENTITY_ADDRESS + 32];

    CHECK(strncmp(address, "tcp://", strlen("tcp://")) == 0);
    (void)snprintf(both, sizeof both, "tcp://127.1.%u.%u:0;%s", k / 250, 1 + k % 250,
                   address + strlen("tcp://"));
    CHECK_INT(0, zmq_connect(zsock_resolve(i->socket), both));
}

static zsock_t *
listen_for_connections(struct idlers *i)
{
    static const char address[] = "inproc://idlers";

    CHECK_INT(0,
              zmq_socket_monitor(zsock_resolve(i->socket), address, ZMQ_EVENT_HANDSHAKE_SUCCEEDED));
    zsock_t *monitor = zsock_new(ZMQ_PAIR);
    CHECK(monitor != NULL);
    CHECK_INT(0, zmq_connect(zsock_resolve(monitor), address));
    return monitor;
}

/* Each of its events is a message of two frames. */
static void
wait_for_all(zsock_t *monitor, unsigned count)
{
    const int patience = PATIENCE;
    uint8_t event[FRAME];

    CHECK_INT(0, zmq_setsockopt(zsock_resolve(monitor), ZMQ_RCVTIMEO, &patience, sizeof patience));
    for (unsigned frames = 0; frames < 2 * count; frames++)
        CHECK(zmq_recv(zsock_resolve(monitor), event, sizeof event, 0) >= 0);
}

struct idlers *
idlers_open(const struct identity *identity, unsigned count, pid_t broker)
{
    struct hello hello = {
        .oldest = PROTOCOL_VERSION, .newest = PROTOCOL_VERSION, .software = text_of("benchmark")};
    struct idlers *i = calloc(1, sizeof *i);

    CHECK(i != NULL);
    i->count = count;
    i->broker = broker;
    set_up(i, identity);
    zsock_t *monitor = listen_for_connections(i);
    for (unsigned k = 0; k < count; k++)
        connect_from(i, k, identity->address[0]);
    wait_for_all(monitor, count);
    hello.has.oldest = hello.has.newest = hello.has.software = 1;
    say_all(i, SAY_HELLO, &hello);
    for (unsigned welcomed = 0; welcomed < count; welcomed += hear(i)) {
        zmq_pollitem_t item = {.socket = zsock_resolve(i->socket), .events = ZMQ_POLLIN};
        CHECK(zmq_poll(&item, 1, PATIENCE) == 1);
    }
    (void)zmq_socket_monitor(zsock_resolve(i->socket), NULL, 0);
    zsock_destroy(&monitor);
    CHECK_INT(0, pthread_create(&i->thread, NULL, idle, i));
    return i;
}

void
idlers_watch(struct idlers *i, bool watching)
{
    i->watching = watching;
}

double
idlers_most(const struct idlers *i)
{
    return i->most;
}

void
idlers_close(struct idlers **i)
{
    (*i)->over = true;
    CHECK_INT(0, pthread_join((*i)->thread, NULL));
    zsock_destroy(&(*i)->socket);
    free(*i);
    *i = NULL;
}
