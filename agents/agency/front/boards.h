/* The boards of an agency: an agent for each, which runs, and the plans that it knows.

       front_boards_start -> { front_boards_items, poll, front_boards_step, front_route } ...
                          -> front_boards_stop                                            */
#ifndef AGENTS_AGENCY_FRONT_BOARDS_H
#define AGENTS_AGENCY_FRONT_BOARDS_H

#include <poll.h>
#include <sys/types.h>

#include "agents/agency/options.h"
#include "agents/agency/plan_list.h"
#include "agents/files/lines.h"
#include "schema/local.h"

struct front_board {
    const struct agent_board *board;
    char socket[108];   /* of its agent */
    pid_t id;           /* its agent; 0: none runs */
    int process;        /* to be polled for its end, or -1 */
    int64_t started_at; /* or is to be, of a clock that never jumps */
    unsigned ended;     /* so often in a row, soon after it was started */
    struct plan_list plans;
    int asking; /* a connection at which the plans are asked for, or -1 */
    int64_t ask_at;
    struct lines *heard;
};

struct front_boards {
    unsigned count;
    struct front_board at[SETTINGS_GROUPS];
    const struct agent_option *options; /* for all */
    const char *config;
    struct arena *arena; /* of an answer */
    int64_t begun;
    unsigned shown; /* how often what is known of their plans has changed */
};

/* Two items a board. */
enum { FRONT_ITEMS_EACH = 2 };

void front_boards_start(struct front_boards *f, const struct agent_option *o,
                        const struct agent_boards *boards);

/* Ends them, and waits until they have. */
void front_boards_stop(struct front_boards *f);

void front_boards_items(const struct front_boards *f, struct pollfd *items);

/* Starts what has ended, asks for plans, hears them. */
void front_boards_step(struct front_boards *f, const struct pollfd *items, int64_t now);

/* Whether each has shown its plans, or had time for it: one may take long, or for ever. */
bool front_boards_are_heard(const struct front_boards *f, int64_t now);

/* Whether it is known which plans it has. */
bool front_board_is_known(const struct front_board *b);

/* A connection to the board's agent, which does not block; or -errno. */
int front_boards_connect(const struct front_boards *f, unsigned board);

/* A line that was handed in. */
struct front_line {
    unsigned boards;  /* ROUTE_TO: a bit for each that it goes to */
    struct fault why; /* ROUTE_REFUSED, ROUTE_LATER */
};
enum front_route {
    ROUTE_TO,
    ROUTE_REFUSED, /* it is wrong, or names what no board has */
    ROUTE_LATER,   /* a board that has not shown its plans yet may have what it names */
    ROUTE_REQUEST, /* no submission: it has no kind */
};
enum front_route front_route(struct front_boards *f, struct arena *arena, struct text line,
                             struct front_line *out);

#endif
