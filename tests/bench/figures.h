/* What a benchmark measures: figures by name, each taken once a round; printed
   as a table of medians and ranges, then each as a line of JSON. */
#ifndef TESTS_BENCH_FIGURES_H
#define TESTS_BENCH_FIGURES_H

#include <stddef.h>
#include <sys/types.h>

enum { FIGURES = 80, ROUNDS_MAX = 20, FIGURE_NAME = 48 };

struct figure {
    char name[FIGURE_NAME];
    const char *unit;
    double value[ROUNDS_MAX];
    size_t count;
};

struct figures {
    struct figure at[FIGURES];
    size_t count;
};

/* One more value of "SUBJECT WHAT", in the order of its first one. */
void figures_add(struct figures *all, const char *subject, const char *what, const char *unit,
                 double value);
double figures_median(const struct figures *all, const char *subject, const char *what);
void figures_print(const struct figures *all);

/* Of another process: the time that it ran, in microseconds; and its own memory
   (RssAnon) in MiB. */
double process_cpu(pid_t id);
double process_memory(pid_t id);

#endif
