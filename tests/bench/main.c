/* The benchmark: `make bench`. Runs the works that are asked for and tells their figures:
   each as a line of JSON, then all as tables.

       bench run INTO short|full [w1,w3]      written to INTO/figures.jsonl, table.md too
       bench check RESULTS INTO short|full [w1,w3]   the same, beside recorded ratios
       bench ratio                            one line, of W1 alone
       bench ceiling FOLDER, bench echo FOLDER    what it starts: see yardstick.h       */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <czmq.h>

#include "schema/commands.h"
#include "tests/bench/long_board.h"
#include "tests/bench/machine_name.h"
#include "tests/bench/recorded.h"
#include "tests/bench/run.h"
#include "tests/bench/works.h"
#include "tests/bench/yardstick.h"
#include "tests/t.h"
#include "version.h"

enum { OPEN_FILES = 4096 };

static const struct scale in_short = {.rounds = 3, .warm_ms = 250, .ms = 1000};
static const struct scale in_full = {.full = true, .rounds = 5, .warm_ms = 1000, .ms = 3000};
static const struct scale at_a_glance = {.rounds = 2, .warm_ms = 300, .ms = 700};

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
    (void)fprintf(stderr, "bench run INTO short|full [w1,w3]\n"
                          "bench check RESULTS INTO short|full [w1,w3]\n"
                          "bench ratio\n"
                          "Works are\n");
    for (size_t i = 0; work_at(i); i++)
        (void)fprintf(stderr, "  %s  %s\n", work_at(i)->name, work_at(i)->title);
    return EXIT_USAGE;
}

static FILE *
open_file(const char *path, const char *mode)
{
    FILE *f = fopen(path, mode);

    if (!f) {
        (void)fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(EXIT_MACHINE);
    }
    return f;
}

static FILE *
create(const char *into, const char *name)
{
    char path[512];

    (void)snprintf(path, sizeof path, "%s/%s", into, name);
    return open_file(path, "w");
}

/* What is started has as many. */
static void
allow_files(void)
{
    struct rlimit files;

    CHECK_INT(0, getrlimit(RLIMIT_NOFILE, &files));
    files.rlim_cur = files.rlim_max;
    CHECK_INT(0, setrlimit(RLIMIT_NOFILE, &files));
    if (files.rlim_max < OPEN_FILES) {
        (void)fprintf(stderr, "1,000 clients need %d open files: raise `ulimit -n`\n", OPEN_FILES);
        exit(EXIT_MACHINE);
    }
}

/* --- on what, and when ----------------------------------------------------------------- */

static double
load(void)
{
    double average = 0;

    (void)getloadavg(&average, 1);
    return average;
}

/* What stands above the tables. */
static void
write_heading(const struct scale *scale, const char *machine, double load_before, FILE *out)
{
    char day[32];
    time_t now = time(NULL);
    struct tm tm;

    (void)strftime(day, sizeof day, "%Y-%m-%d %H:%M", gmtime_r(&now, &tm));
    (void)fprintf(out,
                  "%s UTC, commit %s, %s. %s form: %u rounds, %.1f s each. Load average %.1f "
                  "before, %.1f after.\n\n",
                  day, VERSION, machine, scale->full ? "Long" : "Short", scale->rounds,
                  (double)scale->ms / 1000, load_before, load());
}

/* --- what may be asked ------------------------------------------------------------------- */

static struct figures *
run(const char *into, const struct scale *scale, const char *works)
{
    struct figures *all = calloc(1, sizeof *all);
    char machine[MACHINE_NAME];
    double load_before = load();

    CHECK(all);
    machine_name(machine);
    FILE *json = create(into, "figures.jsonl");
    FILE *table = create(into, "table.md");
    FILE *const tables[] = {stdout, table};
    for (size_t i = 0; work_at(i); i++) {
        const struct work *work = work_at(i);
        if (!run_is_wanted(works, work->name))
            continue;
        run_work(work, scale, all);
        figures_write_json(all, work->name, VERSION, machine, stdout);
        figures_write_json(all, work->name, VERSION, machine, json);
    }
    (void)printf("\n");
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        write_heading(scale, machine, load_before, tables[i]);
        figures_write_table(all, tables[i]);
    }
    (void)fclose(json);
    (void)fclose(table);
    long_board_tell_kept(stdout);
    return all;
}

static int
check(const char *results, const struct figures *all)
{
    struct recorded *recorded = calloc(1, sizeof *recorded);
    FILE *f = open_file(results, "r");

    CHECK(recorded);
    recorded_read(f, recorded);
    (void)fclose(f);
    (void)printf("\nThe median of the rounds' own ratios (least to most) beside what %s has:\n",
                 results);
    struct comparison c = recorded_compare(recorded, all, stdout);
    free(recorded);
    if (c.compared == 0)
        (void)printf("%s has no ratio of what was measured\n", results);
    else
        (void)printf("%u of %u ratios have fallen by more than %.0f %%, %u may have (run it "
                     "again)\n",
                     c.fallen, c.compared, RECORDED_FALL * 100, c.unsure);
    return c.fallen || c.compared == 0 ? EXIT_REFUSED : EXIT_DONE;
}

static int
tell_ratio(void)
{
    static const struct subject of = {"w1", PUSHES_RATIO, BY_MAAT};
    struct figures *all = calloc(1, sizeof *all);
    char machine[MACHINE_NAME];
    struct range ratio;

    CHECK(all);
    machine_name(machine);
    run_setting(&work_pushes, PUSHES_RATIO, &at_a_glance, all);
    const struct figure *f = figures_find(all, &of, FIGURE_ACKNOWLEDGED);
    CHECK(f && figures_ratio(all, f, &ratio));
    (void)printf("W1 %s: %.0f acknowledged/s, %.2f of the ceiling (%s)\n", PUSHES_RATIO,
                 figure_range(f).median, ratio.median, machine);
    free(all);
    return EXIT_DONE;
}

int
main(int argc, char **argv)
{
    bool checks = argc > 2 && strcmp(argv[1], "check") == 0;
    int first = checks ? 3 : 2; /* INTO */

    zsys_handler_set(NULL);
    allow_files();
    if (argc == 3 && strcmp(argv[1], "ceiling") == 0)
        ceiling_serve(argv[2]);
    if (argc == 3 && strcmp(argv[1], "echo") == 0)
        echo_serve(argv[2]);
    if (argc == 2 && strcmp(argv[1], "ratio") == 0)
        return tell_ratio();
    if (argc < first + 2 || argc > first + 3 || (!checks && strcmp(argv[1], "run") != 0))
        return usage();
    const char *works = argc == first + 3 ? argv[first + 2] : "";
    if (!run_names_works(works))
        return usage();
    const struct scale *scale = strcmp(argv[first + 1], "full") == 0 ? &in_full : &in_short;
    struct figures *all = run(argv[first], scale, works);
    int rc = checks ? check(argv[2], all) : EXIT_DONE;
    free(all);
    return rc;
}
