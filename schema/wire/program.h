/* How every program begins and ends, so that each main is one call: what was typed
   is read, help or a fault is said, czmq leaves signals alone, the command runs.   */
#ifndef SCHEMA_WIRE_PROGRAM_H
#define SCHEMA_WIRE_PROGRAM_H

#include <stdarg.h>

#include "schema/commands.h"

/* What the process is to exit with: the command's own code, or EXIT_MACHINE where
   its output could not be written. */
int program_main(const struct program *p, int argc, char **argv);

/* Says a fault of what was typed on stderr: EXIT_USAGE. */
int program_usage(const struct invocation *in, const struct fault *fault);

/* "NAME: ..." on stderr, for the programs' own complaints; the exit code is handed through. */
int program_complain(const char *name, int exit_code, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

/* The command `explain [EVENT]` of one that serves: what an event of its log means and
   what to do about it; of all of them where none is named. */
int program_explain(const struct invocation *in, struct arena *arena);

/* For one that serves, before it has threads: SIGTERM and SIGINT are blocked and
   come by this signalfd (non-blocking, for the caller to close), and a log that
   nobody reads ends nothing. Or a negative errno. */
int program_signals(void);

#endif
