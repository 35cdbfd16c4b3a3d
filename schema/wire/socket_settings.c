#include "schema/wire/socket_settings.h"

#include <zmq.h>

/* Heartbeats are of libzmq's own thread; keepalive is a floor beneath them. */
/* clang-format off */
static const struct socket_setting of_both_ends[] = {
    {ZMQ_LINGER,              0},
    {ZMQ_HEARTBEAT_IVL,       2000},
    {ZMQ_HEARTBEAT_TIMEOUT,   6000},
    {ZMQ_HEARTBEAT_TTL,       6000},
    {ZMQ_TCP_KEEPALIVE,       1},
    {ZMQ_TCP_KEEPALIVE_IDLE,  60},
    {ZMQ_TCP_KEEPALIVE_INTVL, 15},
    {ZMQ_TCP_KEEPALIVE_CNT,   4},
};
/* clang-format on */

static int
give(void *socket, const struct socket_setting *list, size_t count)
{
    int rc = 0;

    for (size_t i = 0; i < count; i++)
        rc |= zmq_setsockopt(socket, list[i].option, &list[i].value, sizeof(int));
    return rc;
}

int
socket_settings_give(void *socket, const struct socket_setting *list, size_t count)
{
    return give(socket, list, count)
           | give(socket, of_both_ends, sizeof of_both_ends / sizeof *of_both_ends);
}
