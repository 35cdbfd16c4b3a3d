/* Callers of the agent's socket, for benchmarks: each has its connection and keeps so many
   lines unanswered; one loop for all of them. Each answer must be `queued`. */
#ifndef TESTS_BENCH_AGENT_CALLS_H
#define TESTS_BENCH_AGENT_CALLS_H

#include "tests/bench/updates.h"

enum { CALLS_MAX = 64, CALL_LINES = 4096 };

/* Updates as callers say them, drawn beforehand. */
struct call_lines {
    char *at[CALL_LINES];
    size_t len[CALL_LINES];
};

/* Of the first producer's actions. */
void call_lines_draw(struct call_lines *lines, struct updates *u);
void call_lines_free(struct call_lines *lines);

struct calls {
    const char *socket;
    const struct call_lines *lines;
    unsigned callers, window;
    int64_t last; /* lines in all; INT64_MAX: until time is over */
    int64_t last_ms;
};

/* Says lines until time is over or all were said, and returns once each is answered. */
void calls_work(const struct calls *calls, struct yield *out);

/* Says one line and waits for the broker's verdict: all that was queued before has its own
   by then. */
void calls_settle(const char *socket, const struct call_lines *lines);

#endif
