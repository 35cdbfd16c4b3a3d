#include "agents/agency/spool/modes.h"

#include <errno.h>
#include <grp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agents/agency/events.h"

enum { OF_A_GROUP = 02770, MODES = 07777 };

static int
refuse_all(const char *root, const struct stat *st, struct why *why)
{
    return why_set(why, -EPERM,
                   "spool %.200s may be written by everybody of this host (mode %04o): "
                   "chmod o-w it, and give it a group (spool-group)",
                   root, (unsigned)st->st_mode & MODES);
}

static bool
is_given(const struct stat *st, gid_t group)
{
    return st->st_gid == group && (st->st_mode & MODES & ~(mode_t)S_ISVTX) == OF_A_GROUP;
}

static int
give(int folder, const char *root, const char *name, struct stat *st, struct why *why)
{
    const struct group *group = getgrnam(name); /* NOLINT(concurrency-mt-unsafe): one thread */

    if (!group)
        return why_set(why, -EINVAL,
                       "spool-group: there is no group %s on this host; "
                       "addgroup --system %s makes it",
                       name, name);
    if (is_given(st, group->gr_gid))
        return 0;
    /* The bit of the group is dropped, without an error, where we are not of it. */
    errno = EPERM;
    if (fchown(folder, (uid_t)-1, group->gr_gid) == 0 && fchmod(folder, OF_A_GROUP | S_ISVTX) == 0
        && fstat(folder, st) == 0 && is_given(st, group->gr_gid))
        return 0;
    return why_set(
        why, -errno,
        "spool %.200s can't be given to group %s with mode 3770: %s; "
        "add the agent's user to the group, or, as root: chown it to the agent's user, chgrp %s "
        "it, then chmod 3770 it",
        root, name, strerror(errno), name);
}

/* Where a group may write in it. A service may be kept from setting modes with a bit of the
   group; and from a sticky folder of another we could not take the files. */
static void
make_sticky(int folder, const char *root, const struct stat *st)
{
    mode_t mode = (st->st_mode & MODES) | S_ISVTX;

    if (!(st->st_mode & S_IWGRP) || st->st_mode & S_ISVTX)
        return;
    if (st->st_uid == geteuid() && fchmod(folder, mode) == 0)
        return;
    struct log_line line = agent_event(AGENT_SPOOL_NOT_STICKY);
    log_word(&line, "folder", root);
    log_write(&line);
}

int
spool_modes_set(int folder, const char *root, const char *group, struct why *why)
{
    struct stat st;
    int rc;

    if (fstat(folder, &st))
        return why_set(why, -errno, "spool %.200s can't be used: %s", root, strerror(errno));
    if (st.st_mode & S_IWOTH)
        return refuse_all(root, &st, why);
    if (*group && (rc = give(folder, root, group, &st, why)))
        return rc;
    make_sticky(folder, root, &st);
    return 0;
}

bool
spool_modes_will_do(const char *root, const struct stat *st, uid_t agent, struct why *why)
{
    const char *which = !(st->st_mode & S_IWGRP) ? NULL
                        : !(st->st_mode & S_ISVTX)
                            ? "those of its group may move or remove what others put there, and "
                              "the results"
                        : st->st_uid != agent
                            ? "it is sticky and another user's, so the agent can't take what "
                              "others put there"
                            : NULL;

    if (which)
        (void)why_set(why, -EPERM,
                      "%.200s: %s (mode %04o): as root, chown it to the agent's user, and chmod "
                      "g+s,+t it",
                      root, which, (unsigned)st->st_mode & MODES);
    return !which;
}
