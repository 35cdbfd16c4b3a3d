#include "agents/agency/spool_modes.h"

#include <errno.h>
#include <grp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OF_A_GROUP = 02770, MODES = 07777 };

static int
refuse_all(const char *root, const struct stat *st, char *why, size_t size)
{
    (void)snprintf(why, size,
                   "spool %.200s may be written by everybody of this host (mode %04o): "
                   "chmod o-w it, and give it a group (spool-group)",
                   root, (unsigned)st->st_mode & MODES);
    return -EPERM;
}

static bool
is_given(const struct stat *st, gid_t group)
{
    return st->st_gid == group && (st->st_mode & MODES) == OF_A_GROUP;
}

static int
give(const char *root, const char *name, struct stat *st, char *why, size_t size)
{
    const struct group *group = getgrnam(name); /* NOLINT(concurrency-mt-unsafe): one thread */

    if (!group) {
        (void)snprintf(why, size,
                       "spool-group: there is no group %s on this host; "
                       "addgroup --system %s makes it",
                       name, name);
        return -EINVAL;
    }
    if (is_given(st, group->gr_gid))
        return 0;
    /* The bit of the group is dropped, without an error, where we are not of it. */
    errno = EPERM;
    if (chown(root, (uid_t)-1, group->gr_gid) == 0 && chmod(root, OF_A_GROUP) == 0
        && stat(root, st) == 0 && is_given(st, group->gr_gid))
        return 0;
    int error = errno;
    (void)snprintf(
        why, size,
        "spool %.200s can't be given to group %s with mode 2770: %s; "
        "add the agent's user to the group, or, as root: chgrp %s it, then chmod 2770 it",
        root, name, strerror(error), name);
    return -error;
}

int
spool_modes_set(const char *root, const char *group, char *why, size_t size)
{
    struct stat st;

    if (stat(root, &st)) {
        int error = errno;
        (void)snprintf(why, size, "spool %.200s can't be used: %s", root, strerror(error));
        return -error;
    }
    if (st.st_mode & S_IWOTH)
        return refuse_all(root, &st, why, size);
    return *group ? give(root, group, &st, why, size) : 0;
}
