/* The benchmark: `make bench`. Runs the works that are asked for and tells their figures:
   each as a line of JSON, then all as a table.

       bench run INTO short|full [w1,w3]    also written to INTO/figures.jsonl, table.md
       bench ceiling FOLDER, bench echo FOLDER    what it starts: see yardstick.h       */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <czmq.h>

#include "schema/commands.h"
#include "tests/bench/machine_name.h"
#include "tests/bench/run.h"
#include "tests/bench/works.h"
#include "tests/bench/yardstick.h"
#include "tests/scratch.h"
#include "tests/t.h"
#include "version.h"

static const struct scale in_short = {.rounds = 3, .warm_ms = 300, .ms = 1200};
static const struct scale in_full = {.full = true, .rounds = 5, .warm_ms = 1000, .ms = 5000};

/* A CHECK that fails ends the benchmark: half a table is none. */
void
test_fail(void)
{
    (void)fflush(stdout);
    _exit(EXIT_MACHINE);
}

void
test_skip(void)
{
    test_fail();
}

static int
usage(void)
{
    (void)fprintf(stderr, "bench run INTO short|full [w1,w3]: works are\n");
    for (size_t i = 0; work_at(i); i++)
        (void)fprintf(stderr, "  %s  %s\n", work_at(i)->name, work_at(i)->title);
    return EXIT_USAGE;
}

static void
name_machine(char out[MACHINE_NAME])
{
    struct scratch scratch;

    scratch_make(&scratch);
    if (machine_forgets(scratch.path)) {
        (void)fprintf(stderr,
                      "%s is in memory, where a sync costs nothing: set TMPDIR to a folder on a "
                      "disk\n",
                      scratch.path);
        exit(EXIT_MACHINE);
    }
    machine_name(scratch.path, out);
    scratch_remove(&scratch);
}

static FILE *
create(const char *into, const char *name)
{
    char path[512];

    (void)snprintf(path, sizeof path, "%s/%s", into, name);
    FILE *f = fopen(path, "w");
    if (!f) {
        (void)fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(EXIT_MACHINE);
    }
    return f;
}

static int
run(const char *into, const struct scale *scale, const char *works)
{
    struct figures *all = calloc(1, sizeof *all);
    char machine[MACHINE_NAME];

    CHECK(all);
    name_machine(machine);
    FILE *json = create(into, "figures.jsonl");
    FILE *table = create(into, "table.md");
    for (size_t i = 0; work_at(i); i++) {
        const struct work *work = work_at(i);
        if (!run_is_wanted(works, work->name))
            continue;
        run_work(work, scale, all);
        figures_write_json(all, work->name, VERSION, machine, stdout);
        figures_write_json(all, work->name, VERSION, machine, json);
    }
    (void)printf("\n%s, %s\n\n", VERSION, machine);
    figures_write_table(all, stdout);
    figures_write_table(all, table);
    (void)fclose(json);
    (void)fclose(table);
    free(all);
    return EXIT_DONE;
}

int
main(int argc, char **argv)
{
    zsys_handler_set(NULL);
    if (argc == 3 && strcmp(argv[1], "ceiling") == 0)
        ceiling_serve(argv[2]);
    if (argc == 3 && strcmp(argv[1], "echo") == 0)
        echo_serve(argv[2]);
    if (argc < 4 || argc > 5 || strcmp(argv[1], "run") != 0)
        return usage();
    const char *works = argc == 5 ? argv[4] : "";
    if (!run_names_works(works))
        return usage();
    return run(argv[2], strcmp(argv[3], "full") == 0 ? &in_full : &in_short, works);
}
