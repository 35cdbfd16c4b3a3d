/* What libzmq is told of a socket by numbers, and what it is told of those at both ends of the
   wire: how soon each finds that the other is gone. */
#ifndef SCHEMA_WIRE_SOCKET_SETTINGS_H
#define SCHEMA_WIRE_SOCKET_SETTINGS_H

#include <stddef.h>

struct socket_setting {
    int option;
    int value;
};

/* Those of the list, and those of both ends. 0, or -1 as zmq_setsockopt does. */
int socket_settings_give(void *socket, const struct socket_setting *list, size_t count);

#endif
