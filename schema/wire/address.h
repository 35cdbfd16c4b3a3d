/* "tcp://HOST:PORT", taken apart. */
#ifndef SCHEMA_WIRE_ADDRESS_H
#define SCHEMA_WIRE_ADDRESS_H

#include <stdbool.h>

enum { ADDRESS_HOST = 254, ADDRESS_PORT = 6 };

/* An IPv6 host without its brackets; `*` as PORT is "0". False where it is no such address. */
bool address_split(const char *address, char host[ADDRESS_HOST], char port[ADDRESS_PORT]);

#endif
