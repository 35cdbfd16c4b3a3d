/* One run of a program per event, which it gets as a line of JSON on its standard input.
   It is done when the program ends with 0; else it is run again, later and later, and
   after some tries given up.

   A run is a process group of its own, which is killed when its time is up; what it
   prints goes to stderr, up to a limit; a program that reads nothing, dies, or leaves
   others behind hinders nobody.

       watch_exec_open -> { watch_exec_work, watch_exec_items } ... -> watch_exec_close */
#ifndef AGENTS_CLI_WATCH_EXEC_H
#define AGENTS_CLI_WATCH_EXEC_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { EXEC_PATH = 4096, EXEC_WHY = 200, EXEC_ITEMS = 3 };

struct watch_exec {
    char path[EXEC_PATH];
    int64_t limit;      /* microseconds a run may take */
    unsigned most;      /* tries */
    unsigned tries;     /* so often the event at hand was tried */
    int64_t retry;      /* when to try again, of CLOCK_MONOTONIC; 0: at once */
    char why[EXEC_WHY]; /* the last try failed: "exit code 3" */

    /* the run that is under way */
    pid_t id; /* 0: none */
    int end;  /* its pidfd */
    int in, out;
    size_t said;    /* of the event, to its standard input */
    size_t printed; /* by it */
    int64_t until;
    bool late;      /* it was killed for that */
    int64_t number; /* of the event */
};

/* False where there is no such program to run; `program` is a path, or looked for in
   $PATH. */
bool watch_exec_open(struct watch_exec *x, const char *program, int64_t seconds, unsigned tries);

/* What goes without waiting for the event at hand: 1 done, 0 not yet, negative: given
   up (`why`); the next call is then for another one. */
int watch_exec_work(struct watch_exec *x, int64_t number, const char *text, size_t len);

/* What to poll for (up to EXEC_ITEMS), and for how long at most in ms; negative: no matter. */
int watch_exec_items(const struct watch_exec *x, struct pollfd *items);
long watch_exec_due_ms(const struct watch_exec *x);

/* Asks a run to end (SIGTERM), waits a little, kills it. 1 where it ended with 0. */
int watch_exec_close(struct watch_exec *x);

#endif
