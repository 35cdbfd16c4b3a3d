/* One agency with two boards, for system tests: two real brokers, and the configuration of
   an agent of both. Each board has a plan of its own, `n` and `s`, with an action 1, and one
   whose id both have, `both`. */
#ifndef TESTS_TWO_BOARDS_H
#define TESTS_TWO_BOARDS_H

#include "tests/desk.h"

struct two_boards {
    struct rig *north, *south;
    struct desk *desk; /* in the folder of the north; its agent is to be started */
};

/* Both brokers run. */
struct two_boards two_boards_open(void);

/* Ends the agent, which must go well, and all else. */
void two_boards_close(struct two_boards *t);

/* agent.zpl, with more lines of the south. */
void two_boards_configure(const struct two_boards *t, const char *more_of_south);

void two_boards_start_broker(struct rig *board);

/* Says it of that action until the answer, with the broker's verdict, holds what is wanted: at
   first not all plans are known. */
const char *two_boards_say_until(const struct two_boards *t, const char *action,
                                 const char *wanted);

/* One update to each. */
void two_boards_know_both(const struct two_boards *t);

/* Asks for the status until the boards' agents have given out so many n's, and none waits for its
   broker. */
void two_boards_settle(const struct two_boards *t, int64_t north, int64_t south);

/* How often `part` is in the text. */
unsigned two_boards_count(const char *text, const char *part);

/* The process of the agent of that board, as the log says. */
int two_boards_agent(const struct two_boards *t, const char *board);

/* How an action stands at its board, as JSON. */
const char *two_boards_show(struct rig *board, const char *action);

#define TWO_BOARDS_ACCEPTED "\"accepted\""

#endif
