/* `maat-agent doctor`: whether all is as it should be between an agency's systems and the
   board, and what to do where it is not. The agent may run or not; nothing is changed. */
#ifndef AGENTS_AGENCY_COMMANDS_DOCTOR_H
#define AGENTS_AGENCY_COMMANDS_DOCTOR_H

#include "schema/commands.h"

/* A line on stdout for each thing, of each board. EXIT_DONE if all are ok, EXIT_REFUSED where one
 * is not. */
int agent_doctor(const struct invocation *in, struct arena *arena);

#endif
