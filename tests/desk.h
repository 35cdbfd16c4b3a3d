/* An agency's desk, for system tests: a board with two agencies, a plan and an
   action, and the real maat-agent of one of them with its spool and socket. */
#ifndef TESTS_DESK_H
#define TESTS_DESK_H

#include "agents/libmaat/local.h"
#include "tests/caller.h"

struct desk {
    struct rig *rig;
    struct rig_program *agent;
    struct local *local; /* the test's own connection to the agent's socket */
    struct arena *arena;
    char *answer;    /* the last one, as JSON */
    int64_t entries; /* of the journal when the desk was opened */
};

/* Board, broker and agent run. `more` are lines added to agent.zpl; NULL: none. */
struct desk *desk_open(const char *more);
void desk_close(struct desk **d);

/* Starts the agent of agent.zpl and connects to it; stops it with a signal, or waits
   for its end: the exit code or -signal. */
void desk_start(struct desk *d);
int desk_stop(struct desk *d, int signal);

/* Ends the broker with SIGKILL and starts it again, where it was. */
void desk_kill_broker(struct desk *d);

/* Starts it again after the test has ended it. */
void desk_start_broker(struct desk *d);

/* Says a line (single quotes stand for JSON's) and returns the answer as JSON. */
const char *desk_say(struct desk *d, const char *line, ...) __attribute__((format(printf, 2, 3)));

/* Asks for the status until nothing is queued any more, and returns it. */
const struct agent_status *desk_settle(struct desk *d);

/* Asks until so many n's were given out, or have their verdicts. */
void desk_until_taken(struct desk *d, int64_t n);
void desk_until_settled(struct desk *d, int64_t n);

/* Settles, ends agent and broker, and checks the board's directory: the number of entries
   since the desk was opened. */
int64_t desk_verify(struct desk *d);

#endif
