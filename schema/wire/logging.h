/* Where a program's log goes: to journald, with a field for each value, where stderr
   is its stream (systemd.exec(5), $JOURNAL_STREAM); else a line on stderr.

   Bounded, whatever is sent to the program: of one event a hundred lines at once, and
   from then on one in two seconds; what was left out is counted, and the next line of
   that event says how many, or log_left_out at the end. A line has at most 4 KiB.
   From any thread. A log that can't be written stops nothing; a pipe that is full and is not
   read holds up who writes.                                                           */
#ifndef SCHEMA_WIRE_LOGGING_H
#define SCHEMA_WIRE_LOGGING_H

#include "schema/log_line.h"

void log_write(struct log_line *line);

/* Before the program ends: a line for each event of which some were left out. */
void log_left_out(void);

#endif
