#include "tests/bench/peers/syncs.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/peers/family.h"
#include "tests/t.h"

enum { ARGUMENTS = 2 * FAMILY + 16, LINE = 4096 };

static const char *
report(const struct syncs *s)
{
    static char path[sizeof s->folder + 16];

    (void)snprintf(path, sizeof path, "%s/syncs.log", s->folder);
    return path;
}

static void
trace(const struct syncs *s, const pid_t *ids, size_t count, bool each_write, int says)
{
    static char id[FAMILY][16];
    const char *argv[ARGUMENTS] = {"strace",
                                   "-f",
                                   "-y",
                                   "-s",
                                   "0",
                                   "-o",
                                   report(s),
                                   "-e",
                                   each_write
                                       ? "trace=fsync,fdatasync,msync,write,pwrite64,writev,pwritev"
                                       : "trace=fsync,fdatasync,msync",
                                   "-e",
                                   "inject=fsync,fdatasync,msync:delay_enter=20000"};
    size_t argc = 11;

    for (size_t i = 0; i < count; i++) {
        (void)snprintf(id[i], sizeof id[i], "%d", (int)ids[i]);
        argv[argc++] = "-p";
        argv[argc++] = id[i];
    }
    (void)prctl(PR_SET_PDEATHSIG, SIGINT);
    (void)setpgid(0, 0);
    (void)dup2(says, 2);
    (void)execvp("strace", (char *const *)(uintptr_t)argv);
    _exit(127);
}

/* It says of each that it is attached, or that it can't be: some have ended by now. False: it
   ended, since it can trace none. */
static bool
wait_for_all(struct syncs *s, size_t count)
{
    char line[LINE];
    size_t told = 0;

    while (told < count && fgets(line, sizeof line, s->says))
        told += strstr(line, "attach") != NULL;
    return told == count;
}

bool
syncs_begin(struct syncs *s, pid_t server, const char *folder, bool each_write)
{
    pid_t ids[FAMILY];
    size_t count = family_list(server, ids);
    int says[2];

    *s = (struct syncs){.tracer = 0};
    (void)snprintf(s->folder, sizeof s->folder, "%s", folder);
    CHECK_INT(0, pipe2(says, O_CLOEXEC));
    s->tracer = fork();
    CHECK(s->tracer >= 0);
    if (s->tracer == 0)
        trace(s, ids, count, each_write, says[1]);
    (void)close(says[1]);
    s->says = fdopen(says[0], "r");
    CHECK(s->says != NULL);
    if (wait_for_all(s, count))
        return true;
    (void)syncs_end(s);
    return false;
}

int64_t
syncs_end(struct syncs *s)
{
    char line[LINE];
    int64_t count = 0;

    (void)kill(s->tracer, SIGINT);
    while (waitpid(s->tracer, NULL, 0) < 0)
        CHECK_INT(EINTR, errno);
    (void)fclose(s->says);
    FILE *f = fopen(report(s), "r");
    while (f && fgets(line, sizeof line, f))
        count += strstr(line, s->folder) && !strstr(line, "resumed");
    if (f)
        (void)fclose(f);
    (void)unlink(report(s));
    return count;
}
