#include "tests/bench/machine_name.h"

#include <linux/magic.h>
#include <mntent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "schema/commands.h"
#include "tests/scratch.h"
#include "tests/t.h"

static void
processor(char out[MACHINE_NAME / 2])
{
    FILE *f = fopen("/proc/cpuinfo", "r");
    char line[256];

    (void)snprintf(out, MACHINE_NAME / 2, "unknown processor");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, "model name", strlen("model name")) == 0 && strchr(line, ':')) {
            line[strcspn(line, "\n")] = '\0';
            (void)snprintf(out, MACHINE_NAME / 2, "%.90s", strchr(line, ':') + 2);
            break;
        }
    if (f)
        (void)fclose(f);
}

/* The type of the file system that was mounted last on the folder's device. */
static void
file_system(const char *folder, char out[32])
{
    FILE *f = setmntent("/proc/self/mounts", "r");
    struct stat of_folder;
    struct stat st;

    CHECK_INT(0, stat(folder, &of_folder));
    (void)snprintf(out, 32, "unknown file system");
    for (const struct mntent *m; f && (m = getmntent(f));)
        if (stat(m->mnt_dir, &st) == 0 && st.st_dev == of_folder.st_dev)
            (void)snprintf(out, 32, "%.31s", m->mnt_type);
    if (f)
        (void)endmntent(f);
}

static bool
is_in_memory(const char *folder)
{
    struct statfs fs;

    CHECK_INT(0, statfs(folder, &fs));
    return fs.f_type == TMPFS_MAGIC || fs.f_type == RAMFS_MAGIC;
}

void
machine_name(char out[MACHINE_NAME])
{
    char model[MACHINE_NAME / 2];
    char kept[32];
    struct utsname name;
    struct scratch scratch;

    scratch_make(&scratch);
    bool forgets = is_in_memory(scratch.path);
    file_system(scratch.path, kept);
    scratch_remove(&scratch);
    if (forgets) {
        (void)fprintf(stderr,
                      "%s is in memory, where a sync costs nothing: set TMPDIR to a folder on a "
                      "disk\n",
                      scratch.path);
        exit(EXIT_MACHINE);
    }
    processor(model);
    CHECK_INT(0, uname(&name));
    (void)snprintf(out, MACHINE_NAME, "%ld x %s, %s, %.20s %.40s", sysconf(_SC_NPROCESSORS_ONLN),
                   model, kept, name.sysname, name.release);
}
