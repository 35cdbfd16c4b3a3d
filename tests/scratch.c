#include "tests/scratch.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/t.h"

/* What is left of a run, given its folder: programs in it that outlive us for a moment
   (a shell's, say, of ours), and what they still write. */
static const char sweep[] = "read -r until_we_end\n"
                            "rmdir \"$1\" 2>/dev/null && exit\n"
                            "for cwd in $(find /proc/[0-9]*/cwd -lname \"$1/*\" 2>/dev/null); do\n"
                            "    id=${cwd#/proc/} && kill -9 ${id%/cwd}\n"
                            "done\n"
                            "for try in 1 2 3 4 5 6 7 8 9 last; do\n"
                            "    rm -rf \"$1\" && exit\n"
                            "    sleep 0.1\n"
                            "done 2>/dev/null\n";

/* A shell whose stdin ends when we do, in whatever way. Its session is its own, so that
   an interrupt at the terminal is not for it. */
static void
sweep_when_we_end(const char *folder)
{
    int pipe[2];

    CHECK_INT(0, pipe2(pipe, O_CLOEXEC));
    pid_t id = fork();
    CHECK(id >= 0);
    if (id == 0) {
        (void)dup2(pipe[0], 0);
        (void)setsid();
        (void)execl("/bin/sh", "sh", "-c", sweep, "sh", folder, NULL);
        _exit(127);
    }
    (void)close(pipe[0]);
}

/* The folder of this run, made when first asked for. */
static const char *
folder_of_run(void)
{
    static char folder[200];
    const char *where = getenv("TMPDIR");

    if (*folder)
        return folder;
    (void)snprintf(folder, sizeof folder, "%s/maat.XXXXXX", where ? where : "/tmp");
    if (!mkdtemp(folder)) {
        *folder = '\0';
        FAIL_WITH("no folder can be made in %s", where ? where : "/tmp");
    }
    if (!getenv("KEEP"))
        sweep_when_we_end(folder);
    return folder;
}

void
scratch_make(struct scratch *s)
{
    static int made;

    (void)snprintf(s->path, sizeof s->path, "%s/%d", folder_of_run(), ++made);
    CHECK_INT(0, mkdir(s->path, 0700));
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

void
scratch_remove(struct scratch *s)
{
    CHECK_INT(0, nftw(s->path, remove_one, 16, FTW_DEPTH | FTW_PHYS));
}

const char *
scratch_file(const struct scratch *s, const char *name)
{
    static char path[512];

    (void)snprintf(path, sizeof path, "%s/%s", s->path, name);
    return path;
}
