/* One caller's conversation with the front: each line goes on to the agents of its boards,
   over connections of this caller's own, and is answered when all have. In order: what the
   boards say in theirs comes in this caller's. A caller that does not read its answers is
   not read from. */
#ifndef AGENTS_AGENCY_FRONT_CALLER_H
#define AGENTS_AGENCY_FRONT_CALLER_H

#include "agents/agency/front/boards.h"
#include "agents/files/outgoing.h"

enum { FRONT_ANSWERS = 256, FRONT_CALLER_ITEMS = 1 + SETTINGS_GROUPS };

struct front_due {
    unsigned wanted, got; /* boards, a bit each */
    char *said[SETTINGS_GROUPS];
    char *text; /* the answer, a line; owned, as those are */
};

struct front_caller {
    int fd;
    int64_t heard; /* when it last said something, of a clock that never jumps */
    bool mute;     /* it hears nothing any more; what it said is handed on all the same */
    struct front_due due[FRONT_ANSWERS]; /* a ring */
    unsigned first, count;
    struct outgoing out;
    struct front_hand {
        int fd; /* to the board's agent; -1: none yet */
        struct outgoing out;
        struct lines *heard;
    } board[SETTINGS_GROUPS];
    struct lines lines;
};

struct front_caller *front_caller_begin(int fd, int64_t now);
void front_caller_end(struct front_caller **c);

/* What to poll for: FRONT_CALLER_ITEMS. */
void front_caller_items(const struct front_caller *c, struct pollfd *items);

/* Reads, hands on, hears and answers: what can be done without waiting. True if lines are
   left for the next turn. */
bool front_caller_step(struct front_caller *c, struct front_boards *f, struct arena *arena,
                       const struct pollfd *items, int64_t now);

/* Nothing is said or due any more. */
bool front_caller_is_over(const struct front_caller *c);

#endif
