/* The commands of a program: a row each, which is all there is to be said of one.
   What is typed is looked up in it, and help is printed from it. Pure: whoever
   calls prints and runs.

       switch (program_read(&maat, argc, argv, &asked)) {
       case PROGRAM_RUNS: return asked.command->run(&asked, arena);
       case PROGRAM_SAYS: print asked.said to stdout; EXIT_DONE
       case PROGRAM_FAULTS: print asked.said to stderr; EXIT_USAGE
       }                                                                      */
#ifndef SCHEMA_COMMANDS_H
#define SCHEMA_COMMANDS_H

#include "schema/log_line.h"
#include "schema/options.h"

/* How every program of MAAT ends. */
enum exit_code {
    EXIT_DONE = 0,
    EXIT_REFUSED = 1, /* or not found */
    EXIT_USAGE = 2,
    EXIT_UNREACHABLE = 3, /* the broker, or the agent */
    EXIT_MACHINE = 4,
};

struct invocation;

struct command {
    const char *words;            /* "plan member add" */
    const char *arguments;        /* what follows: "PLAN AGENCY ..." */
    unsigned least, most;         /* so many words */
    const struct record *options; /* its own; NULL: none */
    int (*run)(const struct invocation *in, struct arena *arena);
    const char *what;    /* in a line */
    const char *example; /* a whole command line */
};

struct program {
    const char *name, *version;
    const char *about;           /* in a line */
    const struct record *common; /* options of every command; NULL: none */
    const struct command *commands;
    unsigned count;
    const struct log_event *events; /* what its log may say */
    unsigned event_count;
    const struct metrics *metrics; /* what it tells who watches over it; NULL: nothing */
};

enum { PROGRAM_SAID = 16 * 1024 };

/* What was typed. Words and values are borrowed from argv. */
struct invocation {
    const struct program *program;
    const struct command *command;
    struct option_words words;
    struct option_values own, common; /* for options_decode, with the record of each */
    char said[PROGRAM_SAID]; /* help, or what is wrong; a line or more, each with its end */
};

enum program_asked { PROGRAM_RUNS, PROGRAM_SAYS, PROGRAM_FAULTS };

/* `--help` and `--version` are known everywhere; an unknown word or option is
   answered with the nearest known one, the first words of several commands with
   a list of those. */
enum program_asked program_read(const struct program *p, int argc, const char *const *argv,
                                struct invocation *out);

/* How a fault of an option is said: "--review-days: must be from 1 to 366". */
void program_fault(const struct program *p, const struct fault *fault, char said[PROGRAM_SAID]);

#endif
