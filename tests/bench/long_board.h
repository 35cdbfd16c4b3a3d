/* A benchmark's board on which much has happened: founded by the real broker some days
   ago, by a clock that was set back, and made long by made_journal.h. It is kept in
   build/boards, a day at most, so that it is made once and copied from then on (10
   million entries: 6 GB). */
#ifndef TESTS_BENCH_LONG_BOARD_H
#define TESTS_BENCH_LONG_BOARD_H

#include <stdio.h>

#include "tests/bench/bench_board.h"

enum { LONG_BOARD_DAYS = 4 };

/* As bench_board_open, but with about so many entries of progress there, spread evenly
   over the last LONG_BOARD_DAYS days, and no broker that runs: bench_board_start comes
   next. Ends with bench_board_close. */
void long_board_open(struct bench_board *b, unsigned actions, unsigned plans, int64_t entries);

/* Where boards are kept, how much they take and how to get that back; nothing where there are
   none. */
void long_board_tell_kept(FILE *out);

#endif
