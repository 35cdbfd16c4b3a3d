/* How a printed plan was understood, said to a person row by row, and what is odd at
   the end; or as JSON. */
#ifndef AGENTS_CLI_IMPORT_SHOW_H
#define AGENTS_CLI_IMPORT_SHOW_H

#include "agents/cli/import/import.h"

void import_show(const struct import *im);

#endif
