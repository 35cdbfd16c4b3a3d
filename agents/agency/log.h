/* The agent's log, on stderr (schema/log_line.h). */
#ifndef AGENTS_AGENCY_LOG_H
#define AGENTS_AGENCY_LOG_H

#include "schema/log_line.h"

void agent_log(struct log_line *line);

#endif
