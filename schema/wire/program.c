#include "schema/wire/program.h"

#include <czmq.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>

#include "schema/wire/manual.h"

int
program_usage(const struct invocation *in, const struct fault *fault)
{
    char said[PROGRAM_SAID];

    program_fault(in->program, fault, said);
    (void)fputs(said, stderr);
    return EXIT_USAGE;
}

int
program_complain(const char *name, int exit_code, const char *format, va_list args)
{
    (void)fprintf(stderr, "%s: ", name);
    (void)vfprintf(stderr, format, args);
    (void)fputc('\n', stderr);
    return exit_code;
}

/* Commands that look at no option of all are not to take a wrong one. */
static int
run_command(const struct program *p, const struct invocation *in, struct arena *arena)
{
    struct fault fault;

    if (p->common
        && !options_decode(arena, p->common, &in->common, arena_take(arena, p->common->size),
                           &fault))
        return program_usage(in, &fault);
    return in->command->run(in, arena);
}

int
program_main(const struct program *p, int argc, char **argv)
{
    static struct invocation in;

    if (argc > 1 && strcmp(argv[1], "--manual") == 0)
        return manual_print(p, argc - 2, argv + 2);
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
        rc = run_command(p, &in, arena);
        arena_destroy(&arena);
    }
    return fflush(stdout) || ferror(stdout) ? EXIT_MACHINE : rc;
}

/* --- explain ---------------------------------------------------------------------- */

static void
explain(const struct log_event *e)
{
    printf("%s (%s)\n  %s\n", e->id, event_severity_word(e->severity), e->means);
    if (*e->remedy)
        printf("  What to do: %s\n", e->remedy);
}

static int
explain_unknown(const struct program *p, const char *typed)
{
    const char *ids[EVENTS_MAX];

    for (unsigned i = 0; i < p->event_count; i++)
        ids[i] = p->events[i].id;
    const char *nearest = option_nearest(typed, ids, p->event_count);
    (void)fprintf(stderr, "%s: its log has no event %s%s%s%s\n", p->name, typed,
                  nearest ? ": did you mean " : ": `explain` alone lists them",
                  nearest ? nearest : "", nearest ? "?" : "");
    return EXIT_REFUSED;
}

int
program_explain(const struct invocation *in, struct arena *arena)
{
    const struct program *p = in->program;
    const char *wanted = in->words.count ? in->words.at[0] : NULL;
    bool found = !wanted;

    (void)arena;
    for (unsigned i = 0; i < p->event_count; i++)
        if (!wanted || strcmp(p->events[i].id, wanted) == 0) {
            explain(&p->events[i]);
            found = true;
        }
    return found ? EXIT_DONE : explain_unknown(p, wanted);
}

/* --- one that serves ---------------------------------------------------------------- */

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
