/* What MAAT is measured beside, each a process of its own that speaks to the same
   producers under the same keys, and keeps no state and judges nothing:

   the ceiling   the same frames and acknowledgements, over the same hub, each update in
                 the same journal, by the same actor and synced, before it is
                 acknowledged: built of the broker's own sources, without its judge;
   the echo      each frame comes back as it came.                                   */
#ifndef TESTS_BENCH_YARDSTICK_H
#define TESTS_BENCH_YARDSTICK_H

#include "tests/bench/bench_board.h"

struct yardstick {
    struct rig *rig;
    struct rig_program *program;
    struct identity clients[PRODUCERS_MAX]; /* the board's, with its key and address */
};

/* The ceiling's journal begins as a copy of the board's, whose broker does not run; else it
   begins empty. */
void yardstick_copy_journal(const struct bench_board *b);

/* `name` is "ceiling" or "echo". Its files lie in DIR/NAME of the board's rig. */
void yardstick_start(struct yardstick *y, const struct bench_board *b, const char *name);
void yardstick_stop(struct yardstick *y);

/* What yardstick_start left for it in `folder`. */
struct yardstick_keys {
    uint8_t secret[CURVE_KEY]; /* of the server */
    uint8_t clients[PRODUCERS_MAX][CURVE_KEY];
};
void yardstick_keys_read(const char *folder, struct yardstick_keys *out);

/* The programs: serve until they are killed. */
void ceiling_serve(const char *folder);
void echo_serve(const char *folder);

#endif
