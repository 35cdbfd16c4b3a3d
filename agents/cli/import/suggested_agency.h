/* The command that would add an agency which a plan prints and the board does
   not have yet. */
#ifndef AGENTS_CLI_IMPORT_SUGGESTED_AGENCY_H
#define AGENTS_CLI_IMPORT_SUGGESTED_AGENCY_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/record.h"

/* For a person to look at, and to run if it is right:

       maat agency add womens-aid --name "Women's Aid" --sector voluntary

   It says SECTOR where the name does not tell the sector, and ID where it gives
   no id. False if the name is too long for an agency's, or the command for
   `buf`. */
bool suggested_agency_command(char *buf, size_t cap, struct text name);

#endif
