#include "store/probe.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* The crash is the answer, not something to report or to dump. That nobody reads on what it
   prints is none. */
static void
crash_quietly(void)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
    static const struct rlimit no_core = {0, 0};

    for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++)
        (void)signal(signals[i], SIG_DFL);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)setrlimit(RLIMIT_CORE, &no_core);
}

int
probe_run(void (*work)(void *context), void *context)
{
    int status = 0;
    pid_t child = fork();

    if (child < 0)
        return -errno;
    if (child == 0) {
        crash_quietly();
        work(context);
        _exit(0);
    }
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -errno;
    return status != 0;
}

/* --- what it has to say --------------------------------------------------------- */

/* Lies where both processes see it. */
struct attempt {
    int (*work)(void *context, struct why *why);
    void *context;
    struct why why;
    int rc;
};

static void
try_it(void *context)
{
    struct attempt *a = context;

    a->rc = a->work(a->context, &a->why);
    (void)fflush(stdout);
}

int
probe_try(int (*work)(void *context, struct why *why), void *context, struct why *why)
{
    struct attempt *a =
        mmap(NULL, sizeof *a, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (a == MAP_FAILED)
        return why_set(why, -errno, "no memory: %s", strerror(errno));
    a->work = work;
    a->context = context;
    (void)fflush(stdout);
    int rc = probe_run(try_it, a);
    if (rc < 0)
        (void)why_set(why, rc, "no process can be started: %s", strerror(-rc));
    else if (rc > 0)
        rc = why_set(why, PROBE_CRASHED, "%s", "");
    else {
        *why = a->why;
        rc = a->rc;
    }
    (void)munmap(a, sizeof *a);
    return rc;
}
