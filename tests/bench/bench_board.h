/* A benchmark's board on the real broker: agencies with several clients each, plans that
   all may see, and actions led by one agency each. */
#ifndef TESTS_BENCH_BENCH_BOARD_H
#define TESTS_BENCH_BENCH_BOARD_H

#include "tests/bench/updates.h"
#include "tests/rig.h"

struct bench_board {
    struct rig *rig;
    struct updates updates;
    struct identity clients[PRODUCERS_MAX];
};

void bench_board_open(struct bench_board *b, unsigned actions, unsigned plans);

/* The same by steps: its folder; the board and all that is in it, by a broker that goes
   on running; and the clients' keys, from the files that founding it has left. */
void bench_board_begin(struct bench_board *b, unsigned actions, unsigned plans);
void bench_board_found(struct bench_board *b);
void bench_board_load(struct bench_board *b);

/* With all that it left on the disk. */
void bench_board_close(struct bench_board *b);

/* Ends the broker, and starts it again: how many seconds until it serves. */
void bench_board_stop(struct bench_board *b);
double bench_board_start(struct bench_board *b);

/* The number of its newest entry. */
int64_t bench_board_newest(const struct bench_board *b);

#endif
