#include "schema/wire/program.h"

#include <czmq.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>

int
program_usage(const struct invocation *in, const struct fault *fault)
{
    char said[PROGRAM_SAID];

    program_fault(in->program, fault, said);
    (void)fputs(said, stderr);
    return EXIT_USAGE;
}

int
program_main(const struct program *p, int argc, char **argv)
{
    static struct invocation in;
    enum program_asked asked = program_read(p, argc, (const char *const *)argv, &in);

    if (asked == PROGRAM_FAULTS) {
        (void)fputs(in.said, stderr);
        return EXIT_USAGE;
    }
    int rc = EXIT_DONE;
    if (asked == PROGRAM_SAYS) {
        (void)fputs(in.said, stdout);
    } else {
        zsys_handler_set(NULL);
        struct arena *arena = arena_new();
        rc = in.command->run(&in, arena);
        arena_destroy(&arena);
    }
    return fflush(stdout) || ferror(stdout) ? EXIT_MACHINE : rc;
}

int
program_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    int fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    return fd < 0 ? -errno : fd;
}
