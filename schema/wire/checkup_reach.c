/* A checkup of the way to an address: is its name found, does anybody listen. */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "schema/wire/address.h"
#include "schema/wire/checkup.h"

enum { REACH_MS = 5000 };

static const char ipc[] = "ipc://";

static bool
is_ipc(const char *address)
{
    return strncmp(address, ipc, strlen(ipc)) == 0;
}

/* 0, with a list to be given back; or getaddrinfo's error. */
static int
find(const char *host, const char *port, struct addrinfo **out)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    return getaddrinfo(host, port, &hints, out);
}

bool
checkup_finds(const char *address, struct why *why)
{
    char host[ADDRESS_HOST], port[ADDRESS_PORT];
    struct addrinfo *found;

    if (is_ipc(address))
        return true;
    if (!address_split(address, host, port))
        return why_set(why, false, "%s is no address: write tcp://HOST:PORT or ipc://PATH",
                       address);
    int rc = find(host, port, &found);
    if (rc)
        return why_set(why, false, "%s: %s: look for a slip in the name, and at this host's DNS",
                       host, gai_strerror(rc));
    freeaddrinfo(found);
    return true;
}

bool
checkup_resolve(struct checkup *c, const char *address)
{
    char host[ADDRESS_HOST], port[ADDRESS_PORT];
    struct why why;

    if (!checkup_finds(address, &why))
        return checkup_line(c, false, "resolve", "%s", why.text);
    return is_ipc(address) || !address_split(address, host, port)
           || checkup_line(c, true, "resolve", "%s", host);
}

/* Of a connection under way. */
static int
outcome_in_time(int fd)
{
    struct pollfd item = {.fd = fd, .events = POLLOUT};
    int error = 0;
    socklen_t size = sizeof error;

    if (poll(&item, 1, REACH_MS) == 0)
        return ETIMEDOUT;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) ? errno : error;
}

/* 0 or an errno. */
static int
connect_in_time(int family, const struct sockaddr *address, socklen_t len)
{
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return errno;
    int error = connect(fd, address, len) ? errno : 0;
    if (error == EINPROGRESS)
        error = outcome_in_time(fd);
    (void)close(fd);
    return error;
}

static int
connect_tcp(const char *address)
{
    char host[ADDRESS_HOST], port[ADDRESS_PORT];
    struct addrinfo *found;
    int error = EHOSTUNREACH;

    if (!address_split(address, host, port) || find(host, port, &found))
        return EHOSTUNREACH;
    for (const struct addrinfo *at = found; at && error; at = at->ai_next)
        error = connect_in_time(at->ai_family, at->ai_addr, at->ai_addrlen);
    freeaddrinfo(found);
    return error;
}

static int
connect_ipc(const char *address)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    const char *path = address + strlen(ipc);

    if (strlen(path) >= sizeof at.sun_path)
        return ENAMETOOLONG;
    memcpy(at.sun_path, path, strlen(path));
    return connect_in_time(AF_UNIX, (const struct sockaddr *)&at, sizeof at);
}

static const char *
what_to_do(int error)
{
    switch (error) {
    case ECONNREFUSED:
    case ENOENT: return "the host is there, and no broker: is it running, and is this its port?";
    case ETIMEDOUT: return "no answer: does a firewall let this port out, and the board's in?";
    case EACCES: return "this user may not use it";
    default: return "see the network between the two hosts";
    }
}

bool
checkup_reach(struct checkup *c, const char *address)
{
    int error = is_ipc(address) ? connect_ipc(address) : connect_tcp(address);

    return error ? checkup_line(c, false, "connect", "%s: %s: %s", address, strerror(error),
                                what_to_do(error))
                 : checkup_line(c, true, "connect", "%s", address);
}
