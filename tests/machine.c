#include "tests/machine.h"

#include <sched.h>
#include <sys/mount.h>

/* Mounts of the tests' own, once for all that follow. */
static bool
keep_mounts_private(void)
{
    static bool kept;

    if (!kept)
        kept = unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
    return kept;
}

bool
machine_small_disk(struct rig *r, const char *name, const char *size)
{
    return keep_mounts_private()
           && rig_run(r, "mkdir -p %s && mount -t tmpfs -o size=%s,mode=0755 none %s", name, size,
                      name)
                  == 0;
}

bool
machine_may_trace(struct rig *r)
{
    return rig_run(r, "strace -o trace true") == 0;
}
