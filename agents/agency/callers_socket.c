#include "agents/agency/callers_socket.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agents/agency/events.h"
#include "schema/wire/listening.h"

static int
give_to_group(const char *path, const char *name, struct why *why)
{
    const struct group *group = getgrnam(name);

    if (!group)
        return why_set(why, -EINVAL, "socket-group: there is no group %s on this host", name);
    if (chown(path, (uid_t)-1, group->gr_gid))
        return why_set(why, -errno, "socket %s can't be given to group %s: %s", path, name,
                       strerror(errno));
    return 0;
}

/* Made for its owner alone, and opened to others when all is set. */
static int
open_to_others(const char *path, const struct agent_option *o, struct why *why)
{
    char group[65], mode[5];
    int rc;

    (void)snprintf(group, sizeof group, "%.*s", (int)o->socket_group.len, o->socket_group.at);
    (void)snprintf(mode, sizeof mode, "%.*s", (int)o->socket_mode.len, o->socket_mode.at);
    if (o->has.socket_group && (rc = give_to_group(path, group, why)))
        return rc;
    if (chmod(path, (mode_t)strtoul(mode, NULL, 8)))
        return why_set(why, -errno, "socket %s: %s", path, strerror(errno));
    return 0;
}

int
callers_listen(const struct agent_option *o, char path[CALLERS_SOCKET_PATH], struct why *why)
{
    (void)snprintf(path, CALLERS_SOCKET_PATH, "%.*s", (int)o->socket.len, o->socket.at);
    int fd = listening_unix(path, why);
    int rc = fd < 0 ? fd : open_to_others(path, o, why);
    if (rc == 0)
        return fd;
    if (fd >= 0) {
        (void)unlink(path);
        (void)close(fd);
    }
    return rc;
}

/* --- who comes in ------------------------------------------------------------------------ */

static void
send_one_away(const struct callers_crowd *crowd, void *who)
{
    struct log_line line = agent_event(AGENT_CALLER_SENT_AWAY);
    unsigned silent = 0;

    for (unsigned i = 1; i < *crowd->count; i++)
        if (crowd->heard(who, i) < crowd->heard(who, silent))
            silent = i;
    log_number(&line, "callers", *crowd->count);
    log_write(&line);
    crowd->remove(who, silent);
}

int
callers_next(int listening, const struct callers_crowd *crowd, void *who)
{
    int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    bool crowded = fd < 0 ? errno == EMFILE || errno == ENFILE : *crowd->count == crowd->most;

    if (crowded && *crowd->count)
        send_one_away(crowd, who);
    return fd;
}
