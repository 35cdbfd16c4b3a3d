#include <zmq.h>

#include "schema/wire/hub.h"
#include "tests/bench/yardstick.h"
#include "tests/t.h"

static void *
open_socket(const uint8_t secret[CURVE_KEY])
{
    const int on = 1;
    char endpoint[HUB_ENDPOINT + 1] = "";
    size_t size = sizeof endpoint;
    void *socket = zmq_socket(zmq_ctx_new(), ZMQ_ROUTER);

    CHECK_INT(0, zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &on, sizeof on));
    CHECK_INT(0, zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, secret, CURVE_KEY));
    CHECK_INT(0, zmq_bind(socket, "tcp://127.0.0.1:*"));
    CHECK_INT(0, zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, endpoint, &size));
    printf("%s\n", endpoint);
    (void)fflush(stdout);
    return socket;
}

void
echo_serve(const char *folder)
{
    struct yardstick_keys keys;
    zmq_msg_t route;
    zmq_msg_t body;

    yardstick_keys_read(folder, &keys);
    void *socket = open_socket(keys.secret);
    (void)zmq_msg_init(&route);
    (void)zmq_msg_init(&body);
    while (zmq_msg_recv(&route, socket, 0) >= 0 && zmq_msg_recv(&body, socket, 0) >= 0)
        if (zmq_msg_send(&route, socket, ZMQ_SNDMORE) < 0 || zmq_msg_send(&body, socket, 0) < 0)
            return;
}
