/* The rows of the template: an open part each. First whose it is; then what stands there
   now, under headings in brackets, which are for reading; then an empty cell for each field
   of a progress that an agency may say. */
#ifndef AGENTS_AGENCY_COMMANDS_TEMPLATE_ROWS_H
#define AGENTS_AGENCY_COMMANDS_TEMPLATE_ROWS_H

#include "agents/files/csv_rows.h"
#include "schema/messages.h"

void template_headings(struct csv_rows *out);

/* Of part `i` of the action. */
void template_row(struct csv_rows *out, const struct shown *shown, uint32_t i);

#endif
