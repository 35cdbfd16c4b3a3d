#include "tests/bench/echo.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "tests/t.h"

static void
serve(void *socket)
{
    zmq_msg_t route;
    zmq_msg_t body;

    (void)zmq_msg_init(&route);
    (void)zmq_msg_init(&body);
    while (zmq_msg_recv(&route, socket, 0) >= 0 && zmq_msg_recv(&body, socket, 0) >= 0)
        if (zmq_msg_send(&route, socket, ZMQ_SNDMORE) < 0 || zmq_msg_send(&body, socket, 0) < 0)
            return;
}

static _Noreturn void
be_the_echo(const uint8_t secret[CURVE_KEY], int tell)
{
    const int on = 1;
    char endpoint[IDENTITY_ADDRESS + 1] = "";
    size_t size = sizeof endpoint;
    void *context = zmq_ctx_new();
    void *socket = zmq_socket(context, ZMQ_ROUTER);

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &on, sizeof on) == 0
        && zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, secret, CURVE_KEY) == 0
        && zmq_bind(socket, "tcp://127.0.0.1:*") == 0
        && zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, endpoint, &size) == 0
        && write(tell, endpoint, sizeof endpoint) == sizeof endpoint)
        serve(socket);
    _exit(1);
}

void
echo_start(struct echo *e)
{
    uint8_t secret[CURVE_KEY];
    int told[2];

    *e = (struct echo){.place = {.has = HAS_SERVER | HAS_ADDRESS, .address_count = 1}};
    CHECK_INT(0, curve_generate(e->place.server, secret));
    CHECK_INT(0, pipe(told));
    (void)fflush(stdout);
    e->id = fork();
    CHECK(e->id >= 0);
    if (e->id == 0)
        be_the_echo(secret, told[1]);
    (void)close(told[1]);
    CHECK(read(told[0], e->place.address[0], sizeof e->place.address[0])
          == sizeof e->place.address[0]);
    (void)close(told[0]);
}

void
echo_stop(struct echo *e)
{
    (void)kill(e->id, SIGKILL);
    (void)waitpid(e->id, NULL, 0);
}
