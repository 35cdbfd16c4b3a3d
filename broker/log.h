/* The broker's log, on stderr (schema/log_line.h). */
#ifndef BROKER_LOG_H
#define BROKER_LOG_H

#include "schema/log_line.h"

void log_write(struct log_line *line);

#endif
