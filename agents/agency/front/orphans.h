/* Folders of the spool in which rows wait for a board that the configuration does not name any
   more: nobody takes them, and a person is told. */
#ifndef AGENTS_AGENCY_FRONT_ORPHANS_H
#define AGENTS_AGENCY_FRONT_ORPHANS_H

#include "agents/agency/front/boards.h"
#include "agents/agency/spool/folder.h"

/* Tells of each. What was being written there when the process ended is removed, as
   parts.h has it: else it would count once the board is named again. */
void front_orphans_tell(const struct spool_folder *spool, const struct front_boards *boards);

#endif
