#include "schema/wire/listening.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "schema/wire/address.h"

enum { BACKLOG = 256 };

/* --- UNIX ------------------------------------------------------------------------------ */

static int
clear_path(const struct sockaddr_un *address, struct why *why)
{
    const char *path = address->sun_path;
    struct stat st;

    if (lstat(path, &st))
        return errno == ENOENT ? 0 : why_set(why, -errno, "socket %s: %s", path, strerror(errno));
    if (!S_ISSOCK(st.st_mode))
        return why_set(why, -EEXIST, "socket %s: there is something else of this name", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int live = fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof *address) == 0;
    if (fd >= 0)
        (void)close(fd);
    if (live)
        return why_set(why, -EADDRINUSE, "socket %s: another process listens there", path);
    return unlink(path) ? why_set(why, -errno, "socket %s: %s", path, strerror(errno)) : 0;
}

static int
bind_path(int fd, const struct sockaddr_un *address, struct why *why)
{
    int rc = clear_path(address, why);

    if (rc)
        return rc;
    mode_t mask = umask(0177);
    rc = bind(fd, (const struct sockaddr *)address, sizeof *address) ? errno : 0;
    (void)umask(mask);
    if (rc || listen(fd, BACKLOG))
        return why_set(why, rc ? -rc : -errno, "socket %s can't be made: %s", address->sun_path,
                       strerror(rc ? rc : errno));
    return 0;
}

int
listening_unix(const char *path, struct why *why)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    if (strlen(path) >= sizeof address.sun_path)
        return why_set(why, -ENAMETOOLONG,
                       "socket %.150s...: its path may have 107 bytes, and no more", path);
    memcpy(address.sun_path, path, strlen(path));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return why_set(why, -errno, "no socket: %s", strerror(errno));
    int rc = bind_path(fd, &address, why);
    if (rc == 0)
        return fd;
    (void)close(fd);
    return rc;
}

/* --- TCP ------------------------------------------------------------------------------- */

static bool
is_of_this_host(const struct sockaddr *address)
{
    enum { LOOPBACK_NET = 127 };

    if (address->sa_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(
            &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
    const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)address;
    return ntohl(in->sin_addr.s_addr) >> 24 == LOOPBACK_NET;
}

static void
print_bound(int fd, char bound[LISTENING_BOUND])
{
    struct sockaddr_storage at;
    socklen_t len = sizeof at;
    char host[INET6_ADDRSTRLEN] = "", port[ADDRESS_PORT] = "";

    if (getsockname(fd, (struct sockaddr *)&at, &len) == 0)
        (void)getnameinfo((const struct sockaddr *)&at, len, host, sizeof host, port, sizeof port,
                          NI_NUMERICHOST | NI_NUMERICSERV);
    (void)snprintf(bound, LISTENING_BOUND, strchr(host, ':') ? "tcp://[%s]:%s" : "tcp://%s:%s",
                   host, port);
}

static int
bind_port(const struct addrinfo *at, const char *address, struct why *why)
{
    const int on = 1;
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return why_set(why, -errno, "no socket: %s", strerror(errno));
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int rc = why_set(why, -errno, "%s can't be listened on: %s", address, strerror(errno));
    (void)close(fd);
    return rc;
}

/* The first that the address stands for, in a list to be given back; else none, and why. */
static int
find(const char *address, bool open, struct addrinfo **out, struct why *why)
{
    const struct addrinfo hints = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM};
    char host[ADDRESS_HOST], port[ADDRESS_PORT];

    *out = NULL;
    if (!address_split(address, host, port))
        return why_set(why, -EINVAL, "%s is no address: write tcp://127.0.0.1:PORT", address);
    int rc = getaddrinfo(host, port, &hints, out);
    if (rc)
        return why_set(why, -EINVAL, "%s: the host %s is not found: %s", address, host,
                       gai_strerror(rc));
    if (open || is_of_this_host((*out)->ai_addr))
        return 0;
    freeaddrinfo(*out);
    *out = NULL;
    return why_set(why, -EACCES,
                   "%s can be reached from other hosts, and asks for no key: use "
                   "tcp://127.0.0.1:PORT, or say metrics-open too if that is meant",
                   address);
}

bool
listening_may(const char *address, bool open, struct why *why)
{
    struct addrinfo *at;

    (void)find(address, open, &at, why);
    if (at)
        freeaddrinfo(at);
    return at != NULL;
}

int
listening_tcp(const char *address, bool open, char bound[LISTENING_BOUND], struct why *why)
{
    struct addrinfo *at;
    int rc = find(address, open, &at, why);

    if (!at)
        return rc;
    int fd = bind_port(at, address, why);
    freeaddrinfo(at);
    if (fd >= 0)
        print_bound(fd, bound);
    return fd;
}
