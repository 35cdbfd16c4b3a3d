/* What is done in a contest, step by step, and what its figures are called. */
#ifndef TESTS_BENCH_PEERS_STEP_H
#define TESTS_BENCH_PEERS_STEP_H

enum work_kind { W1_PUSH, W2_FOLLOW, W3_RECEIVE };

/* Of W3 each way that somebody has to give all last values, which is then the setting of
   the figure. */
struct step {
    enum work_kind kind;
    const char *setting; /* "8x64" */
    unsigned producers, window, followers;
};

extern const char *const work_names[]; /* of each kind, "w1" */

/* Figures beside those of tests/bench/figures.h. */
#define FIGURE_SLOWEST "slowest follower"
#define FIGURE_RECEIVED "received"
#define FIGURE_SYNCS "syncs"

#endif
