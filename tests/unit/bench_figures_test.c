/* What the benchmark makes of the values that it took. */
#include <stdlib.h>

#include "tests/bench/figures.h"
#include "tests/t.h"

static const struct subject maat = {"w1", "8x64", BY_MAAT};
static const struct subject ceiling = {"w1", "8x64", BY_CEILING};

static const struct subject echo = {"w1", "8x64", "echo"};

static bool
near(double want, double got)
{
    return got > want - 1e-9 && got < want + 1e-9;
}

/* Takes them round by round. */
static void
add(struct figures *all, const struct subject *of, const char *name, const char *unit,
    const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        figures_add(all, of, name, unit, values[i]);
}

TEST(bench_figures_tell_the_middle_and_the_range)
{
    static const struct {
        double values[4];
        size_t count;
        struct range want;
    } rows[] = {
        {{7}, 1, {7, 7, 7}},
        {{9, 1}, 2, {5, 1, 9}},
        {{30, 10, 20}, 3, {20, 10, 30}},
        {{4, 1, 3, 100}, 4, {3.5, 1, 100}},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct figures *all = calloc(1, sizeof *all);
        add(all, &maat, FIGURE_P99, "ms", rows[i].values, rows[i].count);
        struct range got = figure_range(figures_find(all, &maat, FIGURE_P99));
        CHECK(near(rows[i].want.median, got.median));
        CHECK(near(rows[i].want.least, got.least));
        CHECK(near(rows[i].want.most, got.most));
        free(all);
    }
}

TEST(bench_figures_are_kept_apart)
{
    static const struct subject others[] = {
        {"w2", "8x64", BY_MAAT}, {"w1", "8x1", BY_MAAT}, {"w1", "8x64", BY_CEILING}};
    struct figures *all = calloc(1, sizeof *all);

    figures_add(all, &maat, FIGURE_P50, "ms", 1);
    for (size_t i = 0; i < 3; i++)
        figures_add(all, &others[i], FIGURE_P50, "ms", 2);
    figures_add(all, &maat, FIGURE_P99, "ms", 2);
    CHECK_INT(5, all->count);
    CHECK_INT(1, figures_find(all, &maat, FIGURE_P50)->count);
    CHECK(near(1, figure_range(figures_find(all, &maat, FIGURE_P50)).median));
    CHECK(!figures_find(all, &maat, FIGURE_SERVER));
    free(all);
}

/* The machine was slow in the third round, for both: by medians alone it would be 0.3. */
TEST(bench_ratios_are_of_each_round)
{
    static const double ours[] = {50, 60, 9};
    static const double theirs[] = {100, 200, 18};
    struct figures *all = calloc(1, sizeof *all);
    struct range ratio;

    add(all, &maat, FIGURE_ACKNOWLEDGED, "1/s", ours, 3);
    CHECK(!figures_ratio(all, all->at, &ratio)); /* there is no ceiling */
    add(all, &ceiling, FIGURE_ACKNOWLEDGED, "1/s", theirs, 3);
    CHECK(figures_ratio(all, all->at, &ratio));
    CHECK(near(0.5, ratio.median));
    CHECK(near(0.3, ratio.least));
    CHECK(near(0.5, ratio.most));
    CHECK(!figures_ratio(all, all->at + 1, &ratio)); /* nor is there one above it */
    free(all);
}

TEST(bench_ratios_are_less_where_it_is_worse)
{
    static const struct {
        const char *name, *unit;
        bool has;
        double ours, theirs, want;
    } rows[] = {
        {FIGURE_ACKNOWLEDGED, "1/s", true, 40, 100, 0.4},
        {FIGURE_P50, "ms", true, 10, 4, 0.4},
        {FIGURE_SERVER, "us/update", true, 10, 4, 0.4},
        {FIGURE_P99, "ms", false, 10, 4, 0},
        {"server's loop", "us/update", false, 10, 4, 0},
        {FIGURE_SERVER, "us/update", false, 0, 4, 0}, /* what took no time has no share */
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct figures *all = calloc(1, sizeof *all);
        struct range ratio;
        figures_add(all, &maat, rows[i].name, rows[i].unit, rows[i].ours);
        figures_add(all, &ceiling, rows[i].name, rows[i].unit, rows[i].theirs);
        CHECK_INT(rows[i].has, figures_ratio(all, all->at, &ratio));
        CHECK(!rows[i].has || near(rows[i].want, ratio.median));
        free(all);
    }
}

static void
written(char text[4096], const struct figures *all,
        void (*write)(const struct figures *all, FILE *out))
{
    FILE *f = fmemopen(text, 4096, "w");
    CHECK(f != NULL);
    write(all, f);
    CHECK_INT(0, fclose(f));
}

static void
write_json(const struct figures *all, FILE *out)
{
    figures_write_json(all, NULL, "c0ffee", "2 x one", out);
}

TEST(bench_figures_are_written)
{
    struct figures *all = calloc(1, sizeof *all);
    char text[4096];

    figures_add(all, &maat, FIGURE_ACKNOWLEDGED, "1/s", 1234567);
    figures_add(all, &ceiling, FIGURE_ACKNOWLEDGED, "1/s", 2469134);
    figures_add(all, &maat, "server's loop", "us/update", 4.567);
    figures_add(all, &echo, FIGURE_ACKNOWLEDGED, "1/s", 4938268);
    written(text, all, write_json);
    CHECK(strstr(text, "{\"work\":\"w1\",\"setting\":\"8x64\",\"by\":\"maat\","
                       "\"figure\":\"acknowledged\",\"value\":1.23457e+06,"));
    CHECK(strstr(text, "\"unit\":\"1/s\",\"ratio\":0.500,\"ratio_least\":0.500,"
                       "\"ratio_most\":0.500,\"commit\":\"c0ffee\","
                       "\"machine\":\"2 x one\"}\n"));
    CHECK(strstr(text, "\"figure\":\"server's loop\",\"value\":4.567,"));
    CHECK(strstr(text, "\"ratio\":null"));
    written(text, all, figures_write_table);
    CHECK(strstr(text, "|   1,234,567 |   1,234,567 |   1,234,567 | 1/s          |   2,469,134 | "
                       "0.50 (0.50 to 0.50) |"));
    CHECK(strstr(text, "|        4.57 |        4.57 |        4.57 | us/update    |             |   "
                       "                  |"));
    CHECK(strstr(text, "| w1   | 8x64, echo               | acknowledged"));
    CHECK(!strstr(text, "| w1   | 8x64, ceiling"));
    free(all);
}
