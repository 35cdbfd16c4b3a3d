/* W7: an agency's agent on a benchmark's board. Each function measures once and adds its
   figures; what is compared is measured in turn.

       agent_calls     its socket with 1 and with 64 callers, a line each: queued, synced
       agent_drain     what waits brought to the broker, beside a bare client's pushes
       agent_spool     files of one line each                                          */
#ifndef TESTS_BENCH_AGENT_H
#define TESTS_BENCH_AGENT_H

#include "tests/bench/bench_board.h"
#include "tests/bench/figures.h"

void agent_calls(struct figures *all, struct bench_board *b, int64_t ms);
void agent_drain(struct figures *all, struct bench_board *b, unsigned backlog);
void agent_spool(struct figures *all, struct bench_board *b, unsigned files);

/* How much sooner: of the medians, once all rounds are over. */
void agent_compare(struct figures *all);

#endif
