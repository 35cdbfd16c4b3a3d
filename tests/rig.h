/* The real programs in a scratch directory, for system tests: started, spoken
   to, stopped and killed by the id they were started with. Whatever is left at
   the end of a test is ended by rig_close.

   Programs are taken from the folder in $BIN. Waiting is for an event, with a
   deadline of RIG_PATIENCE ms; nothing sleeps. What a sanitizer says of a program
   (a race, a leak, an overrun) fails the test, whatever the test looks for.    */
#ifndef TESTS_RIG_H
#define TESTS_RIG_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { RIG_PATIENCE = 60000, RIG_PATH = 256, RIG_OUTPUT = 1 << 20, RIG_PROGRAMS = 16 };

struct rig_program {
    pid_t id;           /* 0: not running */
    int out;            /* its stdout, or -1 */
    char log[RIG_PATH]; /* its stderr */
    char command[RIG_PATH];
};

struct rig {
    char dir[RIG_PATH]; /* of tests/scratch.h */
    struct rig_program programs[RIG_PROGRAMS];
    char address[RIG_PATH]; /* of the broker; once it had one, it is started there again */
    struct rig_program *broker;
    const char *const *starter; /* a command and its arguments in front of it; NULL: none */
    char *output;               /* of the last command: stdout and stderr, terminated */
    char **settings;            /* extra environment, NULL-terminated; borrowed */
    long patience;              /* of rig_line; RIG_PATIENCE unless it is set */
};

struct rig *rig_open(void);
void rig_close(struct rig *r);

/* "DIR/name" in a buffer that four more calls leave alone. */
const char *rig_path(const struct rig *r, const char *name);
void rig_write(const struct rig *r, const char *name, const char *text);
void rig_write_bytes(const struct rig *r, const char *name, const void *bytes, size_t len);
bool rig_exists(const struct rig *r, const char *name);

/* The programs have no clock to set: from the first of these calls on, those that are
   started are preloaded with one that goes by DIR/clock, at once whenever it is set
   again. It stands still at noon of a day, or is so far ahead of the host's. Only the
   time of day is another; CLOCK_MONOTONIC stays the host's. */
void rig_stop_clock(struct rig *r, const char *day);
void rig_shift_clock(struct rig *r, int64_t seconds);

/* Runs a command line of /bin/sh in the scratch directory, with $BIN in front of
   PATH; returns its exit code, and what it printed in r->output. printf's
   arguments. */
int rig_run(struct rig *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Starts a program with arguments, its stdout to be read by rig_line. */
struct rig_program *rig_start(struct rig *r, const char *const argv[]);

/* The next line of a program's stdout, without its end, in r->output. */
const char *rig_line(struct rig *r, struct rig_program *p);

/* Sends the signal; rig_wait returns the exit code, or -signal, once it has ended: who does
   not end while patience lasts fails the test. */
void rig_signal(const struct rig_program *p, int signal);
int rig_wait(struct rig_program *p);

/* A board: `maat-broker init board`, then run, on a port of the system's choice. */
void rig_init_board(struct rig *r);
void rig_start_broker(struct rig *r, const char *const more[]); /* NULL: nothing more */

/* SIGTERM, upon which it must end well. */
void rig_stop_broker(const struct rig *r);

/* Milliseconds, of a clock that never jumps: for what waits RIG_PATIENCE. */
int64_t rig_now(void);

/* Tries the command again and again until it exits with 0; its output holds the
   proof. Fails the test when patience ends. */
void rig_until(struct rig *r, const char *command);

#endif
