/* Ratios to the ceiling that were recorded earlier, in the tables of RESULTS.md, which are
   those of figures_write_table; and whether a run still reaches them.

       recorded_read -> recorded_compare                                            */
#ifndef TESTS_BENCH_RECORDED_H
#define TESTS_BENCH_RECORDED_H

#include "tests/bench/figures.h"

struct recorded_ratio {
    char work[FIGURE_TEXT], setting[FIGURE_TEXT], name[FIGURE_TEXT];
    struct range ratio; /* as of figures_ratio; all the same where no range was written */
};

struct recorded {
    struct recorded_ratio at[FIGURES];
    size_t count;
};

/* All rows that have a ratio; of a figure that is there twice the first one, which is
   the newest. What is not in such a table is passed over. */
void recorded_read(FILE *in, struct recorded *out);

#define RECORDED_FALL 0.25 /* a ratio may be less by so much of itself */

/* Those that `all` has too, a line each; what it has not measured is not looked at. A ratio
   has fallen where its median is less than the recorded one by more than RECORDED_FALL, and
   all of its rounds are below all that were recorded. Where only the first is so, three to
   five rounds can't tell a fall from noise: it is unsure, and said so. */
struct comparison {
    unsigned compared, fallen, unsure;
};
struct comparison recorded_compare(const struct recorded *r, const struct figures *all, FILE *out);

#endif
