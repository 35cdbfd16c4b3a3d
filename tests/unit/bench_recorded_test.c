/* Ratios that were recorded, and a run that is compared with them. */
#include <stdlib.h>

#include "tests/bench/recorded.h"
#include "tests/t.h"

#define HEADER                                                                       \
    "| work | setting | figure | median | least | most | unit | ceiling | ratio |\n" \
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"

static void
read_text(const char *text, struct recorded *out)
{
    FILE *f = fmemopen((char *)(uintptr_t)text, strlen(text), "r");
    CHECK(f != NULL);
    recorded_read(f, out);
    CHECK_INT(0, fclose(f));
}

static bool
is_range(const struct range *r, double least, double median, double most)
{
    const double off[] = {r->least - least, r->median - median, r->most - most};

    for (size_t i = 0; i < 3; i++)
        if (off[i] > 1e-9 || off[i] < -1e-9)
            return false;
    return true;
}

TEST(bench_recorded_ratios_are_read_from_tables_of_figures_alone)
{
    static const char text[] =
        "# What was measured\n"
        "| w1 | 8x64 | acknowledged | 1 | 1 | 1 | 1/s | 2 | 0.11 |\n" /* of no table */
        "| target | reached |\n| --- | --- |\n| half | 0.43 |\n\n" HEADER
        "| w1   | 8x64    | acknowledged |     84,200 |  1 | 1 | 1/s | 2 |  0.43 |\n"
        "| w1   | 8x64    | p99          |       5.00 |  1 | 1 | ms | 2 |       |\n"
        "| w3 | 100,000 actions | connect and receive | 1 | 1 | 1 | s | 2 | 0.24 (0.2 to 0.31) |\n"
        "\nThe older one:\n"
        "| w1 | 1x1 | acknowledged | 1 | 1 | 1 | 1/s | 2 | 0.12 |\n" HEADER
        "| w1 | 8x64 | acknowledged | 1 | 1 | 1 | 1/s | 2 | 0.99 |\n"
        "| w1 | 8x64 | p50 | 1 | 1 | 1 | ms | 2 | 0.5 x |\n"
        "| w1 | 8x1 | p50 | 1 | 1 | 1 | ms | 2 | 0.5 (0.4 to 0.6 |\n";
    struct recorded *r = calloc(1, sizeof *r);

    read_text(text, r);
    CHECK_INT(2, r->count);
    CHECK_STR("w1", r->at[0].work);
    CHECK_STR("8x64", r->at[0].setting);
    CHECK_STR("acknowledged", r->at[0].name);
    CHECK(is_range(&r->at[0].ratio, 0.43, 0.43, 0.43));
    CHECK_STR("100,000 actions", r->at[1].setting);
    CHECK_STR("connect and receive", r->at[1].name);
    CHECK(is_range(&r->at[1].ratio, 0.2, 0.24, 0.31));
    free(r);
}

/* What the benchmark writes is what it reads. */
TEST(bench_recorded_ratios_are_those_that_were_written)
{
    static const struct subject maat = {"w2", "8 followers, 2,000/s", BY_MAAT};
    static const struct subject ceiling = {"w2", "8 followers, 2,000/s", BY_CEILING};
    struct figures *all = calloc(1, sizeof *all);
    struct recorded *r = calloc(1, sizeof *r);
    char text[4096];
    FILE *f = fmemopen(text, sizeof text, "w");

    for (int i = 1; i <= 3; i++) {
        figures_add(all, &maat, FIGURE_DELIVERED, "1/s", 25 * i);
        figures_add(all, &ceiling, FIGURE_DELIVERED, "1/s", 100);
    }
    figures_add(all, &maat, FIGURE_P99, "ms", 7);
    figures_write_table(all, f);
    CHECK_INT(0, fclose(f));
    read_text(text, r);
    CHECK_INT(1, r->count);
    CHECK_STR("8 followers, 2,000/s", r->at[0].setting);
    CHECK(is_range(&r->at[0].ratio, 0.25, 0.5, 0.75));
    free(all);
    free(r);
}

static struct comparison
compare(const char *recorded, const double *ours, size_t rounds)
{
    static const struct subject maat = {"w1", "8x64", BY_MAAT};
    static const struct subject ceiling = {"w1", "8x64", BY_CEILING};
    struct figures *all = calloc(1, sizeof *all);
    struct recorded *r = calloc(1, sizeof *r);
    FILE *quiet = fopen("/dev/null", "w");

    read_text(recorded, r);
    for (size_t i = 0; i < rounds; i++) {
        figures_add(all, &maat, FIGURE_ACKNOWLEDGED, "1/s", ours[i]);
        figures_add(all, &ceiling, FIGURE_ACKNOWLEDGED, "1/s", 1000);
    }
    struct comparison c = recorded_compare(r, all, quiet);
    (void)fclose(quiet);
    free(all);
    free(r);
    return c;
}

TEST(bench_ratios_may_fall_by_a_quarter)
{
    static const char recorded[] =
        HEADER "| w1 | 8x64 | acknowledged | 1 | 1 | 1 | 1/s | 2 | 0.40 |\n"
               "| w1 | 64x64 | acknowledged | 1 | 1 | 1 | 1/s | 2 | 0.90 |\n"; /* not measured */
    static const struct {
        double ours;
        unsigned fallen;
    } rows[] = {{400, 0}, {900, 0}, {301, 0}, {299, 1}, {1, 1}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct comparison c = compare(recorded, &rows[i].ours, 1);
        CHECK_INT(1, c.compared);
        CHECK_INT(rows[i].fallen, c.fallen);
    }
    CHECK_INT(0, compare(HEADER, &rows[0].ours, 1).compared);
}

/* Nor is it a fall where one round was as good as one that was recorded. */
TEST(bench_ratios_that_overlap_are_not_told_as_fallen)
{
    static const char recorded[] =
        HEADER "| w1 | 8x64 | acknowledged | 1 | 1 | 1 | 1/s | 2 | 0.40 (0.28 to 0.50) |\n";
    static const struct {
        double ours[3];
        unsigned fallen, unsure;
    } rows[] = {
        {{200, 250, 270}, 1, 0},
        {{200, 250, 290}, 0, 1},
        {{200, 301, 302}, 0, 0},
        {{100, 299, 900}, 0, 1},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct comparison c = compare(recorded, rows[i].ours, 3);
        CHECK_INT(rows[i].fallen, c.fallen);
        CHECK_INT(rows[i].unsure, c.unsure);
    }
}
