/* What a benchmark measures: figures of a work in a setting, by whoever did it, each
   taken once a round. They are told as medians with their range, and those of MAAT
   beside the ceiling's of the same setting.

       figures_add ... (round by round) -> figures_median, figures_ratio
                                        -> figures_write_json, figures_write_table  */
#ifndef TESTS_BENCH_FIGURES_H
#define TESTS_BENCH_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { FIGURES = 1024, ROUNDS_MAX = 20, FIGURE_TEXT = 40 };

#define BY_MAAT "maat"
#define BY_CEILING "ceiling"

/* Figures that several works have. */
#define FIGURE_ACKNOWLEDGED "acknowledged"
#define FIGURE_QUEUED "queued"
#define FIGURE_P50 "p50"
#define FIGURE_P99 "p99"
#define FIGURE_SERVER "server" /* its processor time */
#define FIGURE_CLIENT "client"
#define FIGURE_DELIVERED "delivered to each" /* follower: to the slowest of them */
#define FIGURE_SNAPSHOT "connect and receive"

/* Of what a figure is: "w1", "8x64", and who did it. */
struct subject {
    const char *work, *setting, *by;
};

struct figure {
    char work[FIGURE_TEXT], setting[FIGURE_TEXT], by[FIGURE_TEXT], name[FIGURE_TEXT];
    char unit[FIGURE_TEXT];
    double value[ROUNDS_MAX]; /* in the order of the rounds */
    size_t count;
};

struct figures {
    struct figure at[FIGURES];
    size_t count;
};

/* One more value of a figure; figures stay in the order of their first ones. */
void figures_add(struct figures *all, const struct subject *of, const char *name, const char *unit,
                 double value);

/* NULL: it was not taken. */
const struct figure *figures_find(const struct figures *all, const struct subject *of,
                                  const char *name);

struct range {
    double median, least, most;
};
struct range figure_range(const struct figure *f);

/* How near a figure is to the ceiling's of the same name: the rounds' own ratios, since what
   a round met is nearest to what its own ceiling met. Of a rate its share of the ceiling's;
   of a time or an amount the ceiling's share of it; so that less is always worse. Told of
   rates ("1/s"), p50, the server's time and a snapshot's. False: it has no ceiling, or is
   none of these. */
bool figures_ratio(const struct figures *all, const struct figure *f, struct range *ratio);

/* Figures of the work, or of all (NULL), each as a line of JSON. */
void figures_write_json(const struct figures *all, const char *work, const char *commit,
                        const char *machine, FILE *out);

/* As tables in Markdown, one a work, a row a figure; those of the ceiling stand beside
   MAAT's. */
#define FIGURES_HEADER \
    "work", "setting", "figure", "median", "least", "most", "unit", "ceiling", "ratio"
void figures_write_table(const struct figures *all, FILE *out);

#endif
