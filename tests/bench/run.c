#include "tests/bench/run.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool
run_names_works(const char *works)
{
    size_t named = *works != '\0';
    size_t known = 0;

    for (const char *at = works; *at; at++)
        named += *at == ',';
    for (size_t i = 0; *works && work_at(i); i++)
        known += run_is_wanted(works, work_at(i)->name);
    return named == known;
}

/* Of all works, from one to the next. */
static void
tell(const struct work *work, const char *doing, unsigned round, unsigned rounds)
{
    if (!isatty(STDERR_FILENO))
        return;
    (void)fprintf(stderr, "\r\033[K%s %s", work->name, work->title);
    if (round)
        (void)fprintf(stderr, ", round %u of %u: %s", round, rounds, doing);
    else if (doing)
        (void)fprintf(stderr, ": %s", doing);
    else
        (void)fprintf(stderr, "\r\033[K");
    (void)fflush(stderr);
}

/* Those steps that are of the setting, or all (NULL): "8x64" of "8x64 ceiling". */
static bool
is_of(const char *step, const char *setting)
{
    return !setting
           || (strncmp(step, setting, strlen(setting)) == 0 && step[strlen(setting)] == ' ');
}

static unsigned
rounds_of(const struct work *work, const struct scale *scale)
{
    unsigned most = work->rounds_at_most;
    unsigned rounds = most && most < scale->rounds ? most : scale->rounds;

    return rounds < work->rounds_at_least ? work->rounds_at_least : rounds;
}

void
run_setting(const struct work *work, const char *setting, const struct scale *scale,
            struct figures *out)
{
    unsigned rounds = rounds_of(work, scale);
    const char *step;

    tell(work, "what it works on is made", 0, 0);
    void *opened = work->open(scale);
    for (unsigned round = 1; round <= rounds; round++)
        for (unsigned k = 0; (step = work->step(scale, k)); k++) {
            if (!is_of(step, setting))
                continue;
            tell(work, step, round, rounds);
            work->run(opened, k, out);
        }
    work->close(opened);
    tell(work, NULL, 0, 0);
}

void
run_work(const struct work *work, const struct scale *scale, struct figures *out)
{
    run_setting(work, NULL, scale, out);
}
