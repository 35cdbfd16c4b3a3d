#include "schema/wire/address.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
is_port(const char *port)
{
    return *port && strspn(port, "0123456789") == strlen(port)
           && strtol(port, NULL, 10) <= UINT16_MAX;
}

bool
address_split(const char *address, char host[ADDRESS_HOST], char port[ADDRESS_PORT])
{
    static const char tcp[] = "tcp://";
    const char *from = address + strlen(tcp);
    const char *colon = strrchr(address, ':');

    if (strncmp(address, tcp, strlen(tcp)) != 0 || colon < from
        || strlen(colon + 1) >= ADDRESS_PORT)
        return false;
    const char *to = colon;
    if (*from == '[' && to[-1] == ']') {
        from++;
        to--;
    }
    if (to <= from || to - from >= ADDRESS_HOST)
        return false;
    (void)snprintf(host, ADDRESS_HOST, "%.*s", (int)(to - from), from);
    (void)snprintf(port, ADDRESS_PORT, "%s", strcmp(colon + 1, "*") == 0 ? "0" : colon + 1);
    return is_port(port);
}
