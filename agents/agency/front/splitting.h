/* The spool of an agency with several boards: each file is split into one for each board
   that its rows are for, which that board's agent takes from its own spool:

       SPOOL/NAME                    waits
       SPOOL/taking/TIME-NAME        is being split
       SPOOL/taken/TIME-NAME         was; kept for some days
       SPOOL/BOARD/NAME              its rows for that board, on the lines that they were on;
                                     of CSV, NAME.jsonl. Beside it that board's results
       SPOOL/NAME.refused            rows that are wrong, or name what no board has

   A file is split whole or not at all, whenever this process is killed: the parts come to
   their places after a mark beside the file says that all are written. A row that must
   wait (a board has not shown its plans) has the file wait, as does a board's agent that has not
   taken the last one of its name; only those of its name wait behind it.

       front_spool_open -> { poll the item -> front_spool_step } ... -> front_spool_close */
#ifndef AGENTS_AGENCY_FRONT_SPLITTING_H
#define AGENTS_AGENCY_FRONT_SPLITTING_H

#include "agents/agency/front/boards.h"
#include "schema/why.h"

struct front_spool;

/* Makes the folders that are not there. 0, or -errno with a sentence in `why`. */
int front_spool_open(struct front_spool **out, const struct agent_option *o,
                     struct front_boards *boards, struct why *why);
void front_spool_close(struct front_spool **s);

struct pollfd front_spool_item(const struct front_spool *s);

/* Some rows. True if more can be split at once. `wall` is the time of day. */
bool front_spool_step(struct front_spool *s, int64_t now, int64_t wall);

/* Removes from taken/ what is older than was asked. */
void front_spool_prune(struct front_spool *s, int64_t wall);

#endif
