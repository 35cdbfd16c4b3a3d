/* Parts of a program's manual pages, in mdoc(7), from the tables that --help is
   printed from:

       maat-broker --manual commands          each, with its options and an example
       maat-broker --manual events            what its log may say, and what to do
       maat-broker --manual metrics           what Prometheus is told
       maat-broker --manual exit-status
       maat-broker --manual settings run      options as lines of a configuration file
       maat-broker --manual completion        not mdoc: commands, what they take, options; the
                                              last line's, "*", are those of every command

   `make` puts them into pages that a person wrote (broker/maat-broker.8), and a shell
   asks for the last (agents/cli/maat.bash), so that these and the program can't differ. */
#ifndef SCHEMA_WIRE_MANUAL_H
#define SCHEMA_WIRE_MANUAL_H

#include "schema/commands.h"

/* What follows `--manual`, on stdout: EXIT_DONE, or EXIT_USAGE where there is no such
   part. */
int manual_print(const struct program *p, int argc, char **argv);

#endif
